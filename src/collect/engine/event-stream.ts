/** An engine's stream of events: an HTTP answer that does not end, one JSON document a line. */
import { request, type ClientRequest } from 'node:http'
import { fieldsOf, textIn } from './answer.ts'

/** What changes containers and networks. Health checks alone make an event every few seconds, and change nothing here. */
const telling =
  /^(?:create|start|died?|destroy|remove|rename|(?:un)?pause|update|restart|(?:dis)?connect|prune|init|stop|cleanup)$/

/** No event of an engine is as long; what is, is no event. */
const maxLine = 256 * 1024

const firstPauseMs = 250
const longestPauseMs = 30_000

type Stream = {
  readonly socketPath: string
  readonly path: string
  /** Also called when the connection is there, and when it is lost: what happened before was told to nobody. */
  readonly onChange: () => void
  /** Each event as it came: one JSON document. */
  readonly onLine?: ((line: string) => void) | undefined
  readonly signal: AbortSignal
}

/** Reads until the signal; whenever the engine ends it, comes back later and later. */
export function followEvents({ socketPath, path, onChange, onLine, signal }: Stream): void {
  let pauseMs = firstPauseMs
  const connect = (): void => {
    if (signal.aborted) return
    let asking: ClientRequest | null = null
    let isOver = false
    let wasConnected = false
    const over = (): void => {
      if (isOver) return
      isOver = true
      asking?.destroy()
      if (signal.aborted) return
      if (wasConnected) onChange()
      const timer = setTimeout(connect, pauseMs)
      timer.unref()
      signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    asking = request({ agent: false, socketPath, path, signal, headers: { host: 'docker' } })
    asking.on('error', over)
    asking.on('response', (response) => {
      if (response.statusCode !== 200) {
        over()
        return
      }
      wasConnected = true
      onChange()
      const lines = createLines()
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        const complete = lines(chunk)
        if (complete === null) over()
        else {
          const telling = complete.filter(isTelling)
          if (telling.length === 0) return
          pauseMs = firstPauseMs
          for (const line of telling) onLine?.(line)
          onChange()
        }
      })
      response.on('error', over)
      response.on('close', over)
    })
    asking.end()
  }
  connect()
}

/** Whole lines out of pieces; null: a line without an end. */
function createLines(): (chunk: string) => readonly string[] | null {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    return rest.length > maxLine ? null : lines
  }
}

/** Does this event change what is shown? `line`: one JSON document. */
export function isTelling(line: string): boolean {
  try {
    const event = fieldsOf(JSON.parse(line) as unknown)
    const type = textIn(event['Type'])
    // Docker writes `exec_start: /bin/true` where there is more to say.
    const action = textIn(event['Action']).split(':')[0] ?? ''
    return ['container', 'network', 'pod'].includes(type) && telling.test(action)
  } catch {
    return false
  }
}
