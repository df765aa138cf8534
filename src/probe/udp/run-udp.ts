/** UDP to one port or many, from inside a namespace. Silence means "open or filtered": nobody can tell the two apart. */
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { Target, UdpRequest } from '../../model/probe.ts'
import type { UdpResult, UdpVerdict } from '../../model/probe-result.ts'
import { udpPortText } from '../../derive/probe/udp-verdict.ts'
import type { ProbeContext, Runner } from '../context.ts'
import { foundTarget } from '../dns/found-target.ts'
import { SOCK_DGRAM, type SocketCalls } from '../socket/calls.ts'
import { icmpError, localError, type Reported } from '../socket/icmp-error.ts'
import type { Sockets } from '../socket/sockets.ts'
import { sourceOf } from '../socket/source-of.ts'
import { firstText } from '../tcp/banner.ts'
import { eachPort } from '../tcp/each-port.ts'
import { bindToLink, setIpOption } from '../socket/socket-options.ts'
import { waitUntil } from '../tcp/wait-until.ts'
import { zoned } from '../tcp/zoned.ts'
import { knownQuestion } from './known-question.ts'

type UdpPort = UdpResult['ports'][number]

/** A datagram may be lost, and Linux sends few "port unreachable" a second (icmp_ratelimit): it is asked again. */
const times = 3
const PROTOCOL_UDP = 17

export const runUdp: Runner<'udp'> = async (request, context) => {
  const found = await foundTarget(request.place, request.target, context)
  if (!found.ok) return found
  const sockets = await context.sockets()
  if (!sockets.ok) return sockets
  const target = found.value
  const { ports: wanted, place } = request
  let done = 0
  const tried = await eachPort(wanted, context.signal, async (port) => {
    const one = await tryPort(sockets.value, request, target, port, context)
    if (!one.ok || one.value === null) return one
    done += 1
    const { result } = one.value
    const tone = result === 'answered' ? 'good' : result === 'open-or-filtered' ? 'plain' : 'bad'
    context.emit({ type: 'line', at: Date.now(), text: udpPortText(target.address, one.value), tone })
    if (wanted.length > 1) context.emit({ type: 'progress', done, total: wanted.length })
    return one
  })
  if (!tried.ok) return tried
  const ports = tried.value
  return succeeded({
    kind: 'udp',
    ok: ports.length === wanted.length && ports.every(({ result }) => result === 'answered'),
    netns: place.netns,
    target: target.text,
    address: target.address,
    result: ports[0]?.result ?? 'open-or-filtered',
    ports,
  })
}

type Heard = { readonly answer: string } | { readonly reported: Reported }

/** null: it was stopped before it came to anything. */
async function tryPort(
  sockets: Sockets,
  { place, timeoutMs, payload }: UdpRequest,
  target: Target,
  port: number,
  { signal }: ProbeContext,
): Promise<Outcome<UdpPort | null>> {
  const { calls } = sockets
  const { to, link } = zoned(target, port)
  const opened = sockets.open(place, to.family, SOCK_DGRAM, PROTOCOL_UDP)
  if (!opened.ok) return opened
  const fd = opened.value
  try {
    setIpOption(calls, fd, to.family, 'receiveErrors', 1)
    const began = performance.now()
    const ms = (): number => Math.round((performance.now() - began) * 1000) / 1000
    const end = (heard: Heard): Outcome<UdpPort> =>
      succeeded({ port, source: sourceOf(calls, fd), ms: ms(), ...ofHeard(heard) })
    if (link !== undefined && bindToLink(calls, fd, link) < 0)
      return end({ reported: localError(calls.errno()) })
    if (calls.connect(fd, to) !== 0) return end({ reported: localError(calls.errno()) })
    const bytes = payload === '' ? knownQuestion(port) : Buffer.from(payload)
    for (let time = 0; time < times; time += 1) {
      if (calls.send(fd, bytes) < 0) {
        const errno = calls.errno()
        // Of an ICMP that came since, send(2) tells the errno only.
        return end(hear(calls, fd) ?? { reported: localError(errno) })
      }
      const wait = { ms: timeoutMs / times, signal }
      const heard =
        hear(calls, fd) ?? (await waitUntil(sockets, fd, { readable: true }, wait, () => hear(calls, fd)))
      if (heard !== null) return end(heard)
      if (signal.aborted) return succeeded(null)
    }
    return succeeded({ port, source: sourceOf(calls, fd), ms: ms(), result: 'open-or-filtered', icmp: null })
  } finally {
    calls.close(fd)
  }
}

/** null: nothing came yet. */
function hear(calls: SocketCalls, fd: number): Heard | null {
  for (let report = calls.receiveError(fd); report !== null; report = calls.receiveError(fd)) {
    const reported = icmpError(report)
    // Too big: the kernel knows the path's MTU now, and the next one is cut to it.
    if (reported.what !== 'other' && reported.what !== 'too-big') return { reported }
  }
  const received = calls.receive(fd)
  if (received !== null) return { answer: firstText(received.bytes) }
  const errno = calls.errno()
  return errno === 'EAGAIN' ? null : { reported: localError(errno) }
}

const ofClass: Readonly<Record<string, UdpVerdict>> = { refused: 'closed', prohibited: 'prohibited' }

function ofHeard(heard: Heard): Pick<UdpPort, 'result' | 'icmp' | 'answer' | 'says'> {
  if ('answer' in heard) return { result: 'answered', icmp: null, answer: heard.answer }
  const { error, what } = heard.reported
  const result = ofClass[what] ?? 'unreachable'
  return error.type === null ? { result, icmp: null, says: error.says } : { result, icmp: error }
}
