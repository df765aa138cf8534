/** One request that changes something, over an engine's unix socket. Reading is collect/engine's. */
import { request, type IncomingMessage } from 'node:http'
import { socketErrorText } from '../../collect/engine/http.ts'

export type EngineRequest = {
  readonly socket: string
  readonly method: 'POST' | 'DELETE'
  readonly path: string
  /** JSON; absent: none is sent. */
  readonly body?: string
  readonly withinMs: number
}

/** `error`: there is no answer, and why. */
export type EngineAnswer = { readonly status: number; readonly body: string } | { readonly error: string }

/** Answers to changes are an id, warnings or a sentence. */
const maxBytes = 1024 * 1024

/** Never throws for what the engine does. */
export function sendRequest({ socket, method, path, body, withinMs }: EngineRequest): Promise<EngineAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const end = (answer: EngineAnswer): void => {
      clearTimeout(limit)
      asking.destroy()
      resolve(answer)
    }
    const answered = (response: IncomingMessage): void => {
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > maxBytes) end({ error: 'the engine answered with more than 1 MiB' })
        else chunks.push(chunk)
      })
      response.on('end', () => {
        end({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })
      })
      response.on('error', (error) => end({ error: socketErrorText(error) }))
    }
    const asking = request({
      // No connection that is kept: this process ends with the answer.
      agent: false,
      socketPath: socket,
      method,
      path,
      headers: {
        host: 'docker',
        'user-agent': 'vethscope',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
    })
    asking.on('response', answered)
    asking.on('error', (error) => end({ error: socketErrorText(error) }))
    // Not request's own timeout, which sets out only when the socket is connected: a full backlog never is.
    const limit = setTimeout(
      () => end({ error: `no answer from the engine in ${withinMs / 1000} s` }),
      withinMs,
    )
    asking.end(body)
  })
}
