/** What was run and what happened, as the screen keeps it: what is done again and again is one entry. */
import type { Happening, LogEntry } from '../../model/log-entry.ts'
import type { World } from '../../model/world.ts'
import type { Feed } from '../feed.ts'
import { nameOf, netnsOf } from '../select/shown.ts'
import type { State } from '../state.ts'

/** Of each kind, so that a link that flaps does not push out what was run. */
const kept: Readonly<Record<LogEntry['kind'], number>> = {
  command: 500,
  kernel: 900,
  engine: 400,
  screen: 200,
}

/** A command that is run again within this time is the same entry: what the screen shows is read each second or so. */
const againMs = 60_000

export function withHappenings(feed: Feed, told: readonly Happening[]): Feed {
  if (told.length === 0) return feed
  const log = feed.log.map((each) =>
    each.netnsName === null && each.netns !== null
      ? { ...each, netnsName: calledNow(feed.world, each) }
      : each,
  )
  for (const each of told) {
    const entry = { ...each, netnsName: calledNow(feed.world, each) }
    const before = each.kind === 'command' ? againAt(log, each) : -1
    const [old] = before === -1 ? [] : log.splice(before, 1)
    log.push(old === undefined ? entry : { ...entry, since: old.since, times: old.times + entry.times })
  }
  return { ...feed, log: bounded(log) }
}

/** Something that the screen did or had done. */
export function noted(
  state: State,
  text: string,
  outcome: LogEntry['outcome'] = null,
  kind: LogEntry['kind'] = 'screen',
): State {
  const { now } = state
  const entry: LogEntry = {
    at: now,
    since: now,
    times: 1,
    kind,
    netns: null,
    netnsName: null,
    container: null,
    text,
    outcome,
  }
  return { ...state, feed: { ...state.feed, log: bounded([...state.feed.log, entry]) } }
}

/** null: it is about none, or about one that is not known yet. */
function calledNow(world: World | null, { netns }: Happening): string | null {
  return netns === null || netnsOf(world, netns) === null ? null : nameOf(world, netns)
}

/** The entry of the same command with the same end, not long ago; -1: there is none. */
function againAt(log: readonly LogEntry[], { at, text, netns, outcome }: Happening): number {
  for (let place = log.length - 1; place >= 0; place -= 1) {
    const old = log[place]
    if (old === undefined || old.at < at - againMs) return -1
    const isSame = old.kind === 'command' && old.text === text && old.netns === netns
    if (isSame) return old.outcome?.says === outcome?.says ? place : -1
  }
  return -1
}

function bounded(log: readonly LogEntry[]): readonly LogEntry[] {
  const counts = { command: 0, kernel: 0, engine: 0, screen: 0 }
  for (const { kind } of log) counts[kind] += 1
  const over = (kind: LogEntry['kind']): number => counts[kind] - kept[kind]
  if (!log.some(({ kind }) => over(kind) > 0)) return log
  return log.filter(({ kind }) => {
    if (over(kind) <= 0) return true
    counts[kind] -= 1
    return false
  })
}
