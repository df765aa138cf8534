/** What is asked for where, without a namespace: sockets that refuse to open tell how far it came. */
import { expect, test } from 'vitest'
import { netnsId } from '../../../src/model/ids.ts'
import type { HttpRequest } from '../../../src/model/probe.ts'
import type { ProbeContext } from '../../../src/probe/context.ts'
import { runHttp } from '../../../src/probe/http/run-http.ts'

const request: HttpRequest = {
  kind: 'http',
  place: { netns: { id: netnsId(1), name: 'a' }, dev: 0, paths: [], sockets: [], user: null },
  url: 'http://web/',
  known: {},
  resolver: { from: '', resolvConf: 'nameserver 192.0.2.1\n', hosts: '', nsswitch: null },
  timeoutMs: 1000,
  maxRedirects: 0,
  file: null,
  headers: [],
  head: false,
  insecure: false,
}

const context: ProbeContext = {
  sockets: async () => ({
    ok: true,
    value: {
      calls: {},
      readiness: {},
      inside: () => ({ ok: true, value: 0 }),
      open: () => ({ ok: false, failure: { kind: 'refused', what: 'no socket is opened' } }),
    } as never,
  }),
  emit: () => {},
  isAhead: () => false,
  drained: () => Promise.resolve(),
  signal: new AbortController().signal,
  onOrder: () => {},
}

test('a server called as what every object has is looked up as any other', async () => {
  for (const url of ['http://web/', 'http://constructor/']) {
    // Its name server cannot be asked.
    expect(await runHttp({ ...request, url }, context)).toMatchObject({
      ok: false,
      failure: { what: 'no socket is opened' },
    })
  }
})
