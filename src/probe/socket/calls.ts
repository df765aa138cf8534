/**
 * The calls of the C library that probing needs beside those of reading (collect/kernel/libc.ts), through koffi. All
 * sockets are non-blocking and close-on-exec. A call that the kernel refuses answers -1: `errno` says why, at once.
 */
import type * as Koffi from 'koffi'
import { errnoName } from '../../collect/kernel/libc.ts'
import { errorReport, parseControl, receivedAt, type Control, type ErrorReport } from './control.ts'
import { parseSocketAddress, socketAddress, type SocketAddress } from './socket-address.ts'

export const SOCK_STREAM = 1
export const SOCK_DGRAM = 2
export const SOCK_RAW = 3
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const MSG_ERRQUEUE = 0x2000
const CLOCK_REALTIME = 0

export type Datagram = {
  /** A view of a buffer that the next call fills again. */
  readonly bytes: Buffer
  readonly from: SocketAddress | null
  readonly control: readonly Control[]
}

export type SocketCalls = {
  socket(family: 4 | 6, type: number, protocol: number): number
  close(fd: number): void
  bind(fd: number, address: SocketAddress): number
  connect(fd: number, address: SocketAddress): number
  listen(fd: number, backlog: number): number
  send(fd: number, bytes: Uint8Array): number
  sendTo(fd: number, bytes: Uint8Array, address: SocketAddress): number
  /** null: errno says why; EAGAIN: nothing is there. */
  receive(fd: number): Datagram | null
  /** The next report of the error queue (IP_RECVERR), with what had been sent; null: there is none. */
  receiveError(fd: number):
    | (ErrorReport & {
        readonly sent: Buffer
        readonly to: SocketAddress | null
        /** When it came, milliseconds since the epoch; null: the socket does not ask for times. */
        readonly at: number | null
      })
    | null
  setInt(fd: number, level: number, option: number, value: number): number
  setBytes(fd: number, level: number, option: number, value: Uint8Array): number
  /** null: refused. */
  getInt(fd: number, level: number, option: number): number | null
  localAddress(fd: number): SocketAddress | null
  /** The ifindex of a link of the namespace that this thread is in; 0: there is none of that name. */
  linkIndex(name: string): number
  /** poll(2) without waiting: which of them can be read, written or have an error, in the same order (revents). */
  poll(fds: readonly number[], events: number): Uint16Array
  /** Milliseconds since the epoch with the clock that the kernel stamps packets with. */
  now(): number
  /** Of the call before. */
  errno(): string
}

export const POLLIN = 1
export const POLLOUT = 4
export const POLLERR = 8
export const POLLHUP = 16

const pollfdSize = 8
const msghdrSize = 56
const largestDatagram = 65_536

/** A matrix connects to the same few addresses a hundred thousand times. */
const encoded = new WeakMap<SocketAddress, Buffer>()

function encodedAddress(address: SocketAddress): Buffer {
  const known = encoded.get(address)
  if (known !== undefined) return known
  const bytes = socketAddress(address)
  encoded.set(address, bytes)
  return bytes
}

export function bindSocketCalls(koffi: typeof Koffi): SocketCalls {
  const libc = koffi.load(null)
  const integer = (name: string, parameters: readonly string[]) => libc.func(name, 'int', [...parameters])
  const long = (name: string, parameters: readonly string[]) => libc.func(name, 'long', [...parameters])
  const socket = integer('socket', ['int', 'int', 'int'])
  const close = integer('close', ['int'])
  const bind = integer('bind', ['int', 'void *', 'uint32_t'])
  const connect = integer('connect', ['int', 'void *', 'uint32_t'])
  const listen = integer('listen', ['int', 'int'])
  const send = long('send', ['int', 'void *', 'size_t', 'int'])
  const sendto = long('sendto', ['int', 'void *', 'size_t', 'int', 'void *', 'uint32_t'])
  const recvmsg = long('recvmsg', ['int', 'void *', 'int'])
  const setsockopt = integer('setsockopt', ['int', 'int', 'int', 'void *', 'uint32_t'])
  const getsockopt = integer('getsockopt', ['int', 'int', 'int', 'void *', 'void *'])
  const getsockname = integer('getsockname', ['int', 'void *', 'void *'])
  const poll = integer('poll', ['void *', 'unsigned long', 'int'])
  const ifNametoindex = libc.func('if_nametoindex', 'uint32_t', ['str'])
  const clockGettime = integer('clock_gettime', ['int', 'void *'])

  const into = Buffer.alloc(largestDatagram)
  const name = Buffer.alloc(28)
  const control = Buffer.alloc(512)
  const iovec = Buffer.alloc(16)
  iovec.writeBigUInt64LE(koffi.address(into), 0)
  iovec.writeBigUInt64LE(BigInt(into.length), 8)
  const msghdr = Buffer.alloc(msghdrSize)
  msghdr.writeBigUInt64LE(koffi.address(name), 0)
  msghdr.writeBigUInt64LE(koffi.address(iovec), 16)
  msghdr.writeBigUInt64LE(1n, 24)
  msghdr.writeBigUInt64LE(koffi.address(control), 32)
  /** The kernel has only their addresses: whoever is in here keeps them alive. */
  const receiveWith = (fd: number, flags: number): Datagram | null => {
    msghdr.writeUInt32LE(name.length, 8)
    iovec.writeBigUInt64LE(BigInt(into.length), 8)
    msghdr.writeBigUInt64LE(BigInt(control.length), 40)
    const length = Number(recvmsg(fd, msghdr, flags))
    if (length < 0) return null
    return {
      bytes: into.subarray(0, length),
      from: parseSocketAddress(name.subarray(0, msghdr.readUInt32LE(8))),
      control: parseControl(control.subarray(0, Number(msghdr.readBigUInt64LE(40)))),
    }
  }
  const onePollfd = Buffer.alloc(pollfdSize)
  const word = Buffer.alloc(4)
  const size = Buffer.alloc(4)
  const time = Buffer.alloc(16)

  return {
    socket: (family, type, protocol) =>
      socket(family === 4 ? 2 : 10, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol),
    close: (fd) => void close(fd),
    bind: (fd, address) => {
      const bytes = socketAddress(address)
      return bind(fd, bytes, bytes.length)
    },
    connect: (fd, address) => {
      const bytes = encodedAddress(address)
      return connect(fd, bytes, bytes.length)
    },
    listen: (fd, backlog) => listen(fd, backlog),
    send: (fd, bytes) => Number(send(fd, bytes, bytes.length, 0)),
    sendTo: (fd, bytes, address) => {
      const to = encodedAddress(address)
      return Number(sendto(fd, bytes, bytes.length, 0, to, to.length))
    },
    receive: (fd) => receiveWith(fd, 0),
    receiveError: (fd) => {
      const received = receiveWith(fd, MSG_ERRQUEUE)
      const report = received === null ? null : errorReport(received.control)
      return received === null || report === null
        ? null
        : { ...report, sent: received.bytes, to: received.from, at: receivedAt(received.control) }
    },
    setInt: (fd, level, option, value) => {
      word.writeInt32LE(value)
      return setsockopt(fd, level, option, word, word.length)
    },
    setBytes: (fd, level, option, value) => setsockopt(fd, level, option, value, value.length),
    getInt: (fd, level, option) => {
      size.writeUInt32LE(word.length)
      return getsockopt(fd, level, option, word, size) === 0 ? word.readInt32LE(0) : null
    },
    localAddress: (fd) => {
      const bytes = Buffer.alloc(28)
      size.writeUInt32LE(bytes.length)
      return getsockname(fd, bytes, size) === 0
        ? parseSocketAddress(bytes.subarray(0, size.readUInt32LE(0)))
        : null
    },
    linkIndex: (name) => Number(ifNametoindex(name)),
    poll: (fds, events) => {
      const table = fds.length === 1 ? onePollfd : Buffer.alloc(pollfdSize * fds.length)
      const revents = new Uint16Array(fds.length)
      for (let at = 0; at < fds.length; at += 1) {
        table.writeInt32LE(fds[at] ?? -1, at * pollfdSize)
        table.writeUInt32LE(events, at * pollfdSize + 4)
      }
      poll(table, fds.length, 0)
      for (let at = 0; at < fds.length; at += 1) revents[at] = table.readUInt16LE(at * pollfdSize + 6)
      return revents
    },
    now: () => {
      clockGettime(CLOCK_REALTIME, time)
      return Number(time.readBigInt64LE(0)) * 1000 + Number(time.readBigInt64LE(8)) / 1e6
    },
    errno: () => errnoName(koffi.errno()),
  }
}
