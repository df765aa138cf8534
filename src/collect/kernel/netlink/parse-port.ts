/** IFLA_INFO_SLAVE_DATA of a bridge port (IFLA_BRPORT_*, linux/if_link.h). */
import { unknown } from '../../../model/known.ts'
import type { BridgePort } from '../../../model/link.ts'
import { attributes, flag, u16, u32, u8, walkNested, type Attributes, type Bytes } from './bytes.ts'
import { portStateName } from './names.ts'

const IFLA_BRPORT_STATE = 1
const IFLA_BRPORT_PRIORITY = 2
const IFLA_BRPORT_COST = 3
const IFLA_BRPORT_MODE = 4
const IFLA_BRPORT_GUARD = 5
const IFLA_BRPORT_LEARNING = 8
const IFLA_BRPORT_UNICAST_FLOOD = 9
const IFLA_BRPORT_PROXYARP = 10
const IFLA_BRPORT_MCAST_FLOOD = 27
const IFLA_BRPORT_NEIGH_SUPPRESS = 32
const IFLA_BRPORT_ISOLATED = 33
const IFLA_BRPORT_LOCKED = 39

const table = attributes(IFLA_BRPORT_LOCKED)

/** A link dump does not carry the VLANs of a port; they come from a dump of their own (parse-vlan.ts). */
const notAsked = unknown('not asked')

export function parsePort(bytes: Bytes, linkInfo: Attributes, slaveData: number): BridgePort {
  walkNested(bytes, linkInfo, slaveData, table)
  return {
    state: portStateName(u8(bytes, table, IFLA_BRPORT_STATE) ?? 0),
    priority: u16(bytes, table, IFLA_BRPORT_PRIORITY) ?? 0,
    cost: u32(bytes, table, IFLA_BRPORT_COST) ?? 0,
    hairpin: flag(bytes, table, IFLA_BRPORT_MODE),
    guard: flag(bytes, table, IFLA_BRPORT_GUARD),
    // Kernels from before an option behaved as if it was on (flooding) or off (the rest).
    learning: flag(bytes, table, IFLA_BRPORT_LEARNING, true),
    flood: flag(bytes, table, IFLA_BRPORT_UNICAST_FLOOD, true),
    mcastFlood: flag(bytes, table, IFLA_BRPORT_MCAST_FLOOD, true),
    neighSuppress: flag(bytes, table, IFLA_BRPORT_NEIGH_SUPPRESS),
    proxyArp: flag(bytes, table, IFLA_BRPORT_PROXYARP),
    isolated: flag(bytes, table, IFLA_BRPORT_ISOLATED),
    locked: flag(bytes, table, IFLA_BRPORT_LOCKED),
    vlans: notAsked,
  }
}
