/** A TCP connection from inside a namespace, as a socket of Node's. */
import { Socket } from 'node:net'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import { tcpPortText } from '../../derive/probe/tcp-verdict.ts'
import type { Place, Target } from '../../model/probe.ts'
import type { HttpResult } from '../../model/probe-result.ts'
import { SOCK_STREAM } from '../socket/calls.ts'
import { setIpOption } from '../socket/socket-options.ts'
import type { Sockets } from '../socket/sockets.ts'
import { sourceOf } from '../socket/source-of.ts'
import { beginConnecting, lookAtConnecting, PROTOCOL_TCP } from '../tcp/connecting.ts'
import { waitUntil } from '../tcp/wait-until.ts'
import { zoned } from '../tcp/zoned.ts'

export type Wait = { readonly ms: number; readonly signal: AbortSignal }
export type HttpError = NonNullable<HttpResult['error']>

export type Connected = { readonly ms: number } & (
  | { readonly socket: Socket; readonly error: null }
  | { readonly socket: null; readonly error: HttpError }
)

/** Who gets the socket destroys it. */
export async function connectInside(
  sockets: Sockets,
  place: Place,
  target: Target,
  port: number,
  wait: Wait,
): Promise<Outcome<Connected>> {
  const { calls } = sockets
  const { to, link } = zoned(target, port)
  const opened = sockets.open(place, to.family, SOCK_STREAM, PROTOCOL_TCP)
  if (!opened.ok) return opened
  const fd = opened.value
  const began = performance.now()
  let kept = false
  try {
    const met =
      beginConnecting(calls, fd, to, { link }) ??
      // On the same host it is there already.
      lookAtConnecting(calls, fd) ??
      (await waitUntil(sockets, fd, { writable: true }, wait, () => lookAtConnecting(calls, fd)))
    const ms = performance.now() - began
    if (met?.verdict === 'connected') {
      // From here on it is a connection like any other: an ICMP error must not end it (tcp_v4_err), nor wait in the queue.
      setIpOption(calls, fd, to.family, 'receiveErrors', 0)
      kept = true
      return succeeded({ ms, socket: new Socket({ fd }), error: null })
    }
    const result = met?.verdict ?? 'timeout'
    const source = sourceOf(calls, fd)
    const icmp = met?.icmp ?? null
    const says = met?.says ?? null
    const told = { port, result, icmp, source, ms, ...(says === null ? {} : { says }) }
    const error = {
      what: result,
      says: wait.signal.aborted && met === null ? stopped : tcpPortText(target.address, told),
      ...(icmp === null ? {} : { icmp }),
    }
    return succeeded({ ms, socket: null, error })
  } finally {
    if (!kept) calls.close(fd)
  }
}

export const stopped = 'it was stopped'
