/** The body of an answer: counted, or written to a new file. */
import type { IncomingMessage } from 'node:http'
import type { Outcome } from '../../lib/failure.ts'
import { writeNewFile } from '../../lib/new-file.ts'
import { stopped, type HttpError, type Wait } from './connect.ts'
import { errorOf, hungUp } from './exchange.ts'

export type Body = {
  readonly bytes: number
  readonly file: string | null
  readonly error: HttpError | null
  /** Why it was not read to its end, where that is nobody's fault. */
  readonly remark: string | null
}

/** Of one that is only counted: who wants more of it gives a file. */
const mostCounted = 100 * 1000 * 1000
const mostTimes = 10

/** `ms` of the wait: how long it may be silent. */
export async function readBody(
  response: IncomingMessage,
  file: string | null,
  wait: Wait,
  told: (bytes: number) => void,
): Promise<Body> {
  let bytes = 0
  const count = (chunk: Buffer): void => {
    bytes += chunk.length
    told(bytes)
  }
  if (file === null) {
    const until = performance.now() + wait.ms * mostTimes
    let remark: string | null = null
    const error = await pour(response, wait, async (chunk) => {
      count(chunk)
      if (bytes >= mostCounted) remark = `more than ${mostCounted / 1e6} MB: the rest was not read`
      else if (performance.now() > until)
        remark = `still coming after ${(wait.ms * mostTimes) / 1000} s: the rest was not read`
      return remark === null
    })
    return { bytes, file: null, error, remark }
  }
  let error: HttpError | null = null
  const written: Outcome<unknown> = await writeNewFile(file, async (handle) => {
    error = await pour(response, wait, async (chunk) => {
      await handle.writeFile(chunk)
      count(chunk)
      return true
    })
    // Then nothing is left of it: a file with half a body would be taken for the whole.
    if (error !== null) throw new Error('its body did not come whole')
  })
  response.destroy()
  if (written.ok) return { bytes, file, error: null, remark: null }
  return { bytes, file: null, error: error ?? { what: 'file', says: written.failure.what }, remark: null }
}

/** Until its end, an error, or `take` has enough; what `take` throws is thrown. */
async function pour(
  response: IncomingMessage,
  { ms, signal }: Wait,
  take: (chunk: Buffer) => Promise<boolean>,
): Promise<HttpError | null> {
  let cut: HttpError | null = null
  let refused: { readonly error: unknown } | null = null
  const end = (error: HttpError): void => {
    cut ??= error
    response.destroy()
  }
  // Node says "aborted" of a RST and of an early FIN; the socket knows which it was.
  response.socket.on('error', (error) => (cut ??= errorOf(error)))
  const silent = (): void => end({ what: 'timeout', says: `its body came to a halt for ${ms / 1000} s` })
  const stop = (): void => end({ what: 'http', says: stopped })
  let timer = setTimeout(silent, ms)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop)
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      clearTimeout(timer)
      const more = await take(chunk).catch((error: unknown) => {
        refused = { error }
        return false
      })
      if (!more) break
      timer = setTimeout(silent, ms)
    }
  } catch (error) {
    const why = errorOf(error instanceof Error ? error : new Error(String(error)))
    cut ??= why.what === 'reset' || why.says === hungUp ? endedEarly : why
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    response.destroy()
  }
  // TypeScript does not see what the functions above assign.
  const failure = refused as { readonly error: unknown } | null
  if (failure !== null) throw failure.error
  return cut
}

const endedEarly: HttpError = { what: 'http', says: 'the server hung up before its body was whole' }
