/**
 * A synchronous netlink socket: a request goes out, the whole answer comes back as a value. Knows the envelope
 * (headers, dumps, errors, retries), not what the messages say.
 *
 * Never keep one open on somebody else's namespace: the socket keeps that namespace alive after its deletion.
 */
import type { ReadFailure } from '../../reader.ts'
import { inside, insideOf } from '../inside.ts'
import type { Libc } from '../libc.ts'
import type { Entrance, Opened } from '../open-namespace.ts'
import { bytesOf, type Bytes } from './bytes.ts'
import {
  answerWithinSeconds,
  errorIn,
  headerSize,
  NLMSG_DONE,
  NLMSG_ERROR,
  receiveError,
  type NetlinkError,
} from './error.ts'
import { sameAsLast } from './remember.ts'

export type { NetlinkError } from './error.ts'

export const NETLINK_ROUTE = 0
export const NETLINK_GENERIC = 16
export const NLM_F_REQUEST = 1
export const NLM_F_ACK = 4
export const NLM_F_DUMP = 0x300

export type Answer<T> =
  /** `interrupted`: the table changed under the dump, each time it was tried. */
  | { readonly ok: true; readonly values: readonly T[]; readonly interrupted: boolean }
  | { readonly ok: false; readonly error: NetlinkError }

/**
 * Turns one message into a value: `start` is behind the nlmsghdr, `end` behind the message. null leaves the
 * message out. The bytes are overwritten after the call; the function must not use a netlink socket itself.
 */
export type Parse<T> = (bytes: Bytes, start: number, end: number) => T | null

const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC = 3 | 0o2000000
const SOL_SOCKET = 1
const SO_RCVTIMEO = 20
const SO_RCVBUFFORCE = 33
const SO_NETNS_COOKIE = 71
const SOL_NETLINK = 270
const NETLINK_EXT_ACK = 11
const NETLINK_GET_STRICT_CHK = 12
const MSG_TRUNC = 0x20
const SIOCGSKNS = 0x894c

const NLM_F_DUMP_INTR = 0x10

const dumpAttempts = 3
/** The kernel makes dump messages as large as the receiver's buffer, up to 32 KiB (af_netlink.c, netlink_dump). */
const receiveSize = 256 * 1024

// One thread runs one request at a time, so all its sockets share these. `busy` finds the mistake of using a
// socket from within a Parse function, which would overwrite the bytes that are being read.
const received = bytesOf(Buffer.alloc(receiveSize))
const request = Buffer.alloc(16 * 1024)
let busy = false

const one = int32Buffer(1)
const receiveTimeout = Buffer.alloc(16)
receiveTimeout.writeUInt32LE(answerWithinSeconds, 0)
const cookie = Buffer.alloc(8)
const cookieLength = Buffer.alloc(4)

/** One send and the end of its answer, before retries. */
type Exchange = { error: NetlinkError | null; interrupted: boolean }

export class Netlink {
  readonly fd: number
  readonly #libc: Libc
  #sequence = 0

  constructor(libc: Libc, fd: number) {
    this.fd = fd
    this.#libc = libc
    // Without the first a lost answer would hang the thread; older kernels refuse the second, and that is fine.
    libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, receiveTimeout)
    libc.setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, one)
  }

  /**
   * All entries of a table. A refused dump is an error, never an empty list; one that the kernel marks as
   * interrupted (NLM_F_DUMP_INTR) is asked for again, up to three times in all. With `enough` values the rest is left
   * unread, and nothing but closing may follow on this socket.
   */
  dump<T>(type: number, payload: Uint8Array, parse: Parse<T>, enough = Infinity): Answer<T> {
    for (let attempt = 1; ; attempt++) {
      const values: T[] = []
      const { error, interrupted } = this.#exchange(type, NLM_F_DUMP, payload, parse, values, enough)
      if (error !== null) return { ok: false, error }
      if (interrupted && attempt < dumpAttempts) continue
      return { ok: true, values: sameAsLast(parse, values), interrupted }
    }
  }

  /**
   * A single request. Without NLM_F_ACK among the flags it ends with the first message of the answer, which is
   * right for RTM_GET* of one object; with it, with the kernel's acknowledgement.
   */
  request<T>(type: number, flags: number, payload: Uint8Array, parse: Parse<T>): Answer<T> {
    const values: T[] = []
    const { error, interrupted } = this.#exchange(type, flags, payload, parse, values)
    return error === null ? { ok: true, values, interrupted } : { ok: false, error }
  }

  /**
   * Lets the kernel check requests strictly and so honour filters and IFA_TARGET_NETNSID (4.20 and later);
   * false where it does not know the option. Route dumps then leave out the cached exceptions.
   */
  beStrict(): boolean {
    return this.#libc.setsockopt(this.fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, one) === 0
  }

  /** A larger receive buffer, for sockets that listen to events; root may exceed the system's limit. */
  receiveBuffer(size: number): boolean {
    return this.#libc.setsockopt(this.fd, SOL_SOCKET, SO_RCVBUFFORCE, int32Buffer(size)) === 0
  }

  /** SO_NETNS_COOKIE (5.14 and later): a number that no later namespace gets again. */
  netnsCookie(): string | null {
    cookieLength.writeUInt32LE(cookie.length)
    if (this.#libc.getsockopt(this.fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, cookieLength) !== 0) return null
    return String(cookie.readBigUInt64LE())
  }

  /**
   * A socket of another protocol in the same namespace, whatever path led there (SIOCGSKNS, netdevice.h). It needs
   * CAP_NET_ADMIN over that namespace.
   */
  openBeside(protocol: number): Opened<Netlink> {
    const namespace = this.#libc.ioctl(this.fd, SIOCGSKNS, 0)
    if (namespace < 0) return { ok: false, failure: socketFailure(this.#libc.errno()) }
    const made = insideOf(this.#libc, namespace, () => openNetlink(this.#libc, protocol))
    this.#libc.close(namespace)
    return made.ok ? made.value : made
  }

  /** Wipes what was received and sent last. For answers that hold secrets. */
  forget(): void {
    received.buffer.fill(0)
    request.fill(0)
  }

  close(): void {
    this.#libc.close(this.fd)
  }

  #exchange<T>(
    type: number,
    flags: number,
    payload: Uint8Array,
    parse: Parse<T>,
    into: T[],
    enough = Infinity,
  ): Exchange {
    if (busy) throw new Error('netlink: a request was made while the answer to another one was being read')
    busy = true
    try {
      const error = this.#send(type, flags, payload)
      if (error !== null) return { error, interrupted: false }
      const untilEnd = (flags & (NLM_F_ACK | NLM_F_DUMP)) !== 0
      const exchange: Exchange = { error: null, interrupted: false }
      received.broken = false
      let ended = false
      while (!ended && into.length < enough) {
        const length = this.#libc.recv(this.fd, received.buffer, receiveSize, MSG_TRUNC)
        if (length < 0) {
          const errno = this.#libc.errno()
          if (errno === 'EINTR') continue
          exchange.error = receiveError(errno)
          break
        }
        if (length > receiveSize) received.broken = true
        ended = this.#readMessages(Math.min(length, receiveSize), untilEnd, parse, into, exchange)
      }
      if (exchange.error === null && received.broken) {
        exchange.error = { errno: 'EBADMSG', says: `an answer to message type ${type} is malformed` }
      }
      return exchange
    } finally {
      busy = false
    }
  }

  #send(type: number, flags: number, payload: Uint8Array): NetlinkError | null {
    const length = headerSize + payload.length
    if (length > request.length) return { errno: 'EMSGSIZE', says: 'the request is too large' }
    this.#sequence++
    request.writeUInt32LE(length, 0)
    request.writeUInt16LE(type, 4)
    request.writeUInt16LE(flags | NLM_F_REQUEST, 6)
    request.writeUInt32LE(this.#sequence, 8)
    request.writeUInt32LE(0, 12)
    request.set(payload, headerSize)
    while (this.#libc.send(this.fd, request, length, 0) < 0) {
      const errno = this.#libc.errno()
      if (errno !== 'EINTR') return { errno, says: null }
    }
    return null
  }

  /** Reads what one recv brought; true when the answer is complete. */
  #readMessages<T>(
    length: number,
    untilEnd: boolean,
    parse: Parse<T>,
    into: T[],
    exchange: Exchange,
  ): boolean {
    const { view } = received
    for (let at = 0; at + headerSize <= length;) {
      const size = view.getUint32(at, true)
      if (size < headerSize || at + size > length) {
        received.broken = true
        return true
      }
      const start = at + headerSize
      const end = at + size
      const type = view.getUint16(at + 4, true)
      const flags = view.getUint16(at + 6, true)
      const mine = view.getUint32(at + 8, true) === this.#sequence
      at += (size + 3) & ~3
      // Left over from an earlier request that was given up.
      if (!mine) continue
      if ((flags & NLM_F_DUMP_INTR) !== 0) exchange.interrupted = true
      if (type === NLMSG_DONE || type === NLMSG_ERROR) {
        exchange.error = errorIn(received, type, flags, start, end)
        return true
      }
      // After the first broken message the rest is only drained: a dump that is not read to its end blocks the next.
      if (!received.broken) {
        const value = parse(received, start, end)
        if (value !== null) into.push(value)
      }
      if (!untilEnd) return true
    }
    return false
  }
}

/** A socket of a netlink protocol (NETLINK_ROUTE, NETLINK_SOCK_DIAG …) in the thread's present namespace. */
export function openNetlink(libc: Libc, protocol: number): Opened<Netlink> {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol)
  if (fd < 0) return { ok: false, failure: socketFailure(libc.errno()) }
  return { ok: true, value: new Netlink(libc, fd) }
}

export function openRtnetlink(libc: Libc): Opened<Netlink> {
  return openNetlink(libc, NETLINK_ROUTE)
}

/**
 * A socket of another namespace. The thread is home again when this returns: a socket stays in the namespace it was
 * made in. The caller closes it as soon as it has read.
 */
export function openRtnetlinkIn(libc: Libc, entrance: Entrance): Opened<Netlink> {
  const made = inside(libc, entrance, () => openRtnetlink(libc))
  return made.ok ? made.value : made
}

/** One phrase for a person: `permission denied (EPERM)`, `EINVAL: Invalid mask`. */
export function describeNetlinkError({ errno, says }: NetlinkError): string {
  if (says !== null) return `${says} (${errno})`
  if (errno === 'EPERM' || errno === 'EACCES') return `permission denied (${errno})`
  if (errno === 'EOPNOTSUPP') return `this kernel does not support it (${errno})`
  return errno
}

function socketFailure(errno: string): ReadFailure {
  return { unknown: `cannot open a netlink socket: ${describeNetlinkError({ errno, says: null })}`, errno }
}

function int32Buffer(value: number): Buffer {
  const data = Buffer.alloc(4)
  data.writeInt32LE(value)
  return data
}
