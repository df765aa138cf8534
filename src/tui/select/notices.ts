/** What stands between the tab bar and the tree as long as it is so. The most pressing first. */
import { listOf } from '../../model/known.ts'
import { confirmsIn } from '../changing/change-state.ts'
import type { State } from '../state.ts'
import type { Role } from '../frame.ts'
import { clockTime } from './clock.ts'
import { findingsOf } from './findings.ts'
import { severityMarks, severityRoles } from './severity.ts'
import { shown } from './shown.ts'
import { troubleOf } from './trouble.ts'
import { treeOf } from './tree.ts'

export type Notice = {
  readonly mark: string
  readonly text: string
  readonly role: Role
  /** Only so many characters of the text are as pressing as the mark; absent: all. */
  readonly loud?: number
  readonly key: string | null
}

export function noticesOf(state: State): readonly Notice[] {
  return [
    ...lost(state),
    ...failing(state),
    ...waiting(state),
    ...unfinished(state),
    ...banner(state),
    ...frozen(state),
    ...filtering(state),
    ...found(state),
    ...unread(state),
  ]
}

function lost(state: State): readonly Notice[] {
  const { status } = state.feed
  if (status.type !== 'lost') return []
  const what = status.restarting ? 'starting the reader again' : 'quit and start again'
  const text = `not live since ${clockTime(status.since)}: ${status.reason}; ${what}`
  return [{ mark: '!!', text, role: 'error', key: null }]
}

function failing(state: State): readonly Notice[] {
  const { failure } = state.feed
  if (failure === null) return []
  const hint = failure.hint === undefined ? '' : `; ${failure.hint}`
  return [{ mark: '!!', text: `${failure.what}${hint}`, role: 'error', key: null }]
}

/** A change that nobody keeps is taken back. */
function waiting({ changes, now }: State): readonly Notice[] {
  return changes.runs.flatMap((run) => {
    const left = confirmsIn(run, now) ?? 0
    const text = `${run.title}: taken back in ${Math.ceil(left / 1000)} s unless it is kept`
    return left > 0
      ? [{ mark: '!!', text, role: 'changed' as const, key: '[:change-show] Enter keeps it' }]
      : []
  })
}

/** Of a lab: what was begun and not ended. */
function unfinished(state: State): readonly Notice[] {
  const { world } = shown(state)
  const [said] = listOf(world?.engines ?? [])
    .filter(({ engine }) => engine === 'lab')
    .flatMap(({ warnings }) => warnings)
  const isOff = state.options.mode === 'replay' || state.options.readonly
  const text = said?.replace(/: vethscope cleanup .*$/, '') ?? ''
  return said === undefined
    ? []
    : [{ mark: '!!', text, role: 'error', key: isOff ? null : '[:cleanup] takes it back' }]
}

function banner(state: State): readonly Notice[] {
  const text = state.options.banner
  return text === undefined ? [] : [{ mark: '', text, role: 'banner', key: null }]
}

function frozen(state: State): readonly Notice[] {
  if (state.frozen === null) return []
  const missed = state.feed.changes.filter((change) => Date.parse(change.at) > (state.frozen?.at ?? 0)).length
  const text = `frozen at ${clockTime(state.frozen.at)}; ${missed} ${missed === 1 ? 'change' : 'changes'} since`
  return [{ mark: '', text, role: 'banner', key: '[z] live again' }]
}

function filtering(state: State): readonly Notice[] {
  if (state.mode.type === 'filter' || state.topology.filter.trim() === '') return []
  const { hits, problem } = treeOf(state)
  const count = hits?.size ?? 0
  const text = `filter: ${state.topology.filter}  ${problem ?? (count === 1 ? '1 row fits' : `${count} rows fit`)}`
  return [{ mark: '/', text, role: 'match', key: '[Esc] show all' }]
}

/** On the start view only; from the one that `n` went to last on. */
function found(state: State): readonly Notice[] {
  if (state.screen !== 'topology') return []
  const { findings } = findingsOf(state)
  const from = Math.max(0, Math.min(state.finding ?? 0, findings.length - findingsShown))
  return findings.slice(from, from + findingsShown).map(({ id, severity, says }, at) => ({
    mark: severityMarks[severity],
    text: `${id} ${says}`,
    role: severityRoles[severity],
    loud: id.length,
    key: at === 0 ? '[!] why' : '[n] next',
  }))
}

const findingsShown = 2

/** On the other screens the header's count must do. */
function unread(state: State): readonly Notice[] {
  if (state.screen !== 'topology') return []
  const trouble = troubleOf(shown(state).world)
  const [first] = trouble
  if (first === undefined) return []
  const more = trouble.length === 1 ? '' : ` and ${trouble.length - 1} more`
  const hint = first.hint === null ? '' : `; ${first.hint}`
  const text = `not read: ${first.subject}${more}: ${first.reason}${hint}`
  return [{ mark: '?', text, role: 'unreadable', key: '[!] why' }]
}
