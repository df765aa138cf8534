/**
 * Asks an engine over its unix socket: plain JSON over HTTP. Only GET is spoken, so asking changes nothing. Whatever comes
 * back is a value: the answer, or why there is none.
 */
import { Agent, request, type IncomingMessage } from 'node:http'
import { codeOf, reasonOf } from '../../lib/failure.ts'
import { scanJson } from '../../lib/scan-json.ts'
import { unknown, type Known } from '../../model/known.ts'
import { fieldsOf, textIn } from './answer.ts'
import { isNoAnswer, noAnswer, silenceMs } from './silence.ts'

const defaultMaxBytes = 4 * 1024 * 1024
const refreshBytes = 256 * 1024
/** Answers have about ten. What goes through deeper ones by recursion (JSON.stringify) would overflow the stack. */
const mostLevels = 100
/** Requests at a time: more would only queue inside the engine. */
const connections = 8

export type EngineClient = {
  /** The JSON of the answer. Once the engine kept silent, every further question is answered with the same reason at once. */
  get(path: string, maxBytes?: number): Promise<Known<{ readonly json: unknown }>>
  close(): void
}

export function engineClient(socketPath: string, signal: AbortSignal, patienceMs = silenceMs): EngineClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const silent = new AbortController()
  const stop = AbortSignal.any([signal, silent.signal])
  const inTurn = createTurns(connections)
  let reason: string | null = null
  const giveUp = (because: string): string => {
    reason ??= because
    silent.abort()
    return reason
  }
  return {
    get: (path, maxBytes = defaultMaxBytes) =>
      inTurn(async () => {
        if (reason !== null) return unknown(reason)
        const body = await ask({ agent, socketPath, path, maxBytes, signal: stop, patienceMs })
        if (typeof body === 'string') return parse(body)
        if (isNoAnswer(body.error)) return unknown(giveUp(body.error))
        return unknown(
          reason ?? (isTooLong(signal) ? 'the engine had not told everything in time' : body.error),
        )
      }),
    close: () => {
      silent.abort()
      agent.destroy()
    },
  }
}

function isTooLong({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof DOMException && reason.name === 'TimeoutError'
}

/** At most so many at a time; the silence of one that still waits for its turn is not the engine's. */
function createTurns(most: number): <T>(ask: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = most
  return async (ask) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await ask()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}

type Question = {
  readonly agent: Agent
  readonly socketPath: string
  readonly path: string
  readonly maxBytes: number
  readonly signal: AbortSignal
  readonly patienceMs: number
}

type Refused = { readonly error: string }

function ask({ agent, socketPath, path, maxBytes, signal, patienceMs }: Question): Promise<string | Refused> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    let refreshedAt = 0
    let silence: NodeJS.Timeout | undefined
    let isDone = false
    const end = (result: string | Refused): void => {
      // After its answer the connection is the next question's.
      if (isDone) return
      isDone = true
      clearTimeout(silence)
      if (typeof result !== 'string') asking.destroy()
      resolve(result)
    }
    const answered = (response: IncomingMessage): void => {
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > maxBytes) {
          end({ error: `the engine answered with more than ${Math.round(maxBytes / 1024 / 1024)} MiB` })
          return
        }
        chunks.push(chunk)
        // A big answer may take its time as long as it comes; one that only trickles is as good as silence.
        if (length - refreshedAt < refreshBytes) return
        refreshedAt = length
        silence?.refresh()
      })
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8')
        const status = response.statusCode ?? 0
        end(status === 200 ? body : { error: refusal(status, body) })
      })
      response.on('error', (error) => end({ error: socketErrorText(error) }))
    }
    const asking = request({
      agent,
      socketPath,
      path,
      signal,
      headers: { host: 'docker', 'user-agent': 'vethscope' },
    })
    asking.on('response', answered)
    asking.on('error', (error) => end({ error: socketErrorText(error) }))
    // Not request's own timeout, which sets out only when the socket is connected: a full backlog never is.
    silence = setTimeout(() => {
      // While this program was busy an answer may have come that it has not looked at yet.
      setImmediate(() => setImmediate(() => end({ error: noAnswer(patienceMs) })))
    }, patienceMs)
    asking.end()
  })
}

/** The engine's own words where it gave some: `{"message":"No such container: x"}`. */
function refusal(status: number, body: string): string {
  const json = parse(body)
  const message = 'json' in json ? textIn(fieldsOf(json.json)['message']) : ''
  return `the engine answered ${status}${message === '' ? '' : `: ${message.slice(0, 200)}`}`
}

function parse(body: string): Known<{ readonly json: unknown }> {
  const scan = scanJson(Buffer.from(body), mostLevels)
  if (scan.ok) return { json: JSON.parse(body) as unknown }
  return unknown(`the engine answered with something that is not JSON: ${scan.says}`)
}

/** Why a socket gave no answer. */
export function socketErrorText(error: Error): string {
  const code = codeOf(error) ?? ''
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'ECONNREFUSED') return 'nothing listens on the socket'
  if (code === 'ENOENT') return 'the socket is gone'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the engine closed the connection'
  if (code === 'ABORT_ERR') return 'asking was stopped'
  if (code.startsWith('HPE_')) return 'the engine answered with something that is not HTTP'
  return reasonOf(error)
}
