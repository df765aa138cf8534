/** IFLA_LINKINFO: what a link is (IFLA_INFO_KIND) and what belongs to that kind (IFLA_INFO_DATA). */
import { unknown } from '../../../model/known.ts'
import {
  attributeEnd,
  attributes,
  attributeStep,
  attributeType,
  has,
  lengthOf,
  offsetOf,
  u32,
  walkNested,
  type Attributes,
  type Bytes,
} from './bytes.ts'
import { hex } from './format.ts'
import type { KindPart } from './kind-data.ts'
import { bond, ipvlan, macvlan, netkit, tun, vlan, vrf } from './parse-device.ts'
import { bridge } from './parse-bridge.ts'
import { geneve, greTunnel, ipTunnel, vtiTunnel, vxlan, IFLA_VXLAN_LINK } from './parse-tunnel.ts'

const IFLA_INFO_DATA = 2

/** One table for the data of all kinds; the largest is IFLA_BR_*. */
const data = attributes(50)

const notTold = unknown('the kernel did not tell')

/** The part of a Link that its kind decides. Kinds without a shape of their own keep their raw attributes. */
export function parseKind(
  bytes: Bytes,
  linkInfo: Attributes,
  kindName: string | null,
  loopback: boolean,
): KindPart {
  walkNested(bytes, linkInfo, IFLA_INFO_DATA, data)
  const told = has(linkInfo, IFLA_INFO_DATA)
  switch (kindName) {
    case null:
      return { kind: loopback ? 'loopback' : 'device' }
    case 'veth':
    case 'dummy':
    case 'ifb':
      return { kind: kindName }
    case 'bridge':
      return { kind: kindName, bridge: told ? bridge(bytes, data) : notTold }
    case 'vlan':
      return { kind: kindName, vlan: told ? vlan(bytes, data) : notTold }
    case 'vxlan':
      return { kind: kindName, vxlan: told ? vxlan(bytes, data) : notTold }
    case 'macvlan':
    case 'macvtap':
      return { kind: kindName, macvlan: told ? macvlan(bytes, data) : notTold }
    case 'ipvlan':
    case 'ipvtap':
      return { kind: kindName, ipvlan: told ? ipvlan(bytes, data) : notTold }
    case 'bond':
      return { kind: kindName, bond: told ? bond(bytes, data) : notTold }
    case 'vrf':
      return { kind: kindName, vrf: told ? vrf(bytes, data) : notTold }
    case 'tun':
      return { kind: kindName, tun: told ? tun(bytes, data) : notTold }
    case 'geneve':
      return { kind: kindName, geneve: told ? geneve(bytes, data) : notTold }
    case 'netkit':
      return { kind: kindName, netkit: told ? netkit(bytes, data) : notTold }
    case 'wireguard':
      // rtnetlink says nothing about it; the rest comes over generic netlink (read-wireguard.ts).
      return { kind: kindName, wireguard: unknown('not asked') }
    case 'gre':
    case 'gretap':
    case 'ip6gre':
    case 'ip6gretap':
    case 'erspan':
    case 'ip6erspan':
      return { kind: kindName, tunnel: told ? greTunnel(bytes, data) : notTold }
    case 'ipip':
    case 'sit':
    case 'ip6tnl':
      return { kind: kindName, tunnel: told ? ipTunnel(bytes, data) : notTold }
    case 'vti':
    case 'vti6':
      return { kind: kindName, tunnel: told ? vtiTunnel(bytes, data) : notTold }
    default:
      return { kind: 'other', kindName, raw: rawData(bytes, linkInfo) }
  }
}

/** IFLA_VXLAN_LINK: a vxlan names its lower device among its own data, not in IFLA_LINK. */
export function vxlanLower(bytes: Bytes, linkInfo: Attributes): number | null {
  walkNested(bytes, linkInfo, IFLA_INFO_DATA, data)
  return u32(bytes, data, IFLA_VXLAN_LINK)
}

function rawData(bytes: Bytes, linkInfo: Attributes): Readonly<Record<string, string>> {
  const raw: Record<string, string> = {}
  const start = offsetOf(linkInfo, IFLA_INFO_DATA)
  const end = start === 0 ? 0 : start + lengthOf(linkInfo, IFLA_INFO_DATA)
  for (let at = start; at < end;) {
    const step = attributeStep(bytes, at, end)
    if (step === 0) break
    raw[attributeType(bytes, at)] = hex(bytes, at + 4, attributeEnd(bytes, at) - at - 4)
    at += step
  }
  return raw
}
