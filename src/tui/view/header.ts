/**
 *  vethscope vm01  14 ns  9 ctr  3 bridges  9 veth pairs      1 unreadable  live 14:03
 *  vethscope vm01  8 ns  2 bridges       recording of 2026-11-21 14:03  demo.json.gz
 */
import { isPair } from '../../derive/claims.ts'
import { isResolved, peers } from '../../derive/peers.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import type { Region, Span } from '../frame.ts'
import { findingsOf } from '../select/findings.ts'
import { severityRoles } from '../select/severity.ts'
import { clockTime, hourMinute } from '../select/clock.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { polledBecause } from '../select/polled.ts'
import { runningShells, shellBox } from '../select/shells.ts'
import { shown } from '../select/shown.ts'
import { troubleOf } from '../select/trouble.ts'
import type { State } from '../state.ts'
import { counted } from './numbers.ts'
import { bothEnds, lineOf, span, widthOf } from './text.ts'

export function headerRegion(state: State, columns: number): Region {
  const line = firstFitting(choices(state), columns)
  return { id: 'header', top: 0, left: 0, width: columns, height: 1, lines: [lineOf(line, columns)] }
}

type Choice = { readonly left: readonly Span[]; readonly right: readonly Span[] }

/** Says less rather than half of a word. */
function choices(state: State): readonly Choice[] {
  const { world } = shown(state)
  const title = span(' vethscope ', 'title')
  const name = world === null ? [] : [span(world.hostName, 'netns')]
  const texts = world === null ? [''] : countTexts(world)
  const right = (details: boolean): readonly Span[] => [
    ...found(state),
    ...unread(state),
    ...shellsAway(state),
    ...readOnly(state),
    ...saving(state),
    ...status(state, details),
    span(' '),
  ]
  const shortest = texts.at(-1) ?? ''
  return [
    ...texts.map((text) => ({ left: [title, ...name, span(text)], right: right(true) })),
    { left: [title, ...name, span(shortest)], right: right(false) },
    { left: [title, ...name], right: right(false) },
    { left: name.length === 0 ? [title] : [span(' '), ...name], right: right(false) },
    {
      left: [span(' '), ...name],
      right: [...found(state), ...saving(state), ...status(state, false), span(' ')],
    },
    { left: [span(' '), ...name], right: [...saving(state), ...status(state, false), span(' ')] },
  ]
}

function firstFitting(all: readonly Choice[], columns: number): readonly Span[] {
  const fits = ({ left, right }: Choice): boolean => widthOf(left) + 2 + widthOf(right) <= columns
  const { left, right } = all.find(fits) ?? all.at(-1) ?? { left: [], right: [] }
  return bothEnds(left, right, columns)
}

/** The longest one first. */
function countTexts(world: World): readonly string[] {
  const { netns } = world
  const { bridges, pairs } = countsIn(netns)
  const namespaces = `  ${netns.length} ns`
  const running = runningIn(world.engines)
  const inside = running === 0 ? namespaces : `${namespaces}  ${running} ctr`
  const all = `${inside}  ${counted(bridges, 'bridge')}`
  return [`${all}  ${counted(pairs, 'veth pair')}`, all, ...new Set([inside, namespaces])]
}

/** Stopped ones use no namespace. */
const runningIn = memoRecent(
  (engines: World['engines']): number =>
    listOf(engines).flatMap(({ containers }) => listOf(containers).filter(({ netns }) => netns !== null))
      .length,
)

type Counts = { readonly bridges: number; readonly pairs: number }

/** Without rights only one end of a pair can be seen, which is a pair as well. */
const countsIn = memoRecent((all: World['netns']): Counts => {
  let bridges = 0
  let ends = 0
  let alone = 0
  const unread = all.some((netns) => netns.readable !== true)
  for (const netns of all) {
    const own = countsOf(netns)
    bridges += own.bridges
    ends += own.ends.length
    if (!unread) continue
    for (const end of own.ends) if (!isResolved(peers(all).peerOf(netns.id, end.ifindex))) alone += 1
  }
  return { bridges, pairs: alone + Math.ceil((ends - alone) / 2) }
})

const memo = new WeakMap<Netns, { readonly bridges: number; readonly ends: readonly Link[] }>()

function countsOf(netns: Netns): { readonly bridges: number; readonly ends: readonly Link[] } {
  let counts = memo.get(netns)
  if (counts === undefined) {
    const links = listOf(netns.links)
    counts = { bridges: links.filter((link) => link.kind === 'bridge').length, ends: links.filter(isPair) }
    memo.set(netns, counts)
  }
  return counts
}

/** As bad as the worst of them. */
function found(state: State): readonly Span[] {
  const { findings } = findingsOf(state)
  const [worst] = findings
  return worst === undefined
    ? []
    : [span(counted(findings.length, 'finding'), severityRoles[worst.severity]), span('  ')]
}

function unread(state: State): readonly Span[] {
  const count = troubleOf(shown(state).world).length
  return count === 0 ? [] : [span(`${count} unreadable  `, 'unreadable')]
}

/** That run and are not in sight. */
function shellsAway(state: State): readonly Span[] {
  const count = runningShells(state).length
  const isInSight = count === 1 && shellBox(state, state.size) !== null
  return count === 0 || isInSight ? [] : [span(`${counted(count, 'shell')}  `, 'heading')]
}

/** A recording is read-only in any case. */
function readOnly(state: State): readonly Span[] {
  const isSaid = state.options.readonly && state.feed.status.type !== 'replay'
  return isSaid ? [span('read-only  ', 'dim')] : []
}

/** The footer belongs to the keys again after the next one. */
function saving({ saving }: State): readonly Span[] {
  if (saving === null) return []
  const { done, total } = saving
  return [span(total === 0 ? 'saving …  ' : `saving ${done} of ${total}  `, 'changed')]
}

function status(state: State, details: boolean): readonly Span[] {
  const { feed, frozen, options, now } = state
  const { status } = feed
  if (status.type === 'replay') {
    const at = Date.parse(feed.world?.at ?? '')
    const file = options.file === undefined || !details ? '' : ` ${options.file.split('/').at(-1) ?? ''}`
    return [span(` recording${file} of ${dateTime(at)} `, 'banner')]
  }
  if (status.type === 'lost') return [span(`not live since ${clockTime(status.since)}`, 'error')]
  if (frozen !== null) return [span(` frozen ${clockTime(frozen.at)} `, 'banner')]
  if (status.type === 'live') {
    const polled = polledBecause(state) !== null
    return [span(`${polled ? 'every 2 s' : 'live'} ${hourMinute(now)}`, polled ? 'changed' : 'link.up')]
  }
  const done = status.type === 'filling' && status.total > 0 ? ` ${status.done} of ${status.total} ns` : ''
  return [span(`reading${done}`, 'changed')]
}

/** `2026-11-21 14:03`, in this host's time zone as all times on the screen. */
function dateTime(ms: number): string {
  const at = new Date(ms)
  if (Number.isNaN(at.getTime())) return 'unknown time'
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${hourMinute(ms)}`
}
