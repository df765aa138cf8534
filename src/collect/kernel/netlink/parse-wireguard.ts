/**
 * WG_CMD_GET_DEVICE → what the model keeps of a WireGuard link (linux/wireguard.h). The kernel also sends the
 * private and the preshared keys; nothing here looks at them.
 */
import {
  attributeEnd,
  attributes,
  attributeStep,
  has,
  lengthOf,
  offsetOf,
  payload,
  u16,
  u32,
  u64At,
  u8,
  walk,
  type Attributes,
  type Bytes,
} from './bytes.ts'
import { address, AF_INET, AF_INET6, ipv4, ipv6, isZero } from './format.ts'
import type { WireguardData } from './kind-data.ts'

const WGDEVICE_A_PUBLIC_KEY = 4
const WGDEVICE_A_LISTEN_PORT = 6
const WGDEVICE_A_FWMARK = 7
const WGDEVICE_A_PEERS = 8
const WGPEER_A_PUBLIC_KEY = 1
const WGPEER_A_ENDPOINT = 4
const WGPEER_A_LAST_HANDSHAKE_TIME = 6
const WGPEER_A_RX_BYTES = 7
const WGPEER_A_TX_BYTES = 8
const WGPEER_A_ALLOWEDIPS = 9
const WGALLOWEDIP_A_IPADDR = 2
const WGALLOWEDIP_A_CIDR_MASK = 3

/** struct genlmsghdr: cmd, version, reserved. */
const headerSize = 4
const keySize = 32
const device = attributes(WGDEVICE_A_PEERS)
const peer = attributes(WGPEER_A_ALLOWEDIPS)
const allowedIp = attributes(WGALLOWEDIP_A_CIDR_MASK)

type Peer = WireguardData['peers'][number]

export function parseWireguard(bytes: Bytes, start: number, end: number): WireguardData | null {
  if (end - start < headerSize) {
    bytes.broken = true
    return null
  }
  walk(bytes, start + headerSize, end, device)
  return {
    listenPort: u16(bytes, device, WGDEVICE_A_LISTEN_PORT) ?? 0,
    fwmark: u32(bytes, device, WGDEVICE_A_FWMARK) ?? 0,
    publicKey: key(bytes, device, WGDEVICE_A_PUBLIC_KEY),
    peers: each(bytes, device, WGDEVICE_A_PEERS, peerAt),
  }
}

/**
 * A device with many peers comes in several messages: only the first has the device's own values, and a peer that
 * was cut begins the next message once more, with the rest of its allowed addresses.
 */
export function joinWireguard(parts: readonly WireguardData[]): WireguardData | null {
  const [first] = parts
  if (first === undefined) return null
  const peers: Peer[] = []
  for (const part of parts.flatMap((each) => each.peers)) {
    const last = peers.at(-1)
    if (last?.publicKey !== part.publicKey) peers.push(part)
    else peers[peers.length - 1] = { ...last, allowedIps: [...last.allowedIps, ...part.allowedIps] }
  }
  return { ...first, peers }
}

function each<T>(
  bytes: Bytes,
  of: Attributes,
  type: number,
  read: (bytes: Bytes, start: number, end: number) => T,
): readonly T[] {
  const list: T[] = []
  const start = offsetOf(of, type)
  const end = start === 0 ? 0 : start + lengthOf(of, type)
  for (let at = start; at < end;) {
    const step = attributeStep(bytes, at, end)
    if (step === 0) break
    list.push(read(bytes, at + 4, attributeEnd(bytes, at)))
    at += step
  }
  return list
}

function peerAt(bytes: Bytes, start: number, end: number): Peer {
  walk(bytes, start, end, peer)
  const handshake = payload(bytes, peer, WGPEER_A_LAST_HANDSHAKE_TIME, 8)
  const received = payload(bytes, peer, WGPEER_A_RX_BYTES, 8)
  const sent = payload(bytes, peer, WGPEER_A_TX_BYTES, 8)
  return {
    publicKey: key(bytes, peer, WGPEER_A_PUBLIC_KEY) ?? '',
    endpoint: endpoint(bytes),
    // tv_sec of struct __kernel_timespec.
    lastHandshake: handshake === 0 ? 0 : u64At(bytes, handshake),
    rxBytes: received === 0 ? 0 : u64At(bytes, received),
    txBytes: sent === 0 ? 0 : u64At(bytes, sent),
    allowedIps: each(bytes, peer, WGPEER_A_ALLOWEDIPS, allowedIpAt),
  }
}

function allowedIpAt(bytes: Bytes, start: number, end: number): string {
  walk(bytes, start, end, allowedIp)
  const at = offsetOf(allowedIp, WGALLOWEDIP_A_IPADDR)
  const length = lengthOf(allowedIp, WGALLOWEDIP_A_IPADDR)
  return `${at === 0 ? '' : address(bytes, at, length)}/${u8(bytes, allowedIp, WGALLOWEDIP_A_CIDR_MASK) ?? 0}`
}

/** In base64, as `wg` writes it; null where none is set (all zeros). */
function key(bytes: Bytes, of: Attributes, type: number): string | null {
  const at = payload(bytes, of, type, keySize)
  return at === 0 || isZero(bytes, at, keySize) ? null : bytes.buffer.toString('base64', at, at + keySize)
}

/** struct sockaddr_in or sockaddr_in6: family, port (big-endian), then the address at 4 or 8. */
function endpoint(bytes: Bytes): string | null {
  if (!has(peer, WGPEER_A_ENDPOINT)) return null
  const at = payload(bytes, peer, WGPEER_A_ENDPOINT, 16)
  if (at === 0) return null
  const family = bytes.view.getUint16(at, true)
  const port = bytes.view.getUint16(at + 2)
  if (family === AF_INET) return `${ipv4(bytes, at + 4)}:${port}`
  if (family !== AF_INET6 || payload(bytes, peer, WGPEER_A_ENDPOINT, 24) === 0) return null
  return `[${ipv6(bytes, at + 8)}]:${port}`
}
