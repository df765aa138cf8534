/** IFLA_INFO_DATA of kinds that sit on other devices or on a process: vlan, macvlan, ipvlan, bond, vrf, tun, netkit. */
import { be16, flag, u16, u32, u8, type Attributes, type Bytes } from './bytes.ts'
import type { BondData, LowerData, NetkitData, TunData, VlanData, VrfData } from './kind-data.ts'
import { flagNames } from './names.ts'

const IFLA_VLAN_ID = 1
const IFLA_VLAN_PROTOCOL = 5
const ETH_P_8021Q = 0x8100
const ETH_P_8021AD = 0x88a8

export function vlan(bytes: Bytes, data: Attributes): VlanData {
  const protocol = be16(bytes, data, IFLA_VLAN_PROTOCOL) ?? ETH_P_8021Q
  return { id: u16(bytes, data, IFLA_VLAN_ID) ?? 0, protocol: vlanProtocol(protocol) }
}

function vlanProtocol(value: number): string {
  if (value === ETH_P_8021Q) return '802.1Q'
  return value === ETH_P_8021AD ? '802.1ad' : `[${value}]`
}

const IFLA_MACVLAN_MODE = 1
const IFLA_MACVLAN_FLAGS = 2
const macvlanModes: Readonly<Record<number, string>> = {
  1: 'private',
  2: 'vepa',
  4: 'bridge',
  8: 'passthru',
  16: 'source',
}
const macvlanFlags = flagNames([
  [1, 'nopromisc'],
  [2, 'nodst'],
])

export function macvlan(bytes: Bytes, data: Attributes): LowerData {
  const mode = u32(bytes, data, IFLA_MACVLAN_MODE) ?? 0
  return {
    mode: macvlanModes[mode] ?? `${mode}`,
    flags: macvlanFlags(u16(bytes, data, IFLA_MACVLAN_FLAGS) ?? 0),
  }
}

const IFLA_IPVLAN_MODE = 1
const IFLA_IPVLAN_FLAGS = 2
const ipvlanModes = ['l2', 'l3', 'l3s']
/** Without a flag it is what iproute2 calls `bridge`. */
const ipvlanFlags = flagNames([
  [1, 'private'],
  [2, 'vepa'],
])

export function ipvlan(bytes: Bytes, data: Attributes): LowerData {
  const mode = u16(bytes, data, IFLA_IPVLAN_MODE) ?? 0
  return {
    mode: ipvlanModes[mode] ?? `${mode}`,
    flags: ipvlanFlags(u16(bytes, data, IFLA_IPVLAN_FLAGS) ?? 0),
  }
}

const IFLA_BOND_MODE = 1
const IFLA_BOND_ACTIVE_SLAVE = 2
const IFLA_BOND_MIIMON = 3
/** BOND_MODE_* (linux/if_bonding.h). */
const bondModes = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
]

export function bond(bytes: Bytes, data: Attributes): BondData {
  const mode = u8(bytes, data, IFLA_BOND_MODE) ?? 0
  return {
    mode: bondModes[mode] ?? `${mode}`,
    activeSlave: u32(bytes, data, IFLA_BOND_ACTIVE_SLAVE),
    miimon: u32(bytes, data, IFLA_BOND_MIIMON),
  }
}

const IFLA_VRF_TABLE = 1

export function vrf(bytes: Bytes, data: Attributes): VrfData {
  return { table: u32(bytes, data, IFLA_VRF_TABLE) ?? 0 }
}

const IFLA_TUN_OWNER = 1
const IFLA_TUN_GROUP = 2
const IFLA_TUN_TYPE = 3
const IFLA_TUN_PERSIST = 6
const IFLA_TUN_MULTI_QUEUE = 7
/** IFF_TUN and IFF_TAP (linux/if_tun.h). */
const tunTypes: Readonly<Record<number, string>> = { 1: 'tun', 2: 'tap' }

export function tun(bytes: Bytes, data: Attributes): TunData {
  const type = u8(bytes, data, IFLA_TUN_TYPE) ?? 0
  return {
    type: tunTypes[type] ?? `${type}`,
    owner: u32(bytes, data, IFLA_TUN_OWNER),
    group: u32(bytes, data, IFLA_TUN_GROUP),
    persist: flag(bytes, data, IFLA_TUN_PERSIST),
    multiQueue: flag(bytes, data, IFLA_TUN_MULTI_QUEUE),
  }
}

// linux/if_link.h since 6.7.
const IFLA_NETKIT_PRIMARY = 2
const IFLA_NETKIT_POLICY = 3
const IFLA_NETKIT_PEER_POLICY = 4
const IFLA_NETKIT_MODE = 5
const netkitModes = ['l2', 'l3']
/** NETKIT_PASS 0, NETKIT_DROP 2, in iproute2's words. */
const netkitPolicies: Readonly<Record<number, string>> = { 0: 'forward', 2: 'blackhole' }

export function netkit(bytes: Bytes, data: Attributes): NetkitData {
  const mode = u32(bytes, data, IFLA_NETKIT_MODE) ?? 0
  const policy = u32(bytes, data, IFLA_NETKIT_POLICY) ?? 0
  const peerPolicy = u32(bytes, data, IFLA_NETKIT_PEER_POLICY) ?? 0
  return {
    mode: netkitModes[mode] ?? `${mode}`,
    primary: flag(bytes, data, IFLA_NETKIT_PRIMARY),
    policy: netkitPolicies[policy] ?? `${policy}`,
    peerPolicy: netkitPolicies[peerPolicy] ?? `${peerPolicy}`,
  }
}
