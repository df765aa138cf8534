/** Control data of recvmsg(2): struct cmsghdr on 64-bit Linux, the sender's error report, times and TTL (cmsg(3), ip(7)). */
import { parseSocketAddress } from './socket-address.ts'

export type Control = { readonly level: number; readonly type: number; readonly data: Buffer }

const headerSize = 16
const aligned = (length: number): number => (length + 7) & ~7

export function parseControl(bytes: Buffer): readonly Control[] {
  const found: Control[] = []
  for (let at = 0; at + headerSize <= bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at))
    if (length < headerSize || at + length > bytes.length) break
    found.push({
      level: bytes.readInt32LE(at + 8),
      type: bytes.readInt32LE(at + 12),
      data: bytes.subarray(at + headerSize, at + length),
    })
    at += aligned(length)
  }
  return found
}

const SOL_IP = 0
const SOL_SOCKET = 1
const SOL_IPV6 = 41
const IP_TTL = 2
const IP_RECVERR = 11
const IPV6_RECVERR = 25
const IPV6_HOPLIMIT = 52
/** SO_TIMESTAMPNS of asm-generic/socket.h on 64 bits: a struct timespec. */
const SCM_TIMESTAMPNS = 35

/** What became of something that was sent: struct sock_extended_err (linux/errqueue.h). */
export type ErrorReport = {
  readonly errno: number
  /** `local`: this kernel refused; `icmp`: somebody answered. */
  readonly origin: 'local' | 'icmp' | 'icmp6' | 'other'
  readonly type: number
  readonly code: number
  /** The next hop's MTU, of EMSGSIZE. */
  readonly info: number
  /** Who sent the ICMP; null: nobody. */
  readonly from: string | null
}

const origins: Readonly<Record<number, ErrorReport['origin']>> = { 1: 'local', 2: 'icmp', 3: 'icmp6' }
const reportSize = 16

export function errorReport(control: readonly Control[]): ErrorReport | null {
  const found = control.find(
    ({ level, type }) =>
      (level === SOL_IP && type === IP_RECVERR) || (level === SOL_IPV6 && type === IPV6_RECVERR),
  )
  if (found === undefined || found.data.length < reportSize) return null
  const { data } = found
  return {
    errno: data.readUInt32LE(0),
    origin: origins[data.readUInt8(4)] ?? 'other',
    type: data.readUInt8(5),
    code: data.readUInt8(6),
    info: data.readUInt32LE(8),
    from: parseSocketAddress(data.subarray(reportSize))?.address ?? null,
  }
}

/** When the kernel had it, milliseconds since the epoch; null: it did not say. */
export function receivedAt(control: readonly Control[]): number | null {
  const found = control.find(({ level, type }) => level === SOL_SOCKET && type === SCM_TIMESTAMPNS)
  if (found === undefined || found.data.length < 16) return null
  return Number(found.data.readBigInt64LE(0)) * 1000 + Number(found.data.readBigInt64LE(8)) / 1e6
}

/** The TTL or hop limit that it came with. */
export function hopLimit(control: readonly Control[]): number | null {
  const found = control.find(
    ({ level, type }) =>
      (level === SOL_IP && type === IP_TTL) || (level === SOL_IPV6 && type === IPV6_HOPLIMIT),
  )
  return found === undefined || found.data.length < 4 ? null : found.data.readInt32LE(0)
}
