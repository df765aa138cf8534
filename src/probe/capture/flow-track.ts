/** One direction of a flow: on which links of the way it was seen, and how far it came. */
import type { TrackSeen } from '../../model/capture.ts'

export type WayLink = { readonly label: string; readonly order: number }

export type Track = {
  /** Packets on each link. */
  readonly counts: number[]
  /** When it was first seen on each; 0: never. */
  readonly firstAt: number[]
  /** The link that saw it first. */
  first: number | null
  /** Which way it went there; null: nobody can tell. */
  firstDirection: 'in' | 'out' | null
}

export function emptyTrack(links: number): Track {
  return {
    counts: Array.from({ length: links }, () => 0),
    firstAt: Array.from({ length: links }, () => 0),
    first: null,
    firstDirection: null,
  }
}

export function noteAt(track: Track, link: number, time: number, direction: 'in' | 'out' | null): void {
  if (track.first === null) Object.assign(track, { first: link, firstDirection: direction })
  if (track.counts[link] === 0) track.firstAt[link] = time
  track.counts[link] = (track.counts[link] ?? 0) + 1
}

/** Of one flow under several names. */
export function together(tracks: readonly Track[], links: number): Track {
  const all = emptyTrack(links)
  for (const { counts, firstAt, first: its, firstDirection } of tracks) {
    for (let link = 0; link < links; link += 1) {
      const [count, at] = [counts[link] ?? 0, firstAt[link] ?? 0]
      if (count === 0) continue
      const before = all.firstAt[link] ?? 0
      all.firstAt[link] = before === 0 ? at : Math.min(before, at)
      all.counts[link] = (all.counts[link] ?? 0) + count
      const first = all.first
      if (first !== null && at >= (all.firstAt[first] ?? 0)) continue
      Object.assign(all, { first: link, firstDirection: link === its ? firstDirection : null })
    }
  }
  return all
}

/** `opposite`: the other direction, which tells where a packet came from that was seen on one link only. */
export function seenOn(track: Track, links: readonly WayLink[], opposite: Track | null): TrackSeen {
  const isInward = goesInward(track, links) ?? !(opposite === null || (goesInward(opposite, links) ?? false))
  const along = links
    .map((link, at) => ({ ...link, at, packets: track.counts[at] ?? 0, firstAt: track.firstAt[at] ?? 0 }))
    .sort(
      (a, b) => (isInward ? b.order - a.order : a.order - b.order) || a.firstAt - b.firstAt || a.at - b.at,
    )
  const seen = along.filter(({ packets }) => packets > 0)
  return {
    packets: Math.max(0, ...seen.map(({ packets }) => packets)),
    seen: seen.map(({ label, packets }) => ({ link: label, packets })),
    lastSeen: seen.at(-1)?.label ?? '',
    next: along.slice(along.findLastIndex(({ packets }) => packets > 0) + 1)[0]?.label ?? null,
    notSeen: along.filter(({ packets }) => packets === 0).map(({ label }) => label),
  }
}

/** From the far end of the way to its beginning; null: it was seen at one place only, in the middle of the way. */
function goesInward({ counts, first, firstDirection }: Track, links: readonly WayLink[]): boolean | null {
  const start = first === null ? undefined : links[first]
  if (start === undefined) return null
  const orders = links.flatMap(({ order }, at) => ((counts[at] ?? 0) > 0 ? [order] : []))
  if (orders.some((order) => order < start.order)) return true
  if (orders.some((order) => order > start.order)) return false
  const all = links.map(({ order }) => order)
  const [nearest, farthest] = [Math.min(...all), Math.max(...all)]
  if (nearest === farthest || start.order === nearest) return false
  // At the far end: it came in there, if it is not one of the host's own that goes out.
  return start.order === farthest ? firstDirection !== 'out' : null
}
