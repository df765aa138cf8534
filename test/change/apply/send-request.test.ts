import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { sendRequest, type EngineAnswer } from '../../../src/change/apply/send-request.ts'
import { fakeEngine, fakeServer, type FakeEngine } from '../../support/fake-engine.ts'

const within = async (
  engine: FakeEngine,
  withinMs = 5000,
  question: { readonly method?: 'POST' | 'DELETE'; readonly body?: string } = {},
): Promise<EngineAnswer> => {
  const { method = 'POST', ...rest } = question
  try {
    return await sendRequest({ socket: engine.path, method, path: '/networks/create', withinMs, ...rest })
  } finally {
    await engine.close()
  }
}

test('the body goes as JSON with its length in bytes, and what comes back is handed on', async () => {
  let heard = ''
  const hears = async (response: ServerResponse, request: IncomingMessage): Promise<void> => {
    const { 'content-type': type, 'content-length': length } = request.headers
    heard = `${type} ${length} ${await text(request)}`
    response.writeHead(201).end('{"Id":"x"}')
  }
  const engine = await fakeEngine((_path, response, request) => void hears(response, request))
  const body = '{"Name":"nätz"}'
  expect(await within(engine, 5000, { body })).toEqual({ status: 201, body: '{"Id":"x"}' })
  expect(heard).toBe(`application/json ${Buffer.byteLength(body)} ${body}`)
  expect(engine.asked).toEqual(['POST /networks/create'])
})

test('without a body none is announced', async () => {
  let type: string | undefined = 'not asked'
  const engine = await fakeEngine((_path, response, request) => {
    type = request.headers['content-type']
    response.writeHead(204).end()
  })
  expect(await within(engine, 5000, { method: 'DELETE' })).toEqual({ status: 204, body: '' })
  expect(type).toBeUndefined()
  expect(engine.asked).toEqual(['DELETE /networks/create'])
})

test('a refusal is an answer', async () => {
  const engine = await fakeEngine((_path, response) => response.writeHead(403).end('{"message":"no"}'))
  expect(await within(engine)).toEqual({ status: 403, body: '{"message":"no"}' })
})

test('silence, an end in the middle, nonsense and too much are said', async () => {
  const silent = await fakeServer(() => {})
  expect(await within(silent, 100)).toEqual({ error: 'no answer from the engine in 0.1 s' })
  const hung = await fakeServer((socket) => socket.end())
  expect(await within(hung)).toEqual({ error: 'the engine closed the connection' })
  const odd = await fakeServer((socket) => socket.end('what?\r\n\r\n'))
  expect(await within(odd)).toEqual({ error: 'the engine answered with something that is not HTTP' })
  const endless = await fakeEngine((_path, response) => response.writeHead(200).end('x'.repeat(2 ** 21)))
  expect(await within(endless)).toEqual({ error: 'the engine answered with more than 1 MiB' })
})

test('a socket where nobody is', async () => {
  const ask = (socket: string): Promise<EngineAnswer> =>
    sendRequest({ socket, method: 'POST', path: '/', withinMs: 1000 })
  expect(await ask('/run/no-such.sock')).toEqual({ error: 'the socket is gone' })
})
