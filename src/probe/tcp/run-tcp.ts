/** TCP to one port or many, from inside a namespace: what each attempt came to, who said so, and the server's first words. */
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { Target, TcpRequest } from '../../model/probe.ts'
import type { TcpPort } from '../../model/probe-result.ts'
import { tcpPortText } from '../../derive/probe/tcp-verdict.ts'
import type { ProbeContext, Runner } from '../context.ts'
import { foundTarget } from '../dns/found-target.ts'
import { SOCK_STREAM } from '../socket/calls.ts'
import type { Sockets } from '../socket/sockets.ts'
import { sourceOf } from '../socket/source-of.ts'
import { hear } from './banner.ts'
import { beginConnecting, lookAtConnecting, PROTOCOL_TCP, type Met } from './connecting.ts'
import { eachPort } from './each-port.ts'
import { zoned } from './zoned.ts'
import { waitUntil } from './wait-until.ts'

/** Of more ports than that only those that answered get a line of their own. */
const mostLines = 24
const progressEvery = 64

export const runTcp: Runner<'tcp'> = async (request, context) => {
  const found = await foundTarget(request.place, request.target, context)
  if (!found.ok) return found
  const sockets = await context.sockets()
  if (!sockets.ok) return sockets
  const target = found.value
  const { ports: wanted, place } = request
  let done = 0
  const tried = await eachPort(wanted, context.signal, async (port) => {
    const one = await tryPort(sockets.value, request, target, port, context)
    if (!one.ok) return one
    done += 1
    if (one.value !== null) tell(target, one.value, wanted.length, context)
    if (done % progressEvery === 0) context.emit({ type: 'progress', done, total: wanted.length })
    return one
  })
  if (!tried.ok) return tried
  if (wanted.length > 1) context.emit({ type: 'progress', done: wanted.length, total: wanted.length })
  const ports = tried.value
  return succeeded({
    kind: 'tcp',
    ok: ports.length === wanted.length && ports.every(({ result }) => result === 'connected'),
    netns: place.netns,
    target: target.text,
    address: target.address,
    result: ports[0]?.result ?? 'timeout',
    ports,
  })
}

/** null: it was stopped before it came to anything. */
async function tryPort(
  sockets: Sockets,
  { place, timeoutMs, bannerMs }: TcpRequest,
  target: Target,
  port: number,
  context: ProbeContext,
): Promise<Outcome<TcpPort | null>> {
  const { calls } = sockets
  const { to, link } = zoned(target, port)
  const opened = sockets.open(place, to.family, SOCK_STREAM, PROTOCOL_TCP)
  if (!opened.ok) return opened
  const fd = opened.value
  const began = performance.now()
  try {
    const begun = beginConnecting(calls, fd, to, { link })
    const source = sourceOf(calls, fd)
    const met =
      begun ??
      lookAtConnecting(calls, fd) ??
      (await waitUntil(sockets, fd, { writable: true }, { ms: timeoutMs, signal: context.signal }, () =>
        lookAtConnecting(calls, fd),
      ))
    const ms = performance.now() - began
    if (met === null && context.signal.aborted) return succeeded(null)
    const one = { port, source: source ?? sourceOf(calls, fd), ms: rounded(ms) }
    if (met?.verdict !== 'connected') return succeeded({ ...one, ...asPort(met) })
    const heard = await hear(sockets, fd, bannerMs, context)
    return succeeded({
      ...one,
      result: heard.reset ? 'reset' : 'connected',
      icmp: null,
      ...(heard.banner === null ? {} : { banner: heard.banner }),
    })
  } finally {
    calls.close(fd)
  }
}

function asPort(met: Met | null): Pick<TcpPort, 'result' | 'icmp' | 'says'> {
  if (met === null) return { result: 'timeout', icmp: null }
  return { result: met.verdict, icmp: met.icmp, ...(met.says === null ? {} : { says: met.says }) }
}

/** Microseconds are as fine as this can be told. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

function tell({ address }: Target, port: TcpPort, ports: number, { emit }: ProbeContext): void {
  if (ports > mostLines && port.result !== 'connected' && port.result !== 'reset') return
  const tone = port.result === 'connected' ? 'good' : 'bad'
  emit({ type: 'line', at: Date.now(), text: tcpPortText(address, port), tone })
}
