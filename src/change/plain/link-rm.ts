/** A link deleted, with what goes with it. */
import { indexOf } from '../../derive/netns-index.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import {
  planned,
  refusal,
  refused,
  type Drafted,
  type PlanContext,
  type Planned,
  type Planner,
} from '../planner.ts'
import { linksLost, type LostLink } from '../restore/links-lost.ts'
import { restoreLost } from '../restore/restore-link.ts'
import { placeName } from './place-name.ts'
import {
  called,
  linkFact,
  linkPath,
  noLinkFact,
  ofLab,
  siteNamed,
  touchLink,
  type NamedSite,
} from './scene.ts'

export const linkRm: Planner<'link-rm'> = (world, { netns, link }, context) => {
  const site = siteNamed(world, netns, link, context)
  return site.ok ? deletion(world, site.value, context) : site
}

export function deletion(world: World, site: NamedSite, context: PlanContext): Planned<Drafted> {
  const { link, netns } = site
  if (link.kind === 'loopback')
    return refused(refusal(link.name, `${called(site)} cannot be deleted: each namespace keeps its own`))
  if (link.kind === 'device') {
    const what = `${called(site)} is a device of a driver, which no tool deletes`
    return refused(refusal(link.name, what, 'set it down, or move it to another namespace'))
  }
  const free = ofLab(world, site)
  if (!free.ok) return free
  const lost = linksLost(world, [{ netns, link }], context)
  if (!lost.ok) return lost
  const others = lost.value.map((each) => each.site).slice(1)
  const ports = indexOf(netns).slaves.get(link.ifindex) ?? []
  const step = deletionStep(world, site, lost.value)
  const notes = [
    ...others.map((other) => `${sanitise(other.link.name)} in ${placeName(world, other.netns)} goes with it`),
    ...(ports.length > 0
      ? [`no bridge any more for ${ports.map(({ name }) => sanitise(name)).join(', ')}`]
      : []),
  ]
  return planned({ title: step.title, steps: [step], notes })
}

/** `lost`: it, and what goes with it. */
export function deletionStep(world: World, site: NamedSite, lost: readonly LostLink[]): Step {
  const ports = indexOf(site.netns).slaves.get(site.link.ifindex) ?? []
  return {
    title: `delete ${called(site)}`,
    command: site.spot.ip('link', 'delete', 'dev', site.link.name),
    undo: restoreLost(world, lost),
    after: lost.map((each) => noLinkFact(each.site.spot.at, each.site.link.name)),
    before: lost.map((each) => linkFact(each.site)),
    touches: [
      ...lost.map((each) => touchLink(each.site, 'delete')),
      ...ports.map((port) => ({
        path: linkPath({ ...site, link: port }),
        how: 'change' as const,
        what: 'master' as const,
      })),
    ],
  }
}
