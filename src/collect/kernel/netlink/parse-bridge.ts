/** IFLA_INFO_DATA of a bridge (IFLA_BR_*, linux/if_link.h). */
import type { BridgeData } from './kind-data.ts'
import { flag, payload, u16, u32, type Attributes, type Bytes } from './bytes.ts'
import { hex } from './format.ts'

const IFLA_BR_FORWARD_DELAY = 1
const IFLA_BR_AGEING_TIME = 4
const IFLA_BR_STP_STATE = 5
const IFLA_BR_VLAN_FILTERING = 7
const IFLA_BR_ROOT_ID = 10
const IFLA_BR_BRIDGE_ID = 11
const IFLA_BR_MCAST_SNOOPING = 23
const IFLA_BR_NF_CALL_IPTABLES = 36
const IFLA_BR_NF_CALL_IP6TABLES = 37
const IFLA_BR_NF_CALL_ARPTABLES = 38
const IFLA_BR_VLAN_DEFAULT_PVID = 39

export function bridge(bytes: Bytes, data: Attributes): BridgeData {
  return {
    id: bridgeId(bytes, data, IFLA_BR_BRIDGE_ID),
    rootId: bridgeId(bytes, data, IFLA_BR_ROOT_ID),
    // 1 kernel, 2 user space: both mean that it is on.
    stp: (u32(bytes, data, IFLA_BR_STP_STATE) ?? 0) !== 0,
    forwardDelay: u32(bytes, data, IFLA_BR_FORWARD_DELAY) ?? 0,
    ageing: u32(bytes, data, IFLA_BR_AGEING_TIME) ?? 0,
    vlanFiltering: flag(bytes, data, IFLA_BR_VLAN_FILTERING),
    // Absent in kernels built without VLAN filtering.
    defaultPvid: u16(bytes, data, IFLA_BR_VLAN_DEFAULT_PVID),
    mcastSnooping: flag(bytes, data, IFLA_BR_MCAST_SNOOPING),
    nfCallIptables: flag(bytes, data, IFLA_BR_NF_CALL_IPTABLES),
    nfCallIp6tables: flag(bytes, data, IFLA_BR_NF_CALL_IP6TABLES),
    nfCallArptables: flag(bytes, data, IFLA_BR_NF_CALL_ARPTABLES),
  }
}

/** struct ifla_bridge_id: two bytes of priority, six of address → `8000.0242d78d0d3b`. */
function bridgeId(bytes: Bytes, data: Attributes, type: number): string {
  const at = payload(bytes, data, type, 8)
  return at === 0 ? '' : `${hex(bytes, at, 2)}.${hex(bytes, at + 2, 6)}`
}
