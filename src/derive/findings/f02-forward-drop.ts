/**
 * Nothing accepts what a bridge's nodes send out. F02: the policy of the chain that should accept it drops. F03: it is
 * accepted, and another table's base chain at the same hook drops it afterwards.
 */
import type { Finding, Unchecked } from '../../model/finding.ts'
import { isUnknown } from '../../model/known.ts'
import { stepwise } from '../stepwise.ts'
import type { Place } from '../packet/verdict.ts'
import { engineOf, inside, type FindingContext, type Segment } from './context.ts'
import { droppedOutbound, isSplit } from './dropped-outbound.ts'
import type { Check } from './finding.ts'
import { listing, placeText, ruleAt } from './outbound.ts'
import { restoreCommand } from './restore-command.ts'

export const forwardDrop: Check = {
  id: 'F02',
  title: "the firewall drops what a bridge's nodes send out",
  check: (context) => stepwise(context.segments, (segment) => checkSegment(context, segment)),
}

function checkSegment(context: FindingContext, segment: Segment): readonly (Finding | Unchecked)[] {
  const { netns, bridge } = segment
  const loss = droppedOutbound(segment)
  if (loss === null) return []
  if (isUnknown(loss)) return [{ id: 'F02', netns: netns.id, unknown: loss.unknown }]
  // Two backends that disagree: F04 says it.
  if (isSplit(loss)) return []
  const { place, accepted, uplink } = loss
  const id = accepted === null ? 'F02' : 'F03'
  return [
    {
      id,
      severity: 'fault',
      subject: bridge.name,
      says:
        accepted === null
          ? `${dropper(place)} and nothing accepts packets from ${bridge.name} to ${uplink.name}: nothing behind it gets out`
          : `${tableOf(accepted)} accepts packets from ${bridge.name}, then ${dropper(place)}: nothing behind it gets out`,
      evidence: [
        placeText(place),
        ...(place.rule === null && place.chain.packets !== null
          ? [`${place.chain.packets} packets met that policy`]
          : []),
        ...(accepted === null ? [] : [placeText(accepted)]),
      ],
      command: acceptAgain(context, segment) ?? inside(context, netns, ...listing(place)),
      netns: netns.id,
      ifindex: bridge.ifindex,
      ...ruleAt(netns, place),
    },
  ]
}

/** A lab gives what it needs to the rules of others itself. */
function acceptAgain(context: FindingContext, { network }: Segment): string | null {
  const engine = engineOf(context, network)
  return engine?.engine === 'lab' ? restoreCommand(context, engine) : null
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
