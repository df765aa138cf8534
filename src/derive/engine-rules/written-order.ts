/**
 * In which order an engine took up its networks, as far as the rules that are left tell. Docker goes through them in an order of
 * chance each time it starts (Go's maps), so nothing else does.
 */
import type { NfTable } from '../../model/ruleset.ts'
import type { BridgeNetwork } from './bridge-networks.ts'

/** Chains that hold rules of each network; `head`: each network's rules were put above those before it. */
const telling = [
  { table: 'filter', chain: 'DOCKER-ISOLATION-STAGE-1', put: 'head' },
  { table: 'filter', chain: 'DOCKER-FORWARD', put: 'end' },
  { table: 'filter', chain: 'FORWARD', put: 'head' },
  { table: 'filter', chain: 'DOCKER-ISOLATION-STAGE-2', put: 'head' },
  { table: 'filter', chain: 'DOCKER-BRIDGE', put: 'end' },
  { table: 'nat', chain: 'POSTROUTING', put: 'head' },
  { table: 'nat', chain: 'DOCKER', put: 'head' },
] as const

/** The chain that tells of the most decides; those of which nothing is left keep their order and come first. */
export function inWrittenOrder(
  networks: readonly BridgeNetwork[],
  tables: readonly NfTable[],
): readonly BridgeNetwork[] {
  const bridges = new Set(networks.map(({ bridge }) => bridge))
  let best: readonly string[] = []
  for (const { table, chain, put } of telling) {
    for (const family of ['ip', 'ip6']) {
      const found = tables.find(
        (each) => each.backend !== 'nft' && each.family === family && each.name === table,
      )
      const rules = found?.chains.find(({ name }) => name === chain)?.rules ?? []
      const seen = new Set(rules.flatMap(({ text }) => bridgesIn(text).filter((name) => bridges.has(name))))
      const order = put === 'head' ? [...seen].toReversed() : [...seen]
      if (order.length > best.length) best = order
    }
  }
  const at = new Map(best.map((bridge, index) => [bridge, index]))
  return networks.toSorted((a, b) => (at.get(a.bridge) ?? -1) - (at.get(b.bridge) ?? -1))
}

function bridgesIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/(?:^| )-[io] (\S+)/g), ([, name = '']) => name)
}
