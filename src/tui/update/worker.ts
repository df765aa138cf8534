/** What the worker says. Data keeps arriving underneath while the screen is frozen. */
import type { FromWorker } from '../../collect/protocol.ts'
import type { CounterTable, Feed } from '../feed.ts'
import { wantedLinks } from '../select/chart-links.ts'
import { connectionsAsked } from '../select/connections.ts'
import { withSample } from '../select/history.ts'
import { withReading } from '../select/readings.ts'
import type { State } from '../state.ts'
import { withDetails } from './details.ts'
import { noted, withHappenings } from './log-entries.ts'
import { foundReceived } from './found-received.ts'
import { rulesReceived } from './rules-received.ts'
import { snapshotProgressed } from './snapshot.ts'
import { saying, type Step } from './step.ts'
import { withWorld } from './world.ts'

/** The reader tells how far it is far more often than anybody can read it. */
const progressMs = 100

export function received(before: State, message: FromWorker, now: number): Step {
  const state: State = { ...before, now }
  const { feed } = state
  switch (message.type) {
    case 'world': {
      const [next, ...effects] = withWorld(feed, message, state.now)
      const known: State = { ...state, feed: next }
      const isAsked = effects.some(({ type }) => type === 'resend')
      return [
        isAsked ? noted(known, 'a message of the reader was lost: everything is asked for again') : known,
        ...effects,
      ]
    }
    case 'details':
      // An answer to what was asked before the selection moved on.
      if (message.generation !== state.asked.generation) return [state]
      return [{ ...state, feed: withDetails(feed, message.netns, message.value, state.now) }]
    case 'counters':
      return [{ ...state, feed: withCounters(state, message) }]
    case 'progress': {
      const { status } = feed
      if (status.type !== 'starting' && status.type !== 'filling') return [before]
      if (status.type === 'filling' && now - status.at < progressMs) return [before]
      const { done, total } = message
      return [{ ...state, feed: { ...feed, status: { type: 'filling', done, total, at: now } } }]
    }
    case 'snapshot-written':
      return [
        noted(saying({ ...state, saving: null }, 'done', `saved ${message.file}`), `saved ${message.file}`),
      ]
    case 'failed': {
      const { failure } = message
      if (message.id === null) return [{ ...state, feed: { ...feed, failure } }]
      if (!isSaving(state, message.id)) return [state]
      const bad = { ok: false, says: 'failed', ms: 0, stderr: failure.hint ?? null }
      const hint = failure.hint === undefined ? '' : `; ${failure.hint}`
      return [noted(saying({ ...state, saving: null }, 'error', `${failure.what}${hint}`), failure.what, bad)]
    }
    case 'rules':
      return [rulesReceived(state, message)]
    case 'connections':
      // Of another namespace, or of rows that were asked for before another filter.
      if (message.generation !== state.asked.generation) return [state]
      return [
        { ...state, feed: { ...feed, connections: message.value, connectionsFor: connectionsAsked(state) } },
      ]
    case 'way':
      return [{ ...state, feed: { ...feed, way: message.value } }]
    case 'ports':
      return [{ ...state, feed: { ...feed, ports: message.value } }]
    case 'found':
      return [foundReceived(state, { text: message.text, value: message.value })]
    case 'snapshot-progress':
      return [isSaving(state, message.id) ? snapshotProgressed(state, message.done, message.total) : state]
    case 'log':
      return [{ ...state, feed: withHappenings(feed, message.entries) }]
    case 'findings':
      return [{ ...state, feed: { ...feed, findings: message.value } }]
    case 'stopped':
      return [state]
    default:
      return message satisfies never
  }
}

/** Not one that was stopped: what it still says is no news. */
function isSaving({ saving, asked }: State, id: number): boolean {
  return saving !== null && id === asked.snapshots
}

/** One that lasted this long gets a successor; one that fails sooner would fail again. */
const healthyMs = 5 * 60_000

/** The worker ended by itself: what is shown stays, marked, and another one is started, unless this was another one. */
export function workerGone(state: State, reason: string): Step {
  const { feed } = state
  const restarting = feed.restartedAt === null || state.now - feed.restartedAt >= healthyMs
  const since = feed.status.type === 'lost' ? feed.status.since : state.now
  const lost: Feed = {
    ...feed,
    status: { type: 'lost', since, reason, restarting },
    restartedAt: restarting ? state.now : feed.restartedAt,
    seq: 0,
    staging: null,
    awaitingResend: true,
    counters: null,
  }
  const what = restarting ? 'it is started again' : 'it is not started again'
  const next = noted(
    { ...state, feed: lost, saving: null, asked: { ...state.asked, needs: '' } },
    `the reader ended: ${reason}; ${what}`,
    { ok: false, says: 'ended', ms: 0, stderr: null },
  )
  return restarting ? [next, { type: 'restart-worker' }] : [next]
}

function withCounters(state: State, message: CounterTable): Feed {
  const { feed } = state
  const last: CounterTable = { at: message.at, netns: message.netns, values: message.values }
  const known = feed.counters
  const { readings, isSample } = withReading(known, last)
  if (known === null || !isSample) return { ...feed, counters: readings }
  const history = withSample(feed.history, known.mark, last, wantedLinks(state))
  return { ...feed, counters: readings, history }
}
