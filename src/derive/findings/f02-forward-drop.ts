/**
 * Nothing accepts what a bridge's nodes send out. F02: the policy of the chain that should accept it drops. F03: it is
 * accepted, and another table's base chain at the same hook drops it afterwards.
 */
import type { Finding, Unchecked } from '../../model/finding.ts'
import { isUnknown } from '../../model/known.ts'
import { outcomesAt, type Place } from '../packet/verdict.ts'
import { inside, type FindingContext, type Segment } from './context.ts'
import type { Check } from './finding.ts'
import { listing, outbound, placeText, rulesOf, uplinkOf, usersOf } from './outbound.ts'

export const forwardDrop: Check = {
  id: 'F02',
  title: "the firewall drops what a bridge's nodes send out",
  check: (context) => context.segments.flatMap((segment) => checkSegment(context, segment)),
}

function checkSegment(context: FindingContext, segment: Segment): readonly (Finding | Unchecked)[] {
  const { netns, bridge, network } = segment
  const [node] = usersOf(segment)
  const uplink = uplinkOf(segment)
  if (network?.internal === true || node === undefined || uplink === null) return []
  const firewall = rulesOf(netns)
  if (isUnknown(firewall)) return [{ id: 'F02', netns: netns.id, unknown: firewall.unknown }]
  const { passes, acceptedAt, droppedAt } = outcomesAt(firewall, 'forward', outbound(segment, node, uplink))
  const place = droppedAt.at(-1)
  if (passes || place === undefined) return []
  const accepted = acceptedAt.find((each) => each.table !== place.table && filters(each))
  const id = accepted === undefined ? 'F02' : 'F03'
  return [
    {
      id,
      severity: 'fault',
      subject: bridge.name,
      says:
        accepted === undefined
          ? `${dropper(place)} and nothing accepts packets from ${bridge.name} to ${uplink.name}: nothing behind it gets out`
          : `${tableOf(accepted)} accepts packets from ${bridge.name}, then ${dropper(place)}: nothing behind it gets out`,
      evidence: [
        placeText(place),
        ...(place.rule === null && place.chain.packets !== null
          ? [`${place.chain.packets} packets met that policy`]
          : []),
        ...(accepted === undefined ? [] : [placeText(accepted)]),
      ],
      command: inside(context, netns, ...listing(place)),
      netns: netns.id,
      ifindex: bridge.ifindex,
    },
  ]
}

/** iptables' mangle, raw and security are there to change or mark packets: that they let one pass is no decision. */
function filters({ table, chain }: Place): boolean {
  return table.backend === 'nft' ? chain.type !== 'nat' : table.name === 'filter'
}

function tableOf({ table }: Place): string {
  return table.backend === 'nft'
    ? `table ${table.family} ${table.name}`
    : `${table.backend} table ${table.name}`
}

function dropper(place: Place): string {
  const where = `chain ${place.chain.name} of ${tableOf(place)}`
  return place.rule === null
    ? `the policy of ${where} is drop`
    : `rule ${place.rule.number} in ${where} drops`
}
