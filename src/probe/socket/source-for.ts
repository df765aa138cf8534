import type { Place } from '../../model/probe.ts'
import { SOCK_DGRAM } from './calls.ts'
import type { SocketAddress } from './socket-address.ts'
import { bindToLink } from './socket-options.ts'
import type { Sockets } from './sockets.ts'
import { sourceOf } from './source-of.ts'

/** Nothing is sent there, and no port is asked for that somebody may have. */
const anyPort = 9

/** The address that a packet to `to` would be sent from; null: there is no way there. Nothing is sent to find out. */
export function sourceFor(
  sockets: Sockets,
  place: Place,
  to: SocketAddress,
  link: string | null = null,
): string | null {
  const { calls } = sockets
  const opened = sockets.open(place, to.family, SOCK_DGRAM, 0)
  if (!opened.ok) return null
  const fd = opened.value
  try {
    if (link !== null && bindToLink(calls, fd, link) < 0) return null
    return calls.connect(fd, { ...to, port: anyPort }) < 0 ? null : sourceOf(calls, fd)
  } finally {
    calls.close(fd)
  }
}
