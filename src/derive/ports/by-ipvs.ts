/**
 * Ports that IPVS (ip_vs) shares out. Swarm's way: the host's rules send the port into ingress_sbox, whose mangle
 * rules mark it, and the mark is the virtual service.
 */
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { IpvsService } from '../../model/ruleset.ts'
import { withoutHostPrefix } from '../rules/rule-context.ts'
import { ruleRef } from './by-rules.ts'
import { everyAddress, type Publication } from '../../model/published-port.ts'
import type { RuleRef } from '../../model/rule-ref.ts'

type Entrance = Pick<Publication, 'netns' | 'hostIp' | 'hostPort' | 'protocol' | 'rule'>

/** `used`: those of `byRules` that only led here. `intoHere`: the DNATs whose target is this namespace. */
export function publishedByIpvs(
  netns: Netns,
  intoHere: readonly Publication[],
): { readonly found: readonly Publication[]; readonly used: readonly Publication[] } {
  const services = netns.firewall === null || isUnknown(netns.firewall.ipvs) ? [] : netns.firewall.ipvs
  const used = new Set<Publication>()
  const found = services.flatMap((service) =>
    entrances(netns, service).flatMap((own) => {
      const outer = intoHere.filter((each) => each.to.port === own.hostPort && each.protocol === own.protocol)
      for (const each of outer) used.add(each)
      const all: readonly Entrance[] = outer.length === 0 ? [own] : outer
      return all.flatMap((entrance) =>
        service.destinations.map((destination): Publication => {
          const family = destination.address.includes(':') ? 'ip6' : 'ip'
          const { hostIp, hostPort, protocol, rule } = entrance
          return {
            netns: entrance.netns,
            hostIp: hostIp === '' ? everyAddress[family] : hostIp,
            hostPort,
            lastPort: hostPort,
            protocol,
            family,
            via: 'ipvs',
            rule,
            process: null,
            // Port 0: what arrived is kept (ipvsadm(8)).
            to: {
              address: destination.address,
              port: destination.port === 0 ? own.hostPort : destination.port,
            },
          }
        }),
      )
    }),
  )
  return { found, used: [...used] }
}

/** The ports by which packets come to a virtual service. */
function entrances(netns: Netns, { address, port, protocol, fwmark }: IpvsService): readonly Entrance[] {
  if (fwmark !== null) return marking(netns, fwmark)
  if (port === null || port === 0) return []
  return [
    {
      netns: netns.id,
      hostIp: address ?? '',
      hostPort: port,
      protocol: (protocol ?? 'tcp').toLowerCase(),
      rule: null,
    },
  ]
}

/** Rules that give that mark to packets for a port. */
function marking(netns: Netns, mark: number): readonly Entrance[] {
  const found: Entrance[] = []
  for (const table of netns.firewall?.tables ?? []) {
    for (const chain of table.chains) {
      for (const rule of chain.rules) {
        const sets = rule.statements.some(
          (each) => each.kind === 'mark' && each.of === 'packet' && Number(each.value) === mark,
        )
        if (!sets) continue
        const ref: RuleRef = ruleRef(netns, { table, chain, rule })
        let [hostIp, protocols, ports]: [string, readonly string[], readonly string[]] = [
          '',
          ['tcp', 'udp'],
          [],
        ]
        for (const match of rule.matches) {
          if (match.kind === 'address' && match.side === 'destination' && !match.not)
            hostIp = withoutHostPrefix(match.values[0] ?? '')
          if (match.kind === 'protocol' && !match.not) protocols = match.values
          if (match.kind === 'port' && match.side === 'destination' && !match.not) ports = match.values
        }
        for (const port of ports.filter((each) => /^\d+$/.test(each)))
          for (const protocol of protocols)
            found.push({ netns: netns.id, hostIp, hostPort: Number(port), protocol, rule: ref })
      }
    }
  }
  return found
}
