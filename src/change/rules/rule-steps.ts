/** Rules of the host, and what goes with them (forwarding, route_localnet, hairpin, conntrack), from one lab to another. */
import { isUnknown } from '../../model/known.ts'
import type { Lab } from '../../model/lab.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { hostSpot, namedSpot, spotIn, type Spot } from '../at.ts'
import { planned, refusal, refused, type PlanContext, type Planned } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { acceptSteps } from './accept-steps.ts'
import { planForwarding } from './forwarding.ts'
import { aroundBefore, aroundOf, type Around } from './around.ts'
import { portNotes, portSteps } from './port-steps.ts'
import { bridged, type RuleFamily } from './reach.ts'
import { leftOf, lostNotes } from './table-left.ts'
import { tableAnew, tableStep } from './table-step.ts'
import { tableText, type TableText } from './table-text.ts'

export type RuleSteps = {
  /** Before links are made or removed: what guards must be there before there is anything to guard. */
  readonly first: readonly Step[]
  /** After that: what needs the links, and the removal of guards whose links are gone. */
  readonly last: readonly Step[]
  readonly notes: readonly string[]
}

const families: readonly RuleFamily[] = ['ip', 'ip6']

export function ruleSteps(world: World, before: Lab, after: Lab, context: PlanContext): Planned<RuleSteps> {
  const labs = { before, after }
  const host = world.netns.find(({ id }) => id === world.host)
  if (host === undefined) return refused(unreadable('host', 'the namespace of the host', null))
  const spot = hostSpot(world, context)
  const tables: Step[] = []
  const on: Step[] = []
  const off: Step[] = []
  const notes: string[] = []
  for (const family of families) {
    const forwarding = planForwarding(host, spot, labs, family)
    if (isUnknown(forwarding))
      return refused(unreadable('forwarding', 'whether this host forwards', forwarding.unknown))
    const textWith = (beside: Around): TableText =>
      tableText(before, family, 'host', forwarding.before, beside)
    const now = aroundOf(world, before, context.tools)
    const seen = aroundBefore(host, before) ?? now
    const left = leftOf(world, host, family, textWith(seen), context)
    // What is left of it need not tell what was around.
    const beside = left.is === 'other' ? now : seen
    // Without another network it stays as it was made: another way out of the host is no reason to change rules.
    const around = sameBridges(before, after) ? beside : aroundOf(world, after, context.tools)
    const texts = {
      before: left.is === 'nothing' ? nothing : textWith(beside),
      after: tableText(after, family, 'host', forwarding.after, around),
    }
    const table =
      left.is === 'other'
        ? tableAnew(spot, family, { ...texts, there: left.rules })
        : tableStep(spot, family, texts, context)
    if (table !== null) tables.push(table)
    if (texts.after.text !== null) notes.push(...lostNotes(host, family, left, forwarding.before, context))
    on.push(...forwarding.on)
    off.push(...forwarding.off)
    notes.push(...forwarding.notes)
  }
  const elsewhere = tablesElsewhere(world, labs, context)
  if (!elsewhere.ok) return elsewhere
  const accepts = acceptSteps({ world, host, spot, before, after, context })
  if (!accepts.ok) return accepts
  const { given, taken } = accepts.value
  // Guards come before what they guard, and go after it.
  const shrinks = bridged(before).some(({ name }) => after.networks.every((each) => each.name !== name))
  const ports = portSteps(world, spot, labs, context)
  return planned({
    first: [...(shrinks ? [] : tables), ...on, ...given],
    last: [...taken, ...off, ...(shrinks ? tables.toReversed() : []), ...elsewhere.value, ...ports],
    notes: [
      ...notes,
      ...portNotes(labs, context),
      ...(tables.length === 0 ? [] : withoutNft(after, context)),
    ],
  })
}

const nothing: TableText = { text: null, rules: null }

function sameBridges(before: Lab, after: Lab): boolean {
  const all = (lab: Lab): string => JSON.stringify(bridged(lab).map(({ bridge }) => bridge))
  return all(before) === all(after)
}

function withoutNft(lab: Lab, { tools }: PlanContext): readonly string[] {
  if (tools.has('nft')) return []
  const later =
    'nft is not installed: bridges of others that come later are not kept apart from the lab before it gets or loses a network (apt-get install nftables)'
  return [
    'nft is not installed: tables of iptables that this makes stay when their rules are gone (apt-get install nftables)',
    ...(bridged(lab).length === 0 ? [] : [later]),
  ]
}

/** Plain masquerades in other namespaces. */
function tablesElsewhere(
  world: World,
  { before, after }: { readonly before: Lab; readonly after: Lab },
  context: PlanContext,
): Planned<readonly Step[]> {
  const places = new Set([...before.masquerades, ...after.masquerades].map(({ at }) => at))
  places.delete('host')
  const steps: Step[] = []
  for (const at of places) {
    const spot = spotAt(world, at, context)
    if (!spot.ok) return spot
    for (const family of families) {
      const texts = { before: tableText(before, family, at), after: tableText(after, family, at) }
      const step = tableStep(spot.value, family, texts, context)
      if (step !== null) steps.push(step)
    }
  }
  return planned(steps)
}

function spotAt(world: World, at: string, context: PlanContext): Planned<Spot> {
  const name = /^\/run\/netns\/(.+)$/.exec(at)?.[1]
  if (name !== undefined) return planned(namedSpot(name, context))
  const netns = world.netns.find(({ id }) => `ino:${id}` === at)
  return netns === undefined
    ? refused(refusal(at, `namespace ${at} is not there any more`))
    : spotIn(world, netns, context)
}
