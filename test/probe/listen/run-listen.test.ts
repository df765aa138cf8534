/** What is told of who came, without a namespace: datagrams that are there at once. */
import { expect, test } from 'vitest'
import { listenVerdict } from '../../../src/derive/probe/listen-verdict.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { ProbeEvent } from '../../../src/model/probe.ts'
import { runListen } from '../../../src/probe/listen/run-listen.ts'

test('a flood that nobody takes is counted, not kept', async () => {
  const events: ProbeEvent[] = []
  const stop = new AbortController()
  let left = 5000
  const datagram = {
    bytes: Buffer.from('x'),
    from: { family: 4, address: '192.0.2.1', port: 9 },
    control: [],
  }
  const sockets = {
    calls: {
      setInt: () => 0,
      bind: () => 0,
      localAddress: () => ({ port: 7 }),
      receive: () => (left-- > 0 ? datagram : null),
      close: () => {},
    },
    inside: () => ({ ok: true, value: 0 }),
    open: () => ({ ok: true, value: 3 }),
    readiness: {
      watch: (_fd: number, _events: object, ready: () => void) => {
        const timer = setInterval(() => {
          if (left > 0) ready()
          else stop.abort()
        }, 0)
        return { close: () => clearInterval(timer) }
      },
    },
  }
  const ended = await runListen(
    {
      kind: 'listen',
      place: { netns: { id: netnsId(1), name: 'a' }, dev: 0, paths: [], sockets: [], user: null },
      protocol: 'udp',
      address: '0.0.0.0',
      port: 7,
      count: null,
      timeoutMs: null,
    },
    {
      sockets: async () => ({ ok: true, value: sockets as never }),
      emit: (event) => void events.push(event),
      isAhead: () => events.length >= 100,
      drained: () => Promise.resolve(),
      signal: stop.signal,
      onOrder: () => {},
    },
  )
  expect(ended).toMatchObject({ ok: true, value: { kind: 'listen', ok: true, more: 4000 } })
  expect(ended.ok && listenVerdict(ended.value).says).toBe(
    '5000 datagrams to udp 0.0.0.0:7, the first 1000 from 192.0.2.1',
  )
  // That it listens, 99 who came, and how many more.
  expect(events).toHaveLength(101)
  expect(events.at(-1)).toMatchObject({
    text: '4901 more came that are not shown here: there were too many',
    tone: 'note',
  })
})
