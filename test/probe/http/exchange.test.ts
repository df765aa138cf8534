/** One request over a connection, without a namespace: what of an answer is kept, and what ends it. */
import { createServer, connect, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readBody } from '../../../src/probe/http/body.ts'
import { exchange, headersOf, type Answer } from '../../../src/probe/http/exchange.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-http-'))
let server: Server | null = null
let asked = ''
let last = 0

afterEach(() => {
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What a server that says `text` and then hangs up comes to. */
async function answerOf(
  text: string,
  { hangsUp = true, ms = 2000, signal = new AbortController().signal } = {},
): Promise<Answer> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${(last += 1)}.sock`)
  server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    socket.once('data', (data) => {
      asked = data.toString('latin1')
      socket.write(Buffer.from(text, 'latin1'))
      if (hangsUp) socket.end()
    })
  }).listen(path)
  await once(server, 'listening')
  const socket = connect(path)
  await once(socket, 'connect')
  const headers = [
    { name: 'Host', value: 'web' },
    { name: 'X-A', value: '1' },
    { name: 'x-a', value: '2' },
  ]
  return exchange(socket, { method: 'GET', path: '/x?y', headers }, { ms, signal })
}

test('exactly what was asked for is sent', async () => {
  const { response } = await answerOf('HTTP/1.1 204 No Content\r\n\r\n')
  expect(response?.statusCode).toBe(204)
  expect(asked.split('\r\n')).toEqual([
    'GET /x?y HTTP/1.1',
    'Host: web',
    'X-A: 1',
    'X-A: 2',
    'Connection: close',
    '',
    '',
  ])
})

test('of many headers and long ones the beginning is kept, and controls are seen', async () => {
  const many = Array.from(
    { length: 300 },
    (_, at) => `X-${at}: ${'v'.repeat(at === 0 ? 3000 : 1)}\x1b[2J\r\n`,
  ).join('')
  const { response } = await answerOf(`HTTP/1.1 200 OK\r\n${many}\r\n`)
  const headers = response === null ? [] : headersOf(response)
  expect(headers).toHaveLength(200)
  expect(headers[0]?.value).toHaveLength(2000)
  expect(headers[1]).toEqual({ name: 'X-1', value: String.raw`v\x1b[2J` })
})

test('what is no answer, silence and a signal each end it with a sentence', async () => {
  expect((await answerOf('')).error).toEqual({
    what: 'http',
    says: 'the server hung up before it had answered',
  })
  expect((await answerOf('220 mail\x07\r\n')).error?.says).toBe(
    String.raw`what came back is not HTTP: 220 mail\x07`,
  )
  expect((await answerOf('HTTP/1.1 200', { hangsUp: false, ms: 100 })).error).toEqual({
    what: 'timeout',
    says: 'it is connected, and there was no whole answer in 0.1 s (12 bytes came)',
  })
  const stopping = new AbortController()
  setTimeout(() => stopping.abort(), 50)
  expect((await answerOf('', { hangsUp: false, signal: stopping.signal })).error?.says).toBe('it was stopped')
})

test('a body of which more is told than comes is not whole, and what came is counted', async () => {
  const wait = { ms: 2000, signal: new AbortController().signal }
  const told: number[] = []
  const read = async (text: string) => {
    const { response } = await answerOf(`HTTP/1.1 200 OK\r\n${text}`)
    return response === null ? null : readBody(response, null, wait, (bytes) => told.push(bytes))
  }
  expect(await read('Content-Length: 5\r\n\r\nhello')).toEqual({
    bytes: 5,
    file: null,
    error: null,
    remark: null,
  })
  expect(await read('Content-Length: 9\r\n\r\nhello')).toMatchObject({
    bytes: 5,
    error: { what: 'http', says: 'the server hung up before its body was whole' },
  })
  expect(await read('Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')).toMatchObject({
    bytes: 5,
    error: null,
  })
  expect(told).toEqual([5, 5, 5])
})
