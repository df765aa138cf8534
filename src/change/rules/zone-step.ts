/** A bridge in a zone of firewalld, at run time only: a reload, or a restart of it, forgets that. */
import { labMark } from '../../model/lab-words.ts'
import type { Command, Step } from '../../model/plan.ts'
import type { Firewall } from '../../model/ruleset.ts'
import type { Spot } from '../at.ts'
import { planned, refusal, refused, type PlanContext, type Planned } from '../planner.ts'
import type { Bridged } from './reach.ts'

/** The one zone of firewalld whose target accepts (firewalld.zones(5)). */
const zone = 'trusted'

/** null: it is in a zone. */
export function zoneStep(
  spot: Spot,
  firewall: Firewall,
  { name, bridge }: Bridged,
  { tools }: PlanContext,
): Planned<Step | null> {
  if (isInZone(firewall, bridge)) return planned(null)
  if (!tools.has('firewall-cmd')) {
    return refused(
      refusal(
        name,
        `firewalld would drop what nodes of ${name} send, and firewall-cmd, which puts ${bridge} into a zone, is not installed`,
      ),
    )
  }
  return planned({
    title: `put ${bridge} into zone ${zone} of firewalld, until it is reloaded`,
    command: command(spot, 'add', bridge),
    undo: [command(spot, 'remove', bridge)],
    after: [],
    before: [],
    touches: [{ path: [spot.at, 'firewalld', `zone:${bridge}`], how: 'add' }],
  })
}

export function zoneStepsGone(
  spot: Spot,
  firewall: Firewall,
  { bridge, ownsBridge }: Bridged,
  { tools }: PlanContext,
): readonly Step[] {
  if (!ownsBridge || !tools.has('firewall-cmd') || !isInZone(firewall, bridge)) return []
  return [
    {
      title: `take ${bridge} out of zone ${zone} of firewalld`,
      command: command(spot, 'remove', bridge),
      undo: [command(spot, 'add', bridge)],
      after: [],
      before: [],
      touches: [{ path: [spot.at, 'firewalld', `zone:${bridge}`], how: 'delete' }],
    },
  ]
}

/** Exit codes 11 ALREADY_ENABLED, 12 NOT_ENABLED and 16 ZONE_ALREADY_SET (firewall-cmd(1)). */
function command(spot: Spot, how: 'add' | 'remove', bridge: string): Command {
  return spot.inside(['firewall-cmd', '-q', `--zone=${zone}`, `--${how}-interface=${bridge}`], {
    also: [11, 12, 16],
  })
}

/** Its tables name each interface that is in a zone. */
function isInZone({ tables }: Firewall, bridge: string): boolean {
  return tables.some(
    (table) =>
      table.name !== labMark &&
      table.name === 'firewalld' &&
      table.chains.some(({ rules }) =>
        rules.some(({ matches }) =>
          matches.some((match) => match.kind === 'interface' && match.values.includes(bridge)),
        ),
      ),
  )
}
