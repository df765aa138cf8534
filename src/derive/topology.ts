/**
 * The tree of the Topology screen and of `show`: what is connected to what, as data. It holds what a row is about and
 * what can be printed of it; how wide, in which words and colours is the business of whoever shows it.
 */
import { isHidden } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { linkRows } from './link-rows.ts'
import { planSections, type Plan } from './sections.ts'
import type { NetnsRow, Section, Topology } from './topology-row.ts'

/** Rows of a namespace that did not change, nor anything they show of others, are the same objects as before. */
export function topology(world: Pick<World, 'host' | 'netns'>): Topology {
  const plan = planSections(world)
  const sections: Section[] = plan.sections.map((netns) => ({
    kind: 'section',
    id: `section:${netns.id}`,
    of: 'netns',
    netns: netns.id,
    name: plan.names.get(netns.id) ?? netns.id,
    host: netns.id === world.host,
    unreadable: unreadableOf(netns),
    children: linkRows(plan, netns),
  }))
  if (plan.offBridge.length === 0) return { sections }
  const children = plan.offBridge.map((netns) => netnsRow(plan, netns))
  return {
    sections: [
      ...sections,
      { kind: 'section', id: 'section:off-bridge', of: 'off-bridge', netns: null, children },
    ],
  }
}

function netnsRow(plan: Plan, netns: Netns): NetnsRow {
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
    children: linkRows(plan, netns),
  }
}

function unreadableOf(netns: Netns): string | null {
  if (netns.readable !== true) return netns.readable.unknown
  return isUnknown(netns.links) ? netns.links.unknown : null
}
