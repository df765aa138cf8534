/** Which function runs which kind of probe. Each is loaded when it is first asked for. */
import { sentBy } from '../derive/probe/sent.ts'
import { succeeded, type Outcome } from '../lib/failure.ts'
import type { ProbeKind, ProbeRequest } from '../model/probe.ts'
import type { ProbeResult } from '../model/probe-result.ts'
import type { ProbeContext, Runner } from './context.ts'

type Runners = { readonly [K in ProbeKind]: () => Promise<Runner<K>> }

const runners: Runners = {
  ping: async () => (await import('./ping/run-ping.ts')).runPing,
  tcp: async () => (await import('./tcp/run-tcp.ts')).runTcp,
  udp: async () => (await import('./udp/run-udp.ts')).runUdp,
  listen: async () => (await import('./listen/run-listen.ts')).runListen,
  dns: async () => (await import('./dns/run-dns.ts')).runDns,
  http: async () => (await import('./http/run-http.ts')).runHttp,
  traceroute: async () => (await import('./traceroute/run-traceroute.ts')).runTraceroute,
  tool: async () => (await import('./tool/run-tool.ts')).runTool,
  capture: async () => (await import('./capture/run-capture.ts')).runCapture,
  matrix: async () => (await import('./matrix/run-matrix.ts')).runMatrix,
}

/** With what grew while it ran, where it failed and counters were to be watched. */
export async function runProbe(request: ProbeRequest, context: ProbeContext): Promise<Outcome<ProbeResult>> {
  const runner = (await runners[request.kind]()) as (
    request: ProbeRequest,
    context: ProbeContext,
  ) => Promise<Outcome<ProbeResult>>
  const watch = 'watch' in request ? request.watch : undefined
  if (watch === undefined) return runner(request, context)
  const { watchGrowth } = await import('./growth/watch-growth.ts')
  const watched = await watchGrowth(watch)
  const outcome = await runner(request, context)
  if (!outcome.ok || outcome.value.ok || outcome.value.kind === 'matrix') return outcome
  const { grown, remarks } = await watched.after(sentBy(outcome.value))
  for (const text of remarks) context.emit({ type: 'line', at: Date.now(), text, tone: 'note' })
  return succeeded({ ...outcome.value, grown })
}
