/** The helper's side, with a probe that the test writes: what is told, in what portions, and what ends it. */
import { expect, test, vi } from 'vitest'
import { succeeded } from '../../src/lib/failure.ts'
import type { ProbeEvent, ProbeRequest } from '../../src/model/probe.ts'
import type { ToolResult } from '../../src/model/probe-result.ts'
import type { ProbeContext } from '../../src/probe/context.ts'
import type { FromProber } from '../../src/probe/protocol.ts'
import { serveProbes } from '../../src/probe/serve.ts'

const netns = { id: '4026531840', name: 'web' } as ToolResult['netns']
const request: ProbeRequest = {
  kind: 'tool',
  place: { netns, dev: 4, paths: [], sockets: [], user: null },
  argv: ['true'],
  timeoutMs: null,
}
const result: ToolResult = { kind: 'tool', ok: true, netns, command: ['true'], exitCode: 0, problem: null }
const line = (text: string): ProbeEvent => ({ type: 'line', at: 0, text, tone: 'plain' })

function serve(run: (context: ProbeContext) => Promise<void>) {
  const sent: FromProber[] = []
  const server = serveProbes(
    (message) => void sent.push(message),
    async (_request, context) => {
      await run(context)
      return succeeded(result)
    },
  )
  const events = () => sent.flatMap((message) => (message.type === 'events' ? message.events : []))
  return { server, sent, events }
}

test('what is told at once goes as one message, before the end', async () => {
  const { server, sent } = serve(async ({ emit }) => {
    for (let at = 0; at < 500; at++) emit(line(String(at)))
  })
  server.receive({ type: 'run', id: 7, request })
  await vi.waitFor(() => expect(sent).toHaveLength(2))
  expect(sent[0]).toMatchObject({ type: 'events', id: 7, events: { length: 500 } })
  expect(sent[1]).toEqual({ type: 'ended', id: 7, result })
})

test('who is far ahead waits until enough was taken', async () => {
  let told = 0
  const { server, sent, events } = serve(async ({ emit, isAhead, drained }) => {
    for (; told < 10_000; told++) {
      if (isAhead()) await drained()
      emit(line(String(told)))
    }
  })
  server.receive({ type: 'run', id: 1, request })
  await vi.waitFor(() => expect(events()).toHaveLength(2000))
  expect(told).toBe(2000)
  server.receive({ type: 'taken', id: 1, events: 500 })
  await vi.waitFor(() => expect(events()).toHaveLength(2500))
  expect(told).toBe(2500)
  // As the program does: all that comes is taken.
  let taken = 500
  while (sent.at(-1)?.type !== 'ended') {
    const come = events().length
    server.receive({ type: 'taken', id: 1, events: come - taken })
    taken = come
    await vi.waitFor(() => expect(events().length > taken || sent.at(-1)?.type === 'ended').toBe(true))
  }
  expect(events().map((event) => ('text' in event ? event.text : ''))).toEqual(
    Array.from({ length: 10_000 }, (_, at) => String(at)),
  )
})

test('a stop ends the one it names, also where that waits to be taken; the others go on', async () => {
  const ended: number[] = []
  const { server, sent } = serve(async ({ emit, drained, signal }) => {
    for (let at = 0; at < 2000; at++) emit(line(''))
    await drained()
    ended.push(signal.aborted ? 1 : 0)
  })
  server.receive({ type: 'run', id: 1, request })
  server.receive({ type: 'run', id: 2, request })
  server.receive({ type: 'stop', id: 1 })
  await vi.waitFor(() => expect(sent).toContainEqual({ type: 'ended', id: 1, result }))
  expect(sent).not.toContainEqual({ type: 'ended', id: 2, result })
  await server.stop()
  expect(sent).toContainEqual({ type: 'ended', id: 2, result })
  expect(ended).toEqual([1, 1])
})

test('an order reaches the probe that it is for; a bug in one is its failure, and the rest goes on', async () => {
  const { server, sent } = serve(async ({ emit, onOrder, signal }) => {
    onOrder(({ file }) => {
      if (file === 'throw') throw new Error('not a good file')
      emit({ type: 'told', text: file, ok: true })
    })
    await new Promise((done) => signal.addEventListener('abort', done))
    throw new Error('by a bug')
  })
  server.receive({ type: 'run', id: 1, request })
  server.receive({ type: 'run', id: 2, request })
  server.receive({ type: 'order', id: 2, order: { type: 'save', file: '/x' } })
  await vi.waitFor(() =>
    expect(sent).toEqual([{ type: 'events', id: 2, events: [{ type: 'told', text: '/x', ok: true }] }]),
  )
  server.receive({ type: 'stop', id: 1 })
  await vi.waitFor(() =>
    expect(sent.at(-1)).toMatchObject({
      type: 'failed',
      id: 1,
      failure: { kind: 'refused', what: expect.stringContaining('tool probe: by a bug') },
    }),
  )
  // To one that has ended: nothing happens.
  server.receive({ type: 'stop', id: 1 })
  server.receive({ type: 'taken', id: 1, events: 1 })
})
