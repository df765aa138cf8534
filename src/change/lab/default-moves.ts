/** The default route of a node that runs, when it gets a network or loses one. What somebody set there by hand stays. */
import { listOf } from '../../model/known.ts'
import type { Lab, LabNode } from '../../model/lab.ts'
import type { Netns } from '../../model/netns.ts'
import type { Fact, Step } from '../../model/plan.ts'
import type { Route } from '../../model/route.ts'
import type { World } from '../../model/world.ts'
import { namedSpot, type Spot } from '../at.ts'
import type { PlanContext } from '../planner.ts'
import { routeCommand } from '../restore/routes.ts'
import { defaultRoutes, type DefaultRoute } from './default-routes.ts'
import { routeArgs, routeFact } from './endpoint-steps.ts'
import { netnsNamed } from './joined.ts'

/** RT_TABLE_MAIN (linux/rtnetlink.h). */
const main = 254

/** Those that it has by the lab as it will be and not as it is, unless the namespace has one of that family by another link. */
export function newDefaults(world: World, { name, before, after, gone }: Moved): readonly DefaultRoute[] {
  const netns = netnsNamed(world, name)
  const had = defaultsIn(before, name)
  return defaultsIn(after, name).filter(
    (route) =>
      !had.some(({ family, link }) => family === route.family && link === route.link) &&
      defaultsOf(netns, route.family).every((each) => linkOf(netns, each) === gone),
  )
}

type Moved = {
  readonly name: LabNode['name']
  readonly before: Lab
  readonly after: Lab
  /** The link that goes; null: none does. */
  readonly gone: string | null
}

function defaultsIn(lab: Lab, name: string): readonly DefaultRoute[] {
  return defaultRoutes(lab, lab.nodes.find((node) => node.name === name)?.endpoints ?? [])
}

/**
 * Before the link goes that has the route now. `replace`, because two default routes of the same metric cannot be: nothing is without a
 * way in between.
 */
export function moveSteps(world: World, moved: Moved, context: PlanContext): readonly Step[] {
  const spot: Spot = { ...namedSpot(moved.name, context), netns: netnsNamed(world, moved.name) }
  return newDefaults(world, moved).map((route) => moveStep(spot, moved, route))
}

function moveStep(spot: Spot, { name }: Moved, route: DefaultRoute): Step {
  const { netns } = spot
  const had = netns === null ? [] : defaultsOf(netns, route.family)
  const six = route.family === 'inet6' ? 'IPv6 ' : ''
  const by = route.via === null ? route.link : route.via
  return {
    title: `move the ${six}default route of node ${name} to ${by}`,
    command: spot.ip('route', 'replace', ...routeArgs(route)),
    undo:
      netns === null || had.length === 0
        ? [spot.ip('route', 'del', ...routeArgs(route))]
        : had.map((each) => routeCommand({ netns, spot }, each, 'replace')),
    after: [routeFact(route, spot.at, true)],
    before: [
      routeFact(route, spot.at, false),
      ...had.map((each): Fact => ({
        ...routeFact({ ...route, via: each.gateway, link: linkOf(netns, each) ?? '' }, spot.at, true),
      })),
    ],
    touches: [{ path: [spot.at, `route:${route.family}:default`], how: 'change' }],
  }
}

function defaultsOf(netns: Netns | null, family: Route['family']): readonly Route[] {
  return listOf(netns?.routes ?? []).filter(
    (each) =>
      each.family === family &&
      each.table === main &&
      each.dst === 'default' &&
      each.type === 'unicast' &&
      !each.cached,
  )
}

function linkOf(netns: Netns | null, { oif }: Route): string | null {
  return listOf(netns?.links ?? []).find(({ ifindex }) => ifindex === oif)?.name ?? null
}
