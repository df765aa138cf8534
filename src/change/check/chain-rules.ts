/** Rules of a chain of iptables, as iptables-save writes them, held against a namespace. */
import { isUnknown, type Known } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Fact } from '../../model/plan.ts'
import { tableIn } from './rules-like.ts'

type ChainRules = Extract<Fact, { readonly kind: 'chain-rules' }>

/** Whether the fact is true there. One rule of several that is there makes `none of them` untrue, too. */
export function checkChainRules(
  { backend, family, table, chain, lines, there }: ChainRules,
  netns: Netns,
): Known<boolean> {
  const found = tableIn(netns, backend, family, table)
  if (isUnknown(found)) return found
  const has = found?.chains.find(({ name }) => name === chain)
  if (lines.length === 0) return (has !== undefined) === there
  const texts = new Set(has?.rules.map(({ text }) => text))
  return lines.every((line) => texts.has(line) === there)
}
