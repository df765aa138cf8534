/** Runs probes on a played host, many in one process, as the helper process does: their results and what they told. */
import { statSync, writeFileSync } from 'node:fs'
import { netnsId } from '../../src/model/ids.ts'
import type { Failure } from '../../src/lib/failure.ts'
import type { Place, ProbeEvent, ProbeKind, ProbeRequest, RequestOf } from '../../src/model/probe.ts'
import type { ResultOf } from '../../src/model/probe-result.ts'
import { bundle } from './bundle.ts'
import type { TestHost } from './host.ts'

const source = `
import { readFileSync } from 'node:fs'
import { runProbe } from './src/probe/run-probe.ts'
import { loadSockets } from './src/probe/socket/sockets.ts'
const results = []
for (const { request, stopMs } of JSON.parse(readFileSync('/run/requests.json', 'utf8'))) {
  const events = []
  const stop = new AbortController()
  if (stopMs !== undefined) setTimeout(() => stop.abort(), stopMs)
  const began = performance.now()
  const outcome = await runProbe(request, {
    sockets: loadSockets, emit: (event) => events.push(event), isAhead: () => false, drained: async () => {},
    signal: stop.signal, onOrder: () => {},
  })
  results.push({ outcome, events, ms: performance.now() - began })
}
console.log(JSON.stringify(results))
`

/** `stopMs`: it is stopped after that time. */
type Asked<K extends ProbeKind> = { readonly request: RequestOf<K>; readonly stopMs?: number }

export type Ended<K extends ProbeKind> = {
  readonly outcome:
    | { readonly ok: true; readonly value: ResultOf<K> }
    | { readonly ok: false; readonly failure: Failure }
  readonly events: readonly ProbeEvent[]
  readonly ms: number
}

export type ProbesOnHost = {
  place(netns: string): Place
  /** One after the other. */
  run<K extends ProbeRequest['kind']>(asked: readonly Asked<K>[]): readonly Ended<K>[]
}

export async function probesOnHost(host: TestHost): Promise<ProbesOnHost> {
  const program = await bundle(source)
  return {
    place: (netns) => {
      const path = `/run/netns/${netns}`
      const { ino, dev } = statSync(host.path(path))
      return { netns: { id: netnsId(ino), name: netns }, dev, paths: [path], sockets: [], user: null }
    },
    run: <K extends ProbeKind>(asked: readonly Asked<K>[]) => {
      writeFileSync(host.path('/run/requests.json'), JSON.stringify(asked))
      return JSON.parse(host.run([process.execPath, program])) as readonly Ended<K>[]
    },
  }
}
