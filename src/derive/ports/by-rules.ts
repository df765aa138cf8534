/** Ports that rules send to another address. */
import type { Pieces } from '../../lib/in-pieces.ts'
import type { Netns } from '../../model/netns.ts'
import { everyAddress, type Publication } from '../../model/published-port.ts'
import type { RuleRef } from '../../model/rule-ref.ts'
import { stepwise } from '../stepwise.ts'
import { translationsOf, translationSteps, type Translation } from './translations.ts'

export function* publishedByRules(netns: Netns): Pieces<readonly Publication[]> {
  if (netns.firewall === null) return []
  const { all } = yield* translationSteps(netns.firewall)
  const fromOutside = new Set(all.filter(({ hook }) => hook === 'prerouting').map(sayOf))
  // The same for what the host itself sends is no second port.
  const once = all.filter((each) => each.hook === 'prerouting' || !fromOutside.has(sayOf(each)))
  return yield* stepwise(once, (translation): readonly Publication[] => {
    const { kind, address, from, to, toAddress, toPort, protocol } = translation
    // An engine's DNS server within a container: 127.0.0.11:53 to a port of the same namespace.
    if (kind !== 'dnat' || toAddress === null || /^(?:127\.|::1$)/.test(toAddress)) return []
    const family = toAddress.includes(':') ? 'ip6' : 'ip'
    return [
      {
        netns: netns.id,
        hostIp: address ?? everyAddress[family],
        hostPort: from,
        lastPort: to,
        protocol,
        family,
        via: 'dnat',
        rule: ruleRef(netns, translation),
        process: null,
        to: { address: toAddress, port: toPort ?? from },
      },
    ]
  })
}

function sayOf({ kind, table, protocol, address, from, to, toAddress, toPort }: Translation): string {
  return [kind, table.family, protocol, address, from, to, toAddress, toPort].join(' ')
}

export function ruleRef(
  { id }: Netns,
  { table, chain, rule }: Pick<Translation, 'table' | 'chain' | 'rule'>,
): RuleRef {
  return {
    netns: id,
    backend: table.backend,
    family: table.family,
    table: table.name,
    chain: chain.name,
    number: rule.number,
  }
}

/** The port that a namespace's own rules make of it: a Swarm task sees 8080 arrive and its sandbox turns it into 80. */
export function redirectedPort(netns: Netns | undefined, protocol: string, port: number): number {
  if (netns === undefined || netns.firewall === null) return port
  const redirect = translationsOf(netns.firewall).all.find(
    (each) =>
      each.kind === 'redirect' &&
      each.hook === 'prerouting' &&
      each.protocol === protocol &&
      each.from <= port &&
      port <= each.to,
  )
  return redirect?.toPort ?? port
}
