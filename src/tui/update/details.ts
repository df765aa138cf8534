import { changes } from '../../derive/changes.ts'
import { isUnknown } from '../../model/known.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Details, Feed } from '../feed.ts'
import { nameOf, netnsOf } from '../select/shown.ts'
import { appended } from './world.ts'

/** Keeps the selected namespace's details; what differs from the ones before (a sysctl) is a change like any other. */
export function withDetails(feed: Feed, id: NetnsId, value: Details['value'], now: number): Feed {
  const next: Feed = { ...feed, details: { netns: id, value } }
  const netns = netnsOf(feed.world, id)
  const before = feed.details?.netns === id ? feed.details.value : null
  if (netns === null || before === null || isUnknown(before) || isUnknown(value)) return next
  const at = new Date(now).toISOString()
  const seen = changes({ ...netns, details: before }, { ...netns, details: value }, at, (id) =>
    nameOf(feed.world, id),
  )
  return { ...next, changes: appended(feed.changes, seen) }
}
