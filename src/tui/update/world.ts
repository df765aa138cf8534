/** Builds the World from the worker's deltas, and notes what changed between one and the next. */
import type { FromWorker } from '../../collect/protocol.ts'
import { changes } from '../../derive/changes.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Netns } from '../../model/netns.ts'
import { withEdit } from '../../model/netns-edit.ts'
import type { Change, World } from '../../model/world.ts'
import type { Feed } from '../feed.ts'
import type { Effect } from '../msg.ts'
import { nameOf, netnsOf } from '../select/shown.ts'
import { flashesBetween } from './flash.ts'

type Delta = Extract<FromWorker, { readonly type: 'world' }>

export const keptChanges = 500

/** `seq` 1 begins a complete World; any other must follow the one before, else everything is asked for again. */
export function withWorld(feed: Feed, delta: Delta, now: number): readonly [Feed, ...Effect[]] {
  if (delta.seq === 1) return [filled({ ...feed, awaitingResend: false, staging: null }, delta, now)]
  if (feed.awaitingResend) return [feed]
  if (delta.seq !== feed.seq + 1) {
    return [{ ...feed, seq: 0, staging: null, awaitingResend: true }, { type: 'resend' }]
  }
  if (feed.staging !== null) return [filled(feed, delta, now)]
  return [changed(feed, delta, now)]
}

/**
 * While the first World comes in, what is here is drawn this often: deriving the tree of a thousand namespaces takes
 * longer than the next batch, and a key must not wait for all of them.
 */
const fillShownMs = 1000

/** A batch of a complete World. The first one is shown as it grows; a later one replaces the old at once. */
function filled(feed: Feed, delta: Delta, now: number): Feed {
  const header =
    'host' in delta.header
      ? delta.header
      : feed.staging === null
        ? null
        : { ...feed.staging.header, ...delta.header }
  if (header === null) return feed
  const netns = new Map(feed.staging?.netns)
  for (const id of delta.gone) netns.delete(id)
  for (const each of delta.changed) netns.set(each.id, each)
  const first = feed.since === null
  const due = feed.staging === null || now - feed.staging.shownAt >= fillShownMs
  const shown = delta.complete || (first && due)
  const world: World | null = shown ? { ...header, netns: [...netns.values()], changes: [] } : feed.world
  if (!delta.complete) {
    const status =
      feed.status.type === 'starting' ? ({ type: 'filling', done: 0, total: 0, at: 0 } as const) : feed.status
    const shownAt = due ? now : feed.staging.shownAt
    return { ...feed, status, seq: delta.seq, staging: { header, netns, shownAt }, world }
  }
  const done: Feed = {
    ...feed,
    status: { type: 'live' },
    seq: delta.seq,
    staging: null,
    failure: null,
    world,
  }
  if (first || feed.world === null || world === null) return { ...done, since: now }
  return noted(done, feed.world, world, header.at, now)
}

function changed(feed: Feed, delta: Delta, now: number): Feed {
  const { world } = feed
  if (world === null) return feed
  const next: World = { ...world, ...delta.header, netns: replaced(world.netns, delta), changes: [] }
  const status: Feed['status'] = feed.status.type === 'lost' ? { type: 'live' } : feed.status
  return noted(
    { ...feed, status, seq: delta.seq, failure: null, world: next },
    world,
    next,
    delta.header.at,
    now,
  )
}

/** The namespaces as they are now, of those that the delta is about. */
function freshOf(delta: Delta, find: (id: NetnsId) => Netns | undefined): readonly Netns[] {
  const edited = (delta.edited ?? []).flatMap((edit) => {
    const before = find(edit.id)
    return before === undefined ? [] : [withEdit(before, edit)]
  })
  return [...delta.changed, ...edited]
}

/** Of a namespace or two nobody makes a map of a thousand. */
const few = 4

/** The same array if nothing in it changed, because pairs and names are kept by it. */
function replaced(netns: readonly Netns[], delta: Delta): readonly Netns[] {
  const edits = delta.edited ?? []
  if (delta.changed.length === 0 && delta.gone.length === 0 && edits.length <= few) {
    return edits.reduce((all, edit) => {
      const at = all.findIndex(({ id }) => id === edit.id)
      const before = all[at]
      return before === undefined ? all : all.with(at, withEdit(before, edit))
    }, netns)
  }
  const known = new Map(netns.map((each) => [each.id, each]))
  const fresh = new Map(freshOf(delta, (id) => known.get(id)).map((each) => [each.id, each]))
  if (fresh.size === 0 && delta.gone.length === 0) return netns
  const gone = new Set(delta.gone)
  const kept = netns.flatMap((each) => {
    const other = fresh.get(each.id)
    fresh.delete(each.id)
    return other !== undefined ? [other] : gone.has(each.id) ? [] : [each]
  })
  return [...kept, ...fresh.values()]
}

function noted(feed: Feed, before: World, after: World, at: string, now: number): Feed {
  if (before.netns === after.netns) return feed
  const seen: Change[] = []
  const flashes = new Map([...feed.flashes].filter(([, flash]) => flash.until > now))
  for (const [place, is] of after.netns.entries()) {
    // Mostly each is where it was.
    if (before.netns[place] === is) continue
    const was = netnsOf(before, is.id)
    if (was === is) continue
    seen.push(...changes(was, is, at, (id) => nameOf(after, id)))
    if (was !== null) for (const [key, flash] of flashesBetween(was, is, now)) flashes.set(key, flash)
  }
  for (const [place, was] of before.netns.entries()) {
    if (after.netns[place]?.id === was.id) continue
    if (netnsOf(after, was.id) === null) seen.push(...changes(was, null, at, (id) => nameOf(before, id)))
  }
  const details = feed.details !== null && netnsOf(after, feed.details.netns) === null ? null : feed.details
  return { ...feed, details, flashes, changes: appended(feed.changes, seen) }
}

export function appended(old: readonly Change[], seen: readonly Change[]): readonly Change[] {
  return seen.length === 0 ? old : [...old, ...seen].slice(-keptChanges)
}
