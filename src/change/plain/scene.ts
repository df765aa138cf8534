/** What every plain change begins with: the namespace and the link that are meant, and what they are called. */
import { indexOf } from '../../derive/netns-index.ts'
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Fact, LinkFacts, Touch } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { spotOf } from '../at.ts'
import { labOf } from '../lab/lab.ts'
import { planned, refusal, refused, type PlanContext, type Planned } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { placeName } from './place-name.ts'
import { siteOf, type Place, type Site } from '../restore/site.ts'

/** `name`: what it is called on the screen. */
export type NamedPlace = Place & { readonly name: string }
export type NamedSite = Site & { readonly name: string }

/** Refused where its links were not read: nobody could say what a change there does. */
export function placeNamed(world: World, text: string, context: PlanContext): Planned<NamedPlace> {
  const spot = spotOf(world, text, context)
  if (!spot.ok) return spot
  const { netns } = spot.value
  if (netns === null) return refused(unreadable(text, `netns ${sanitise(text)}`, null))
  const name = placeName(world, netns)
  for (const part of ['links', 'addresses', 'routes'] as const) {
    const value = netns[part]
    if (isUnknown(value)) {
      return refused(unreadable(name, `the ${part} of netns ${name}`, value.unknown, 'run as root'))
    }
  }
  return planned({ netns, spot: spot.value, name })
}

export function siteNamed(
  world: World,
  text: string,
  linkName: string,
  context: PlanContext,
): Planned<NamedSite> {
  const place = placeNamed(world, text, context)
  if (!place.ok) return place
  const link = linkCalled(place.value, linkName)
  return link === null
    ? refused(noLink(place.value, linkName))
    : planned({ ...siteOf(place.value, link), name: place.value.name })
}

export function linkCalled({ netns }: Place, name: string): Link | null {
  return indexOf(netns).byName.get(name) ?? null
}

export function noLink(place: NamedPlace, name: string): Failure {
  const names = linksOf(place).map((each) => sanitise(each.name))
  const shown = names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '')
  return {
    kind: 'not-found',
    what: `there is no link ${sanitise(name)} in ${place.name}`,
    subject: sanitise(name),
    hint: names.length === 0 ? 'there is none' : `there are ${shown}`,
  }
}

export function linksOf({ netns }: Place): readonly Link[] {
  return [...indexOf(netns).links.values()]
}

/** null: nothing there is called that. Other names (altname) are taken too. */
export function nameTaken(place: NamedPlace, name: string): Failure | null {
  const taken = linksOf(place).find((link) => link.name === name || link.altNames.includes(name))
  if (taken === undefined) return null
  const what =
    taken.name === name
      ? `${wordFor(taken)} ${name} exists already in ${place.name} (ifindex ${taken.ifindex})`
      : `link ${sanitise(taken.name)} in ${place.name} is called ${name} already (altname)`
  return refusal(name, what, 'choose another name')
}

/** `bridge`, else `link`. */
export function wordFor({ kind }: Link): string {
  return kind === 'bridge' ? 'bridge' : 'link'
}

/** `link eth0 in web`. */
export function called({ link, name }: NamedSite): string {
  return `${wordFor(link)} ${sanitise(link.name)} in ${name}`
}

/** What the lab made is taken away by the lab's own commands, which also know its rules, names and records. */
export function ofLab(world: World, { spot, link }: Site): Planned<null> {
  const lab = labOf(world)
  if (!lab.ok) return lab
  const { networks, nodes } = lab.value
  const shown = sanitise(link.name)
  const network = networks.find(
    (each) =>
      spot.at === 'host' &&
      ((each.ownsBridge && each.bridge === link.name) || each.vxlan?.link === link.name),
  )
  if (network !== undefined) {
    const what = `link ${shown} belongs to network ${network.name} of the lab`
    return refused(refusal(link.name, what, `vethscope net rm ${network.name} takes it away with its rules`))
  }
  for (const node of nodes) {
    const found = node.endpoints.find((end) =>
      spot.at === 'host'
        ? end.hostLink === link.name
        : spot.at === `/run/netns/${node.name}` && end.link === link.name,
    )
    if (found === undefined) continue
    const what = `link ${shown} connects node ${node.name} to network ${found.network} of the lab`
    return refused(
      refusal(link.name, what, `vethscope net disconnect ${found.network} ${node.name} takes it away`),
    )
  }
  return planned(null)
}

/** All the reasons there are, or none. */
export function unlessAny<T>(reasons: readonly (Failure | null)[], value: () => Planned<T>): Planned<T> {
  const real = reasons.filter((reason) => reason !== null)
  return real.length > 0 ? refused(...real) : value()
}

export function linkPath(site: Site): readonly string[] {
  return [site.spot.at, `link:${site.link.name}`]
}

export function touchLink(site: Site, how: Touch['how'], what?: Touch['what']): Touch {
  return { path: linkPath(site), how, ...(what === undefined ? {} : { what }) }
}

export function linkFact({ spot, link }: Site, is?: LinkFacts): Fact {
  return { kind: 'link', at: spot.at, name: link.name, there: true, ...(is === undefined ? {} : { is }) }
}

export function noLinkFact(at: string, name: string): Fact {
  return { kind: 'link', at, name, there: false }
}
