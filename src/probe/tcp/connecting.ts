/**
 * One TCP connection attempt on a non-blocking socket: begun, and looked at again until it has come to something. With
 * IP_RECVERR set before the SYN leaves, the ICMP behind a failure is in the error queue (tcp_v4_err, since Linux 5.8).
 */
import type { IcmpError, TcpVerdict } from '../../model/probe-result.ts'
import { POLLERR, POLLHUP, POLLOUT, type SocketCalls } from '../socket/calls.ts'
import { errnoSays } from '../socket/errno-says.ts'
import { icmpError, type Reported } from '../socket/icmp-error.ts'
import { errnoName } from '../../collect/kernel/libc.ts'
import type { SocketAddress } from '../socket/socket-address.ts'

export type Met = {
  readonly verdict: TcpVerdict
  readonly icmp: IcmpError | null
  /** What the kernel said of itself; null: somebody answered, or nobody. */
  readonly says: string | null
}

const SOL_IP = 0
const SOL_SOCKET = 1
const SOL_IPV6 = 41
const IP_RECVERR = 11
const IPV6_RECVERR = 25
const SO_ERROR = 4
const SO_LINGER = 13
const SO_BINDTODEVICE = 25
export const PROTOCOL_TCP = 6

/** l_onoff 1, l_linger 0: closing sends a RST, and no TIME_WAIT stays behind (socket(7)). */
const lingerZero = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])

/** null: it goes on. The socket is a fresh one. `link`: the zone of a link-local address; `resets`: closing leaves nothing. */
export function beginConnecting(
  calls: SocketCalls,
  fd: number,
  to: SocketAddress,
  options: { readonly link?: string | undefined; readonly resets?: boolean } = {},
): Met | null {
  wantErrors(calls, fd, to.family)
  if (options.resets === true) calls.setBytes(fd, SOL_SOCKET, SO_LINGER, lingerZero)
  const unbound = options.link === undefined ? null : bindToLink(calls, fd, options.link)
  if (unbound !== null) return failedWith(unbound, null)
  if (calls.connect(fd, to) === 0) return connected
  const errno = calls.errno()
  return errno === 'EINPROGRESS' ? null : failedWith(errno, firstIcmp(calls, fd))
}

/** ICMP errors come into the error queue of this socket. */
export function wantErrors(calls: SocketCalls, fd: number, family: 4 | 6): void {
  calls.setInt(fd, family === 4 ? SOL_IP : SOL_IPV6, family === 4 ? IP_RECVERR : IPV6_RECVERR, 1)
}

/** null: it could be bound. */
export function bindToLink(calls: SocketCalls, fd: number, link: string): string | null {
  const refused = calls.setBytes(fd, SOL_SOCKET, SO_BINDTODEVICE, Buffer.from(`${link}\0`)) !== 0
  return refused ? calls.errno() : null
}

const connected: Met = { verdict: 'connected', icmp: null, says: null }

/** null: it goes on. `revents` of poll(2), where it was asked already. */
export function lookAtConnecting(
  calls: SocketCalls,
  fd: number,
  revents = calls.poll([fd], POLLOUT)[0] ?? 0,
): Met | null {
  if ((revents & (POLLOUT | POLLERR | POLLHUP)) === 0) return null
  if ((revents & (POLLERR | POLLHUP)) === 0) return connected
  // Our own neighbours answer while connect(2) still holds the socket; then tcp_v4_err does not end it, and only the queue
  // tells until the next SYN is answered as well.
  const icmp = firstIcmp(calls, fd)
  const error = pendingError(calls, fd)
  if (error !== null) return failedWith(error, icmp)
  return icmp === null || icmp.what === 'too-big' || icmp.what === 'other' ? null : failedWith('', icmp)
}

/** Fetches and clears it; null: there is none. */
function pendingError(calls: SocketCalls, fd: number): string | null {
  const error = calls.getInt(fd, SOL_SOCKET, SO_ERROR)
  return error === null || error === 0 ? null : errnoName(error)
}

/** The first report that ends a connection attempt, else the first of all. */
export function firstIcmp(calls: SocketCalls, fd: number): Reported | null {
  let first: Reported | null = null
  for (;;) {
    const report = calls.receiveError(fd)
    if (report === null) return first
    const reported = icmpError(report)
    if (first === null || (first.what === 'too-big' && reported.what !== 'too-big')) first = reported
  }
}

const ofErrno: Readonly<Record<string, TcpVerdict>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EACCES: 'prohibited',
  EPERM: 'prohibited',
}

/** Of IcmpClass; a hop limit that ran out is a loop of routes. */
const ofClass: Readonly<Record<string, TcpVerdict>> = { refused: 'refused', prohibited: 'prohibited' }

/** What the ICMP says goes before the errno, which knows fewer things: `prohibited` is EHOSTUNREACH in IPv4. */
function failedWith(errno: string, reported: Reported | null): Met {
  if (reported !== null && reported.error.type !== null) {
    return { verdict: ofClass[reported.what] ?? 'unreachable', icmp: reported.error, says: null }
  }
  const verdict = ofErrno[errno] ?? 'unreachable'
  const fromFar = verdict === 'refused' || verdict === 'reset' || verdict === 'timeout'
  return { verdict, icmp: null, says: fromFar ? null : errnoSays(errno) }
}
