/** IFLA_INFO_DATA of links that wrap packets: vxlan, geneve, and the GRE, IP-in-IP and VTI families. */
import { be16, be32, flag, has, lengthOf, offsetOf, u32, u8, type Attributes, type Bytes } from './bytes.ts'
import { address, isZero } from './format.ts'
import type { GeneveData, TunnelData, VxlanData } from './kind-data.ts'

const IFLA_VXLAN_ID = 1
const IFLA_VXLAN_GROUP = 2
export const IFLA_VXLAN_LINK = 3
const IFLA_VXLAN_LOCAL = 4
const IFLA_VXLAN_TTL = 5
const IFLA_VXLAN_LEARNING = 7
const IFLA_VXLAN_AGEING = 8
const IFLA_VXLAN_PROXY = 11
const IFLA_VXLAN_L2MISS = 13
const IFLA_VXLAN_L3MISS = 14
const IFLA_VXLAN_PORT = 15
const IFLA_VXLAN_GROUP6 = 16
const IFLA_VXLAN_LOCAL6 = 17
const IFLA_VXLAN_UDP_CSUM = 18
const IFLA_VXLAN_COLLECT_METADATA = 25

export function vxlan(bytes: Bytes, data: Attributes): VxlanData {
  const multicast = isMulticast(bytes, data, IFLA_VXLAN_GROUP) || isMulticast(bytes, data, IFLA_VXLAN_GROUP6)
  const far = endpoint(bytes, data, IFLA_VXLAN_GROUP) ?? endpoint(bytes, data, IFLA_VXLAN_GROUP6)
  return {
    vni: u32(bytes, data, IFLA_VXLAN_ID) ?? 0,
    group: multicast ? far : null,
    remote: multicast ? null : far,
    local: endpoint(bytes, data, IFLA_VXLAN_LOCAL) ?? endpoint(bytes, data, IFLA_VXLAN_LOCAL6),
    dstport: be16(bytes, data, IFLA_VXLAN_PORT) ?? 0,
    learning: flag(bytes, data, IFLA_VXLAN_LEARNING),
    proxy: flag(bytes, data, IFLA_VXLAN_PROXY),
    l2miss: flag(bytes, data, IFLA_VXLAN_L2MISS),
    l3miss: flag(bytes, data, IFLA_VXLAN_L3MISS),
    ttl: u8(bytes, data, IFLA_VXLAN_TTL) ?? 0,
    ageing: u32(bytes, data, IFLA_VXLAN_AGEING) ?? 0,
    external: flag(bytes, data, IFLA_VXLAN_COLLECT_METADATA),
    udpCsum: has(data, IFLA_VXLAN_UDP_CSUM) ? flag(bytes, data, IFLA_VXLAN_UDP_CSUM) : null,
  }
}

const IFLA_GENEVE_ID = 1
const IFLA_GENEVE_REMOTE = 2
const IFLA_GENEVE_TTL = 3
const IFLA_GENEVE_PORT = 5
const IFLA_GENEVE_COLLECT_METADATA = 6
const IFLA_GENEVE_REMOTE6 = 7

export function geneve(bytes: Bytes, data: Attributes): GeneveData {
  return {
    vni: u32(bytes, data, IFLA_GENEVE_ID),
    remote: endpoint(bytes, data, IFLA_GENEVE_REMOTE) ?? endpoint(bytes, data, IFLA_GENEVE_REMOTE6),
    dstport: be16(bytes, data, IFLA_GENEVE_PORT) ?? 0,
    ttl: u8(bytes, data, IFLA_GENEVE_TTL) ?? 0,
    // A flag without a value.
    external: has(data, IFLA_GENEVE_COLLECT_METADATA),
  }
}

// linux/if_tunnel.h
const IFLA_GRE_IFLAGS = 2
const IFLA_GRE_OFLAGS = 3
const IFLA_GRE_IKEY = 4
const IFLA_GRE_OKEY = 5
const IFLA_GRE_LOCAL = 6
const IFLA_GRE_REMOTE = 7
const IFLA_GRE_TTL = 8
const IFLA_GRE_COLLECT_METADATA = 18
/** Says that a key is used at all: key 0 is a key. */
const GRE_KEY = 0x2000

export function greTunnel(bytes: Bytes, data: Attributes): TunnelData {
  const inputKeyed = ((be16(bytes, data, IFLA_GRE_IFLAGS) ?? 0) & GRE_KEY) !== 0
  const outputKeyed = ((be16(bytes, data, IFLA_GRE_OFLAGS) ?? 0) & GRE_KEY) !== 0
  return {
    local: endpoint(bytes, data, IFLA_GRE_LOCAL),
    remote: endpoint(bytes, data, IFLA_GRE_REMOTE),
    inputKey: inputKeyed ? be32(bytes, data, IFLA_GRE_IKEY) : null,
    outputKey: outputKeyed ? be32(bytes, data, IFLA_GRE_OKEY) : null,
    ttl: u8(bytes, data, IFLA_GRE_TTL),
    external: has(data, IFLA_GRE_COLLECT_METADATA),
  }
}

const IFLA_IPTUN_LOCAL = 2
const IFLA_IPTUN_REMOTE = 3
const IFLA_IPTUN_TTL = 4
const IFLA_IPTUN_COLLECT_METADATA = 19

export function ipTunnel(bytes: Bytes, data: Attributes): TunnelData {
  return {
    local: endpoint(bytes, data, IFLA_IPTUN_LOCAL),
    remote: endpoint(bytes, data, IFLA_IPTUN_REMOTE),
    inputKey: null,
    outputKey: null,
    ttl: u8(bytes, data, IFLA_IPTUN_TTL),
    external: has(data, IFLA_IPTUN_COLLECT_METADATA),
  }
}

const IFLA_VTI_IKEY = 2
const IFLA_VTI_OKEY = 3
const IFLA_VTI_LOCAL = 4
const IFLA_VTI_REMOTE = 5

export function vtiTunnel(bytes: Bytes, data: Attributes): TunnelData {
  return {
    local: endpoint(bytes, data, IFLA_VTI_LOCAL),
    remote: endpoint(bytes, data, IFLA_VTI_REMOTE),
    inputKey: be32(bytes, data, IFLA_VTI_IKEY),
    outputKey: be32(bytes, data, IFLA_VTI_OKEY),
    ttl: null,
    external: false,
  }
}

/** An outer address; null where there is none or any will do (0.0.0.0, ::). */
function endpoint(bytes: Bytes, data: Attributes, type: number): string | null {
  const at = offsetOf(data, type)
  const length = lengthOf(data, type)
  return at === 0 || isZero(bytes, at, length) ? null : address(bytes, at, length)
}

function isMulticast(bytes: Bytes, data: Attributes, type: number): boolean {
  const at = offsetOf(data, type)
  if (at === 0 || lengthOf(data, type) === 0) return false
  const first = bytes.view.getUint8(at)
  return lengthOf(data, type) === 4 ? first >= 224 && first < 240 : first === 0xff
}
