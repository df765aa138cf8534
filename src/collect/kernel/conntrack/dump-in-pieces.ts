/**
 * A netlink dump that stops between two receives, so that a table of hundreds of thousands of rows does not hold the
 * thread. The socket stays open meanwhile, and with it its namespace: whoever asks reads on without delay, or closes.
 */
import type { Pieces } from '../../../lib/in-pieces.ts'
import type { Libc } from '../libc.ts'
import { bytesOf } from '../netlink/bytes.ts'
import {
  errorIn,
  headerSize,
  NLMSG_DONE,
  NLMSG_ERROR,
  receiveError,
  type NetlinkError,
} from '../netlink/error.ts'
import { NLM_F_DUMP, NLM_F_REQUEST, type Netlink, type Parse } from '../netlink/socket.ts'

/** The kernel fills at most 32 KiB at a time (af_netlink.c, netlink_dump). */
const receiveSize = 64 * 1024
const received = bytesOf(Buffer.alloc(receiveSize))
const MSG_TRUNC = 0x20
/** Unlike any of the other requests on this socket. */
const sequence = 0x76657468

/** Yields after each receive: about a hundred rows. With `enough` values the rest stays unread. */
export function* dumpInPieces<T>(
  libc: Libc,
  { fd }: Pick<Netlink, 'fd'>,
  type: number,
  payload: Uint8Array,
  parse: Parse<T>,
  enough: number,
): Pieces<T[] | NetlinkError> {
  const request = Buffer.alloc(headerSize + payload.length)
  request.writeUInt32LE(request.length, 0)
  request.writeUInt16LE(type, 4)
  request.writeUInt16LE(NLM_F_REQUEST | NLM_F_DUMP, 6)
  request.writeUInt32LE(sequence, 8)
  request.set(payload, headerSize)
  while (libc.send(fd, request, request.length, 0) < 0) {
    const errno = libc.errno()
    if (errno !== 'EINTR') return { errno, says: null }
  }
  const values: T[] = []
  while (values.length < enough) {
    const length = libc.recv(fd, received.buffer, receiveSize, MSG_TRUNC)
    if (length < 0) {
      const errno = libc.errno()
      if (errno === 'EINTR') continue
      return receiveError(errno)
    }
    received.broken = length > receiveSize
    const end = received.broken ? malformed : readMessages(length, parse, values)
    if (end === 'done') break
    if (end !== 'more') return end
    yield
  }
  return values
}

const malformed: NetlinkError = { errno: 'EBADMSG', says: 'the answer is malformed' }

/** What one receive brought. */
function readMessages<T>(length: number, parse: Parse<T>, into: T[]): 'done' | 'more' | NetlinkError {
  const { view } = received
  for (let at = 0; at + headerSize <= length;) {
    const size = view.getUint32(at, true)
    if (size < headerSize || at + size > length) return malformed
    const [start, end] = [at + headerSize, at + size]
    const type = view.getUint16(at + 4, true)
    const flags = view.getUint16(at + 6, true)
    const isMine = view.getUint32(at + 8, true) === sequence
    at += (size + 3) & ~3
    if (!isMine) continue
    if (type === NLMSG_DONE || type === NLMSG_ERROR) {
      return errorIn(received, type, flags, start, end) ?? 'done'
    }
    const value = parse(received, start, end)
    if (received.broken) return malformed
    if (value !== null) into.push(value)
  }
  return 'more'
}
