/** Options of sockets: asm-generic/socket.h, linux/in.h, linux/in6.h, linux/icmp.h, and ip(7), ipv6(7), socket(7). */
import type { SocketCalls } from './calls.ts'

export const SOL_SOCKET = 1
const SO_ERROR = 4
const SO_LINGER = 13
const SO_BINDTODEVICE = 25
const SO_TIMESTAMPNS = 35

const SOL_RAW = 255
const IPPROTO_ICMPV6 = 58
/** ICMP_FILTER and ICMPV6_FILTER. */
const RAW_FILTER = 1

const levels = { 4: 0, 6: 41 } as const
/** IP_* and IPV6_*, which mean the same. */
const options = {
  ttl: { 4: 2, 6: 16 },
  multicastTtl: { 4: 33, 6: 18 },
  mtuDiscover: { 4: 10, 6: 23 },
  receiveErrors: { 4: 11, 6: 25 },
  receiveTtl: { 4: 12, 6: 51 },
} as const
const IPV6_DONTFRAG = 62

/** `do`: never in fragments, and never larger than what is known to pass. `probe`: the latter is ignored. */
const mtuDiscovery = { do: 2, probe: 3 } as const

/** What IP offers on a socket; each answers 0, or -1 and errno says why. */
export type IpOption = keyof typeof options

export function setIpOption(
  calls: SocketCalls,
  fd: number,
  family: 4 | 6,
  option: IpOption,
  value: number,
): number {
  return calls.setInt(fd, levels[family], options[option][family], value)
}

/** Errors of others come to the error queue, and packets with the time at which the kernel had them. */
export function wantReports(calls: SocketCalls, fd: number, family: 4 | 6): void {
  setIpOption(calls, fd, family, 'receiveErrors', 1)
  setIpOption(calls, fd, family, 'receiveTtl', 1)
  calls.setInt(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1)
}

export function dontFragment(
  calls: SocketCalls,
  fd: number,
  family: 4 | 6,
  how: keyof typeof mtuDiscovery,
): void {
  setIpOption(calls, fd, family, 'mtuDiscover', mtuDiscovery[how])
  if (family === 6) calls.setInt(fd, levels[6], IPV6_DONTFRAG, 1)
}

/** Closing a connection ends it with a reset: nothing of it stays here, nor there. */
export function leaveNothing(calls: SocketCalls, fd: number): void {
  const linger = Buffer.alloc(8)
  linger.writeInt32LE(1, 0)
  calls.setBytes(fd, SOL_SOCKET, SO_LINGER, linger)
}

/** Of the messages that a raw socket of ICMP sees only those of this type; errors about what was sent come all the same. */
export function onlyType(calls: SocketCalls, fd: number, family: 4 | 6, type: number): void {
  // A bit for each type that is kept away: 32 of them (ICMP_FILTER, raw(7)), or all 256 (ICMP6_FILTER, RFC 3542 3.2).
  const blocked = Buffer.alloc(family === 4 ? 4 : 32, 0xff)
  blocked[type >> 3] = 0xff & ~(1 << (type & 7))
  calls.setBytes(fd, family === 4 ? SOL_RAW : IPPROTO_ICMPV6, RAW_FILTER, blocked)
}

/** Leaves by this link only, whatever routes say. */
export function bindToLink(calls: SocketCalls, fd: number, link: string): number {
  return calls.setBytes(fd, SOL_SOCKET, SO_BINDTODEVICE, Buffer.from(`${link}\0`))
}

/** Takes the error that waits on a socket away; 0: there is none. */
export function takeError(calls: SocketCalls, fd: number): number {
  return calls.getInt(fd, SOL_SOCKET, SO_ERROR) ?? 0
}
