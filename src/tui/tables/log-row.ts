/** Changes of the World and what was run and heard, as rows of one kind. */
import type { NetnsId } from '../../model/ids.ts'
import type { LogEntry } from '../../model/log-entry.ts'
import type { Change } from '../../model/world.ts'

export type LogRow = {
  readonly key: string
  /** Milliseconds since the epoch: of what happened again and again, the last time. */
  readonly at: number
  readonly since: number
  readonly times: number
  readonly kind: 'change' | LogEntry['kind']
  readonly netns: NetnsId | null
  readonly ifindex: number | null
  readonly container: string | null
  /** What the namespace was called; empty: it is about none. */
  readonly where: string
  /** Of a change: what it is about; else empty. */
  readonly subject: string
  /** As it stands in the row. */
  readonly text: string
  /** Whole: of a command the line that was run. */
  readonly whole: string
  readonly outcome: LogEntry['outcome']
  /** What it is made of. */
  readonly source: Change | LogEntry
}

const made = new WeakMap<Change | LogEntry, LogRow>()

function once<T extends Change | LogEntry>(source: T, make: (source: T) => LogRow): LogRow {
  let row = made.get(source)
  if (row === undefined) made.set(source, (row = make(source)))
  return row
}

/** Of each list the latest last; the rows the latest first. */
export function logRows(changes: readonly Change[], log: readonly LogEntry[]): readonly LogRow[] {
  const rows = [
    ...changes.map((change) => once(change, ofChange)),
    ...log.map((entry) => once(entry, ofEntry)),
  ]
  return rows.toReversed().sort((a, b) => b.at - a.at)
}

function ofChange(change: Change): LogRow {
  const { netns, netnsName, ifindex, says } = change
  const at = Date.parse(change.at)
  // A namespace is its own subject: its name once is enough.
  const subject = change.subject === netnsName ? '' : change.subject
  const text = `${subject} ${says}`.trim()
  return {
    key: `change ${change.at} ${netns ?? ''} ${subject} ${says}`,
    at,
    since: at,
    times: 1,
    kind: 'change',
    netns,
    ifindex,
    container: null,
    where: netnsName,
    subject,
    text,
    whole: `${netnsName} ${text}`,
    outcome: null,
    source: change,
  }
}

function ofEntry(entry: LogEntry): LogRow {
  const { at, since, times, kind, netns, netnsName, container, text, outcome } = entry
  return {
    // The first time stays what it was when more of it comes.
    key: `${kind} ${since} ${netns ?? ''} ${text}`,
    at,
    since,
    times,
    kind,
    netns,
    ifindex: null,
    container,
    where: netnsName ?? (netns === null ? '' : `net:[${netns}]`),
    subject: '',
    text: kind === 'command' ? shortCommand(text) : text,
    whole: text,
    outcome,
    source: entry,
  }
}

/** Without the way into the namespace, which the row names, and the folders of the program. */
function shortCommand(line: string): string {
  const inside = line.replace(/^(?:\/\S*\/)?nsenter --net=\S+ -- /, '')
  return inside.replace(/^\/\S*\//, '')
}
