/** One request over an open connection, until the headers of its answer are there. */
import { request as ask, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Header } from '../../derive/probe/http-header.ts'
import { codeOf } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { HttpResult } from '../../model/probe-result.ts'
import { firstText } from '../tcp/banner.ts'
import { stopped, type HttpError, type Wait } from './connect.ts'

export type Asked = {
  readonly method: 'GET' | 'HEAD'
  readonly path: string
  readonly headers: readonly Header[]
}

export type Answer = { readonly ms: number } & (
  | { readonly response: IncomingMessage; readonly error: null }
  | { readonly response: null; readonly error: HttpError }
)

/** All headers of an answer together. */
const mostHeaderBytes = 64 * 1024

/** The connection ends with the response, or here. */
export function exchange(socket: Socket, asked: Asked, { ms: mostMs, signal }: Wait): Promise<Answer> {
  const began = performance.now()
  return new Promise((resolve) => {
    const request = ask({
      method: asked.method,
      path: asked.path,
      setHost: false,
      createConnection: () => socket,
      maxHeaderSize: mostHeaderBytes,
      // What a server says wrong is to be seen, not refused; each connection is used once, so nothing can be smuggled.
      insecureHTTPParser: true,
    })
    for (const { name, values } of byName(asked.headers)) request.setHeader(name, values)
    const ended = (response: IncomingMessage | null, error: HttpError | null): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      const ms = performance.now() - began
      if (response !== null) return resolve({ ms, response, error: null })
      socket.destroy()
      resolve({ ms, response, error: error ?? { what: 'http', says: 'no answer' } })
    }
    const stop = (): void => ended(null, { what: 'http', says: stopped })
    const timer = setTimeout(() => {
      const says = `it is connected, and there was no whole answer in ${mostMs / 1000} s (${socket.bytesRead} bytes came)`
      ended(null, { what: 'timeout', says })
    }, mostMs)
    request.on('response', (response) => ended(response, null))
    // A server that changes the protocol without being asked: the answer counts, what follows does not.
    request.on('upgrade', (response) => ended(response, null))
    // Stays: an error after this one must not be thrown.
    request.on('error', (error) => ended(null, errorOf(error)))
    request.on('close', () => ended(null, { what: 'http', says: 'the server hung up without an answer' }))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop)
    request.end()
  })
}

/** A name may stand there several times. */
function byName(headers: readonly Header[]): readonly { readonly name: string; readonly values: string[] }[] {
  const named = new Map<string, { name: string; values: string[] }>()
  for (const { name, value } of headers) {
    const known = named.get(name.toLowerCase())
    if (known === undefined) named.set(name.toLowerCase(), { name, values: [value] })
    else known.values.push(value)
  }
  return [...named.values()]
}

export const hungUp = 'the server hung up before it had answered'

/** What ended a request or a body. */
export function errorOf(error: Error): HttpError {
  const code = codeOf(error) ?? ''
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { what: 'http', says: `the headers of its answer are larger than ${mostHeaderBytes / 1024} KiB` }
  }
  if (code.startsWith('HPE_')) {
    const raw = (error as { rawPacket?: unknown }).rawPacket
    const began = raw instanceof Uint8Array ? firstText(raw) : ''
    const what =
      code === 'HPE_INVALID_CONSTANT'
        ? 'what came back is not HTTP'
        : `its answer breaks HTTP (${code.slice(4).toLowerCase().replaceAll('_', ' ')})`
    return { what: 'http', says: began === '' ? what : `${what}: ${began}` }
  }
  // Node has ECONNRESET for a server that closed, too.
  if (code === 'ECONNRESET' && /hang up|aborted/.test(error.message)) {
    return { what: 'http', says: hungUp }
  }
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return { what: 'reset', says: 'the connection was reset (RST)' }
  if (code === 'ETIMEDOUT') return { what: 'timeout', says: 'what was sent was never acknowledged' }
  return { what: 'http', says: sanitise(error.message) }
}

const mostHeaders = 200
const longestValue = 2000

/** As they came, harmless. */
export function headersOf({ rawHeaders }: IncomingMessage): HttpResult['headers'] {
  const headers: { name: string; value: string }[] = []
  for (let at = 0; at + 1 < rawHeaders.length && headers.length < mostHeaders; at += 2) {
    headers.push({
      name: sanitise((rawHeaders[at] ?? '').slice(0, longestValue)),
      value: sanitise((rawHeaders[at + 1] ?? '').slice(0, longestValue)),
    })
  }
  return headers
}
