/** Docker's bridge networks as far as its rules follow from them, by their ids. */
import { dockerOptions } from '../../model/docker-options.ts'
import { formatPrefix, normalIp, parsePrefix } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { EngineNetwork } from '../../model/engine.ts'
import { unknown, type Known } from '../../model/known.ts'
import type { RuleFamily } from './engine-rules.ts'

/** Of one family. */
type PerFamily<T> = Readonly<Record<RuleFamily, T>>

export type BridgeNetwork = {
  readonly id: string
  readonly name: string
  readonly bridge: string
  /** null: none of that family. */
  readonly subnet: PerFamily<string | null>
  readonly internal: boolean
  readonly icc: boolean
  readonly masquerade: boolean
  /** Gateway mode nat-unprotected: every port is reachable from outside, by the container's own address. */
  readonly unprotected: PerFamily<boolean>
  /** The address that what leaves is to have instead of its link's. */
  readonly hostIp: PerFamily<string | null>
  /** Links from which containers may be reached directly. */
  readonly trusted: readonly string[]
}

export function bridgeNetworks(networks: readonly EngineNetwork[]): Known<readonly BridgeNetwork[]> {
  const bridges = networks.filter(({ driver, made }) => driver === 'bridge' && made?.configOnly !== true)
  const routed = bridges.find(({ options }) => modes(options).includes('routed'))
  if (routed !== undefined)
    return unknown(
      `network ${sanitise(routed.name)} is routed, and which ports of its containers are open Docker does not report`,
    )
  const odd = bridges.find(({ bridge }) => bridge === null || !linkName.test(bridge))
  if (odd !== undefined) return unknown(`the bridge of network ${sanitise(odd.name)} is not known`)
  return bridges.map(bridgeNetwork).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** What may stand in a line of iptables-restore as it is. */
const linkName = /^[\w.:@-]{1,15}$/

function modes(options: EngineNetwork['options']): readonly string[] {
  return [dockerOptions.gatewayMode, dockerOptions.gatewayMode6].flatMap((name) => options[name] ?? [])
}

function bridgeNetwork({ id, name, bridge, subnets, options, internal, ipv6 }: EngineNetwork): BridgeNetwork {
  const prefixes = subnets.flatMap(({ subnet }) => parsePrefix(subnet) ?? [])
  const subnet = (family: 'inet' | 'inet6'): string | null => {
    const prefix = prefixes.find((each) => each.family === family)
    return prefix === undefined ? null : formatPrefix(prefix)
  }
  const isUnprotected = (mode: string): boolean => options[mode] === 'nat-unprotected'
  return {
    id,
    name,
    bridge: bridge ?? '',
    subnet: { ip: subnet('inet'), ip6: ipv6 ? subnet('inet6') : null },
    internal,
    icc: isOn(options[dockerOptions.icc]),
    masquerade: isOn(options[dockerOptions.masquerade]),
    unprotected: {
      ip: isUnprotected(dockerOptions.gatewayMode),
      ip6: isUnprotected(dockerOptions.gatewayMode6),
    },
    hostIp: {
      ip: normalIp(options[dockerOptions.hostIp] ?? ''),
      ip6: normalIp(options[dockerOptions.hostIp6] ?? ''),
    },
    trusted: (options[dockerOptions.trusted] ?? '').split(':').filter((link) => linkName.test(link)),
  }
}

/** On unless it says no, in one of the ways that Go's strconv.ParseBool takes. */
function isOn(value: string | undefined): boolean {
  return value === undefined || !/^(?:0|f|F|false|False|FALSE)$/.test(value)
}
