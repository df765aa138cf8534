/**
 * Which flow was seen on which link. A flow that is translated on its way (NAT) has other addresses behind it; it is
 * the same one where packets with the same fingerprint passed one link and then, routed, another.
 */
import type { FlowSeen } from '../../model/capture.ts'
import { withPort } from './decode/addresses.ts'
import type { Decoded, Flow } from './decode/layer.ts'
import { emptyTrack, noteAt, seenOn, together, type Track, type WayLink } from './flow-track.ts'

export type FlowBook = {
  /** `time`: milliseconds. Answers with the flow's label; null: it belongs to none. */
  note(decoded: Decoded, link: number, time: number, direction: 'in' | 'out' | null): string | null
  seen(): { readonly flows: readonly FlowSeen[]; readonly more: number }
}

type Entry = {
  readonly born: number
  readonly label: string
  /** As the first packet of it goes. */
  readonly from: string
  readonly forward: Track
  readonly back: Track
  readonly errors: Set<string>
  /** It is another flow, translated; `flipped`: what goes forward here goes back there. */
  same: { readonly entry: Entry; readonly flipped: boolean } | null
  /** Itself, and those that are the same as it. */
  readonly members: Entry[]
}

type Sighting = {
  readonly entry: Entry
  readonly forward: boolean
  readonly time: number
  readonly ttl: number
}

const mostFlows = 5000
const mostTold = 500
const mostFingerprints = 20_000
const mostErrors = 8
/** Between one link of the way and the next; a queue may hold a packet for some of it. */
const samePacketMs = 2000

export function flowBook(links: readonly WayLink[]): FlowBook {
  const entries = new Map<string, Entry>()
  const fingerprints = new Map<string, Sighting>()
  /** Which flow the fragments of a packet belong to: only the first of them has the ports. */
  const fragments = new Map<string, Flow>()
  let tooMany = 0

  const join = (decoded: Decoded, entry: Entry, forward: boolean, time: number): void => {
    const { fingerprint, ttl } = decoded
    if (fingerprint === null || ttl === null) return
    const before = fingerprints.get(fingerprint)
    if (before === undefined || time - before.time > samePacketMs) {
      fingerprints.delete(fingerprint)
      fingerprints.set(fingerprint, { entry, forward, time, ttl })
      if (fingerprints.size > mostFingerprints) deleteOldest(fingerprints)
      return
    }
    const [a, b] = [rootOf(before.entry), rootOf(entry)]
    // Where it was translated it was routed. Two that merely look alike were not.
    if (a.entry === b.entry || ttl >= before.ttl || !areApart(a.entry, b.entry)) return
    const flipped = (before.forward !== a.flipped) !== (forward !== b.flipped)
    const [older, younger] = a.entry.born < b.entry.born ? [a.entry, b.entry] : [b.entry, a.entry]
    younger.same = { entry: older, flipped }
    older.members.push(...younger.members)
  }
  /** What was on one link under both names is two flows. */
  const areApart = (a: Entry, b: Entry): boolean => links.every((_, link) => !isOn(a, link) || !isOn(b, link))

  return {
    note: (decoded, link, time, direction) => {
      if (decoded.flow === null) return null
      const flow = wholeFlow(decoded.flow, fragments)
      const key = keyOf(flow)
      const known = entries.get(key)
      if (known === undefined && entries.size >= mostFlows) {
        tooMany = 1
        return labelOf(flow)
      }
      const entry = known ?? newEntry(flow, links.length, entries.size)
      if (known === undefined) entries.set(key, entry)
      // An error goes against the packet that it quotes.
      const forward = (endOf(flow) === entry.from) === (flow.error === null)
      noteAt(forward ? entry.forward : entry.back, link, time, direction)
      if (flow.error !== null && entry.errors.size < mostErrors) entry.errors.add(flow.error)
      join(decoded, entry, forward, time)
      return rootOf(entry).entry.label
    },
    seen: () => {
      const roots = [...entries.values()].filter(({ same }) => same === null)
      return {
        flows: roots.slice(0, mostTold).map((root) => toldOf(root, links)),
        more: tooMany + Math.max(0, roots.length - mostTold),
      }
    },
  }
}

function newEntry(flow: Flow, links: number, born: number): Entry {
  const entry: Entry = {
    born,
    label: labelOf(flow),
    from: endOf(flow),
    forward: emptyTrack(links),
    back: emptyTrack(links),
    errors: new Set(),
    same: null,
    members: [],
  }
  entry.members.push(entry)
  return entry
}

type Member = { readonly entry: Entry; readonly flipped: boolean }

function rootOf(entry: Entry): Member {
  let [at, flipped] = [entry, false]
  while (at.same !== null) {
    flipped = flipped !== at.same.flipped
    at = at.same.entry
  }
  return { entry: at, flipped }
}

function isOn({ members }: Entry, link: number): boolean {
  return members.some((entry) => (entry.forward.counts[link] ?? 0) + (entry.back.counts[link] ?? 0) > 0)
}

function toldOf(root: Entry, links: readonly WayLink[]): FlowSeen {
  const track = (way: 'forward' | 'back'): Track =>
    together(
      root.members.map((entry) =>
        (way === 'forward') === rootOf(entry).flipped ? entry.back : entry.forward,
      ),
      links.length,
    )
  const [forward, back] = [track('forward'), track('back')]
  const there = seenOn(forward, links, null)
  return {
    flow: root.label,
    translated: root.members.flatMap((entry) => (entry === root ? [] : [entry.label])),
    ...there,
    back: back.first === null ? null : seenOn(back, links, forward),
    errors: [...new Set(root.members.flatMap((entry) => [...entry.errors]))],
  }
}

function endOf({ source, sourcePort }: Flow): string {
  return `${source} ${sourcePort ?? ''}`
}

/** The same for both directions. */
function keyOf(flow: Flow): string {
  const ends = [endOf(flow), `${flow.destination} ${flow.destinationPort ?? ''}`].sort()
  return `${flow.protocol} ${ends.join(' ')} ${flow.id ?? ''}`
}

function labelOf({ protocol, source, sourcePort, destination, destinationPort, id }: Flow): string {
  const between = `${withPort(source, sourcePort)} > ${withPort(destination, destinationPort)}`
  return `${protocol} ${between}${id === null ? '' : ` id ${id}`}`
}

const mostFragments = 1000

/** A later fragment gets the ports of the first one, where that came before it. */
function wholeFlow(flow: Flow, fragments: Map<string, Flow>): Flow {
  if (flow.fragment === null || flow.error !== null) return flow
  const key = `${flow.source} ${flow.destination} ${flow.protocol} ${flow.fragment.id}`
  if (!flow.fragment.first) return fragments.get(key) ?? flow
  fragments.delete(key)
  fragments.set(key, flow)
  if (fragments.size > mostFragments) deleteOldest(fragments)
  return flow
}

function deleteOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
