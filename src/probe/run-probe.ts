/** Which function runs which kind of probe. Each is loaded when it is first asked for. */
import type { Outcome } from '../lib/failure.ts'
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

export async function runProbe(request: ProbeRequest, context: ProbeContext): Promise<Outcome<ProbeResult>> {
  const runner = (await runners[request.kind]()) as (
    request: ProbeRequest,
    context: ProbeContext,
  ) => Promise<Outcome<ProbeResult>>
  return runner(request, context)
}
