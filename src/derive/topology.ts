/**
 * The tree of the Topology screen and of `show`: what is connected to what, as data. It holds what a row is about and
 * what can be printed of it; how wide, in which words and colours is the business of whoever shows it.
 */
import { isHidden, type NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { linkRows, type RowMemory } from './link-rows.ts'
import { engineMarks, noMarks } from './engine-marks.ts'
import { containerModeText } from './container-mode.ts'
import { displayNames } from './netns-name.ts'
import { overlayText } from './overlay-of.ts'
import { portsByAddress } from './ports-by-address.ts'
import { planSections, type Plan } from './sections.ts'
import { changedBetween, staleBetween, type Stale } from './stale.ts'
import { containerRow, householdOf } from './tenants.ts'
import { editedTopology, movesNothing } from './topology-edit.ts'
import type { ContainerRow, InnerRow, NetnsRow, Section, Topology } from './topology-row.ts'

type Last = {
  readonly host: NetnsId
  readonly netns: readonly Netns[]
  readonly plan: Plan
  readonly rows: RowMemory
  readonly made: Topology
}

type Said = Pick<Plan, 'marks' | 'published'>
type Now = Said & Pick<Plan, 'byId' | 'names'>

/** The world that was asked for last: the next one is mostly the same but for a namespace or two. */
let last: Last | null = null

/** Rows of a namespace that did not change, nor anything they show of others, are the same objects as before. */
export function topology(world: World): Topology {
  const before = last?.host === world.host ? last : null
  const said: Said = {
    marks: engineMarks(world.engines, before?.plan.marks ?? noMarks),
    published: portsByAddress(world),
  }
  const now = { ...indexed(world.netns, before), ...said }
  const changed = before === null ? null : changedBetween(before.plan, now)
  if (before !== null && changed !== null && isInPlace(before, world, now, changed)) {
    const edited = { ...before.plan, ...now }
    const made = editedTopology(before.made, edited, changed, before.rows.kept)
    last = { ...before, netns: world.netns, plan: edited, made }
    return made
  }
  const plan: Plan = { ...planSections(world), ...said }
  const stale = before === null || changed === null ? null : staleBetween(before.plan, plan, changed)
  const rows: RowMemory = { kept: new Map(), before: before?.rows.kept ?? new Map(), stale }
  const made = treeOf(world, plan, rows)
  last = { host: world.host, netns: world.netns, plan, rows: { ...rows, before: new Map() }, made }
  return made
}

/** The same namespaces in the same order, and what changed in them moves no row. */
function isInPlace(before: Last, world: World, is: Now, changed: Stale): boolean {
  return (
    sameOrder(before.netns, world.netns) &&
    before.plan.marks.ofHost === is.marks.ofHost &&
    before.plan.marks.overlays === is.marks.overlays &&
    movesNothing({ was: before.plan, is }, changed)
  )
}

function sameOrder(a: readonly Netns[], b: readonly Netns[]): boolean {
  return a === b || (a.length === b.length && a.every((netns, at) => netns.id === b[at]?.id))
}

function indexed(netns: readonly Netns[], before: Last | null): Pick<Plan, 'byId' | 'names'> {
  const isNamedAsBefore =
    before !== null &&
    sameOrder(before.netns, netns) &&
    netns.every((each, at) => each.names === before.netns[at]?.names)
  return {
    byId: new Map(netns.map((each) => [each.id, each])),
    names: isNamedAsBefore ? before.plan.names : displayNames(netns),
  }
}

function treeOf(world: Pick<World, 'host'>, plan: Plan, memory: RowMemory): Topology {
  const sections: Section[] = plan.sections.map((netns) => ({
    kind: 'section',
    id: `section:${netns.id}`,
    of: 'netns',
    netns: netns.id,
    name: plan.names.get(netns.id) ?? netns.id,
    host: netns.id === world.host,
    unreadable: unreadableOf(netns),
    overlay: overlayText(plan, netns),
    children: withSharers(plan, netns, linkRows(plan, netns, memory)),
  }))
  const children = [
    ...hostMode(plan, world.host),
    ...plan.offBridge.map((netns) => netnsRow(plan, netns, memory)),
  ]
  if (children.length === 0) return { sections }
  return {
    sections: [
      ...sections,
      { kind: 'section', id: 'section:off-bridge', of: 'off-bridge', netns: null, children },
    ],
  }
}

/** Their ports and addresses are those of their engine's namespace. */
function hostMode({ marks, names }: Plan, host: NetnsId): readonly ContainerRow[] {
  return marks.ofHost.flatMap((tenant) => {
    const { netns } = tenant.container
    if (netns === null || isUnknown(netns)) return []
    return [containerRow(tenant, netns, netns === host ? null : (names.get(netns) ?? netns))]
  })
}

function withSharers(plan: Plan, netns: Netns, rows: readonly InnerRow[]): readonly InnerRow[] {
  const { sharers } = householdOf(plan.marks, netns.id)
  if (sharers.length === 0) return rows
  const name = plan.names.get(netns.id) ?? netns.id
  return [...sharers.map((tenant) => containerRow(tenant, netns.id, name)), ...rows]
}

function netnsRow(plan: Plan, netns: Netns, memory: RowMemory): NetnsRow {
  const { owner } = householdOf(plan.marks, netns.id)
  return {
    kind: 'netns',
    id: `netns:${netns.id}`,
    netns: netns.id,
    name: plan.names.get(netns.id) ?? netns.id,
    hidden: isHidden(netns.id),
    unreadable: unreadableOf(netns),
    linkCount: isUnknown(netns.links)
      ? netns.links
      : netns.links.filter((link) => link.kind !== 'loopback').length,
    processCount: netns.holders.processes.length,
    mode: owner === null ? null : containerModeText(owner.container),
    overlay: overlayText(plan, netns),
    children: withSharers(plan, netns, linkRows(plan, netns, memory)),
  }
}

function unreadableOf(netns: Netns): string | null {
  if (netns.readable !== true) return netns.readable.unknown
  return isUnknown(netns.links) ? netns.links.unknown : null
}
