/** A namespace with all that is known of it now: its details where they came, its counters as last read. */
import { isUnknown, type Known } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns, NetnsDetails } from '../../model/netns.ts'
import type { CounterTable, Feed } from '../feed.ts'
import { memoRecent } from './memo-recent.ts'
import { countsOf } from './rates.ts'

export function looked(feed: Feed, netns: Netns): Netns {
  return withCounts(withDetails(netns, feed.details), feed.counters?.last ?? null, feed)
}

/** null: they have not come yet, or the recording has none. */
export function detailsIn(feed: Feed, netns: Netns): Known<NetnsDetails> | null {
  return feed.details?.netns === netns.id ? feed.details.value : netns.details
}

const withDetails = memoRecent((netns: Netns, details: Feed['details']): Netns =>
  details?.netns !== netns.id || isUnknown(details.value) ? netns : { ...netns, details: details.value },
)

const withCounts = memoRecent((netns: Netns, _: CounterTable | null, feed: Feed): Netns =>
  feed.counters === null || isUnknown(netns.links)
    ? netns
    : { ...netns, links: netns.links.map((link) => counted(feed, netns, link)) },
)

function counted(feed: Feed, netns: Netns, link: Link): Link {
  const counts = countsOf(feed, netns.id, link.ifindex)
  if (counts === null || isUnknown(link.stats)) return link
  return { ...link, stats: { ...link.stats, ...counts } }
}
