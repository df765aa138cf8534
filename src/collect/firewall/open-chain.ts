/** A chain while its rules are still being read. */
import type { Chain, Rule } from '../../model/ruleset.ts'

export type OpenChain = Omit<Chain, 'rules'> & { readonly rules: Rule[] }

/** As it is before anything but its name is known: of no hook, and without counters, which nft prints for none. */
export function openChain(name: string): OpenChain {
  return {
    name,
    handle: null,
    type: null,
    hook: null,
    priority: null,
    devices: [],
    policy: null,
    packets: null,
    bytes: null,
    rules: [],
  }
}
