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
import { bindToLink, setIpOption, SOL_SOCKET, takeError } from '../socket/socket-options.ts'

export type Met = {
  readonly verdict: TcpVerdict
  readonly icmp: IcmpError | null
  /** What the kernel said of itself; null: somebody answered, or nobody. */
  readonly says: string | null
}

const SO_LINGER = 13
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
  setIpOption(calls, fd, to.family, 'receiveErrors', 1)
  if (options.resets === true) calls.setBytes(fd, SOL_SOCKET, SO_LINGER, lingerZero)
  if (options.link !== undefined && bindToLink(calls, fd, options.link) < 0) {
    return failedWith(calls.errno(), null)
  }
  if (calls.connect(fd, to) === 0) return connected
  const errno = calls.errno()
  return errno === 'EINPROGRESS' ? null : failedWith(errno, firstIcmp(calls, fd))
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
  const error = takeError(calls, fd)
  return error === 0 ? null : errnoName(error)
}

/** The first report that ends a connection attempt, else the first of all. */
function firstIcmp(calls: SocketCalls, fd: number): Reported | null {
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
