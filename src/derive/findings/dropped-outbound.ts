/** Whether the firewall drops what a bridge's nodes send out, where, and who had let it pass before. */
import { isUnknown, type Known } from '../../model/known.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Link } from '../../model/link.ts'
import { outcomesAt, type Place } from '../packet/verdict.ts'
import type { Segment } from './context.ts'
import { outbound, rulesOf, uplinkOf, usersOf } from './outbound.ts'

export type Loss = {
  readonly uplink: Link
  readonly place: Place
  /** Another table's decision, which is not the last word. */
  readonly accepted: Place | null
}

/** null: nothing is lost, or nobody there sends anything out. */
export function droppedOutbound(segment: Segment): Known<Loss> | null {
  const kept = memo.get(segment)
  if (kept !== undefined) return kept
  const found = lossOf(segment)
  memo.set(segment, found)
  return found
}

/** Two checks ask, and the answer takes a walk through all chains that forward. */
const memo = new WeakMap<Segment, Known<Loss> | null>()

function lossOf(segment: Segment): Known<Loss> | null {
  const [node] = usersOf(segment)
  const uplink = uplinkOf(segment)
  if (segment.network?.internal === true || node === undefined || uplink === null) return null
  const firewall = rulesOf(segment.netns)
  if (isUnknown(firewall)) return firewall
  const { passes, acceptedAt, droppedAt } = outcomesAt(firewall, 'forward', outbound(segment, node, uplink))
  const place = droppedAt.at(-1)
  if (passes || place === undefined) return null
  const accepted = acceptedAt.find((each) => each.table !== place.table && filters(each)) ?? null
  return { uplink, place, accepted }
}

/** One of the tables is of iptables-legacy and the other is not: no tool shows both. */
export function isSplit({ place, accepted }: Loss): boolean {
  if (accepted === null) return false
  const isLegacy = ({ table }: Place): boolean => table.backend === 'iptables-legacy'
  return isLegacy(place) !== isLegacy(accepted)
}

/**
 * iptables' mangle, raw and security are there to change or mark packets, and a lab's own table to forbid: that they let one pass is no
 * decision.
 */
function filters({ table, chain }: Place): boolean {
  if (table.name === labMark) return false
  return table.backend === 'nft' ? chain.type !== 'nat' : table.name === 'filter'
}
