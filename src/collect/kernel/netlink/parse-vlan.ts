/** The VLANs of bridge ports: RTM_NEWLINK of AF_BRIDGE, asked with RTEXT_FILTER_BRVLAN (linux/if_bridge.h). */
import type { BridgePort } from '../../../model/link.ts'
import type { Unknown } from '../../../model/known.ts'
import {
  attributeEnd,
  attributes,
  attributeStep,
  attributeType,
  lengthOf,
  offsetOf,
  walk,
  type Bytes,
} from './bytes.ts'

const IFLA_AF_SPEC = 26
const IFLA_BRIDGE_VLAN_INFO = 2
const BRIDGE_VLAN_INFO_PVID = 2
const BRIDGE_VLAN_INFO_UNTAGGED = 4

/** struct ifinfomsg, as in parse-link.ts. */
const headerSize = 16
/** struct bridge_vlan_info: flags, vid. */
const infoSize = 4
const table = attributes(IFLA_AF_SPEC)

export type PortVlans = { readonly ifindex: number; readonly vlans: Exclude<BridgePort['vlans'], Unknown> }

export function parsePortVlans(bytes: Bytes, start: number, end: number): PortVlans | null {
  if (end - start < headerSize) {
    bytes.broken = true
    return null
  }
  walk(bytes, start + headerSize, end, table)
  return { ifindex: bytes.view.getInt32(start + 4, true), vlans: vlans(bytes) }
}

/** Each VLAN comes as an attribute of its own: ranges are only sent to who asks for them. */
function vlans(bytes: Bytes): PortVlans['vlans'] {
  const list: PortVlans['vlans'][number][] = []
  const start = offsetOf(table, IFLA_AF_SPEC)
  const end = start === 0 ? 0 : start + lengthOf(table, IFLA_AF_SPEC)
  for (let at = start; at < end;) {
    const step = attributeStep(bytes, at, end)
    if (step === 0) break
    if (attributeType(bytes, at) === IFLA_BRIDGE_VLAN_INFO) {
      if (attributeEnd(bytes, at) - at - 4 < infoSize) {
        bytes.broken = true
        break
      }
      const flags = bytes.view.getUint16(at + 4, true)
      list.push({
        vid: bytes.view.getUint16(at + 6, true),
        pvid: (flags & BRIDGE_VLAN_INFO_PVID) !== 0,
        untagged: (flags & BRIDGE_VLAN_INFO_UNTAGGED) !== 0,
      })
    }
    at += step
  }
  return list
}
