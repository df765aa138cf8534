/** A chain while its rules are still being read. */
import { emptyChain } from '../../model/empty-chain.ts'
import type { Chain, Rule } from '../../model/ruleset.ts'

export type OpenChain = Omit<Chain, 'rules'> & { readonly rules: Rule[] }

export function openChain(name: string): OpenChain {
  return { ...emptyChain(name), rules: [] }
}
