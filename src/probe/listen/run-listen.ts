/** Listens inside a namespace and tells who came, with the first of what they sent; answers nothing, or HTTP with who asked. */
import { failed, succeeded } from '../../lib/failure.ts'
import type { ListenResult } from '../../model/probe-result.ts'
import { cameText } from '../../derive/probe/listen-verdict.ts'
import { endText } from '../../derive/probe/tcp-verdict.ts'
import type { Runner } from '../context.ts'
import { whileThere } from '../socket/while-there.ts'
import { answerRequests } from './answer-requests.ts'
import { boundInside } from './bound.ts'
import { hearConnections } from './hear-connections.ts'
import { hearDatagrams } from './hear-datagrams.ts'

export type Came = ListenResult['came'][number]

/** What the result holds of them; as many as are taken are told as they come. */
const mostKept = 1000

export const runListen: Runner<'listen'> = async (request, context) => {
  const sockets = await context.sockets()
  if (!sockets.ok) return sockets
  const bound = boundInside(sockets.value, request)
  if (!bound.ok) return bound
  const { fd, port } = bound.value
  const { protocol, address, count, timeoutMs, place, answers } = request
  const { name } = place.netns
  context.emit({
    type: 'line',
    at: Date.now(),
    text: `${answers === undefined ? `listening on ${protocol}` : 'a web server on'} ${endText(address, port)} in ${name}`,
    tone: 'note',
  })
  const came: Came[] = []
  let seen = 0
  let hidden = 0
  /** A flood that nobody reads as fast is counted only. */
  const noteHidden = (): void => {
    if (hidden === 0) return
    const text = `${hidden} more came that are not shown here: there were too many`
    context.emit({ type: 'line', at: Date.now(), text, tone: 'note' })
    hidden = 0
  }
  const end = new AbortController()
  const stop = (): void => end.abort()
  context.signal.addEventListener('abort', stop)
  if (context.signal.aborted) stop()
  const timer = timeoutMs === null ? undefined : setTimeout(stop, timeoutMs)
  const onCame = (one: Came): void => {
    if (end.signal.aborted) return
    seen += 1
    if (came.length < mostKept) came.push(one)
    if (context.isAhead()) hidden += 1
    else {
      noteHidden()
      context.emit({ type: 'line', at: one.at, text: cameText(protocol, one), tone: 'good' })
    }
    if (count !== null && seen >= count) stop()
  }
  const hear =
    answers !== undefined
      ? answerRequests({ server: name, names: answers })
      : protocol === 'tcp'
        ? hearConnections
        : hearDatagrams
  const { gone } = await whileThere(sockets.value, place, { ...context, signal: end.signal }, ({ signal }) =>
    hear(sockets.value, fd, signal, onCame),
  )
  noteHidden()
  clearTimeout(timer)
  context.signal.removeEventListener('abort', stop)
  if (gone !== null) return failed(gone)
  return succeeded({
    kind: 'listen',
    ok: count !== null ? seen >= count : timeoutMs === null || seen > 0,
    netns: place.netns,
    protocol,
    address,
    port,
    came,
    ...(seen > came.length ? { more: seen - came.length } : {}),
  })
}
