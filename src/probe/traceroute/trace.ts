import type { Outcome } from '../../lib/failure.ts'
import { succeeded } from '../../lib/failure.ts'
import type { TracerouteRequest, Target } from '../../model/probe.ts'
import type { ProbeContext } from '../context.ts'
import { openEchoSocket } from '../ping/echo-socket.ts'
import type { SocketAddress } from '../socket/socket-address.ts'
import type { Sockets } from '../socket/sockets.ts'
import { openHopSocket, type HopAnswer, type HopSocket } from './hop-socket.ts'

/** What all packets of a trace have in common. */
export type Trace = {
  readonly request: TracerouteRequest
  readonly target: Target
  readonly to: SocketAddress
  readonly source: string | null
  readonly sockets: Sockets
  readonly context: ProbeContext
}

/** Ports that nobody listens on, one for each packet (traceroute(8)). */
const firstUdpPort = 33_434
const tcpPort = 80
const lastPort = 65_535
/** Bytes behind the header: with both 60 bytes of IPv4, as traceroute sends. */
const usualSize = 32

export type Sending = {
  readonly ttl: number
  /** Of all packets of this trace. */
  readonly number: number
  /** With IP header, never in fragments; null: a small one. */
  readonly total: number | null
}

/** IP header and that of UDP or ICMP, which has the same size. */
const headers = { 4: 28, 6: 48 } as const

/** `told`: also more than once, and also before this returns. */
export function sendHop(
  { request, to, sockets }: Trace,
  { ttl, number, total }: Sending,
  told: (answer: HopAnswer) => void,
): Outcome<HopSocket> {
  const { place, method, port } = request
  const size = total === null ? usualSize : total - headers[to.family]
  const wholeOnly = total !== null
  if (method !== 'icmp') {
    const first = port ?? (method === 'udp' ? firstUdpPort : tcpPort)
    const its = method === 'udp' ? first + (number % (lastPort + 1 - first)) : first
    return openHopSocket(sockets, { place, to, method }, { ttl, port: its, size, wholeOnly }, told)
  }
  const opened = openEchoSocket(
    sockets,
    place,
    to.family,
    { ttl, link: null, dontFragment: wholeOnly ? 'probe' : null },
    {
      answered: ({ from, at }) => told({ from: from.address, at, reported: null }),
      refused: (_seq, reported, at) => told({ from: reported.error.from, at, reported }),
    },
  )
  if (!opened.ok) return opened
  const socket = opened.value
  const sent = socket.send(to, number & 0xffff, size)
  if (!sent.sent) told({ from: null, at: sockets.calls.now(), reported: sent.why })
  return succeeded({
    sentAt: sent.sent ? sent.at : sockets.calls.now(),
    close: () => socket.close(),
  })
}
