/** The steps that take a node off a network, with all that was on its link as what brings it back. */
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { LabEndpoint } from '../../model/lab.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { hostSpot, namedSpot, type Spot } from '../at.ts'
import type { PlanContext } from '../planner.ts'
import { restoreLink } from '../restore/restore-link.ts'
import { withoutLinks } from '../restore/without-links.ts'
import { endpointMark, noAddress } from './endpoint-steps.ts'
import { netnsNamed } from './joined.ts'

export type EndpointRemoval = {
  readonly steps: readonly Step[]
  readonly notes: readonly string[]
  /** The World without it. */
  readonly world: World
}

/** The link goes before its namespace: the kernel takes down a namespace some time after its last name, and the veth with it. */
export function endpointRemoval(
  world: World,
  node: string,
  endpoint: LabEndpoint,
  context: PlanContext,
): EndpointRemoval {
  const host = hostSpot(world, context)
  const inside = { ...namedSpot(node, context), netns: netnsNamed(world, node) }
  const spot = endpoint.hostLink === null ? inside : host
  const { netns } = spot
  const name = endpoint.hostLink ?? endpoint.link
  const link = listOf(netns?.links ?? []).find((each) => each.name === name)
  if (netns === null || link === undefined)
    return { steps: [], notes: [`link ${name} of node ${node} is gone already`], world }
  const mark = endpointMark(endpoint.network, node)
  if (link.alias !== mark) {
    const has = link.alias === null ? 'has no mark' : `is marked "${sanitise(link.alias)}"`
    return { steps: [], notes: [`link ${name} ${has} instead of ${mark}: it stays`], world }
  }
  const other = listOf(inside.netns?.links ?? []).find((each) => each.name === endpoint.link)
  const removed = { spot, netns, link, inside, node, endpoint, isOtherThere: other !== undefined }
  const step = removal(world, removed, context)
  const gone = [
    { netns, link },
    ...(inside.netns === null || other === undefined ? [] : [{ netns: inside.netns, link: other }]),
  ]
  // What brings back the rest need not bring back these as well.
  return { steps: [step], notes: [], world: withoutLinks(world, gone) }
}

type Removed = {
  readonly spot: Spot
  readonly netns: Netns
  readonly link: Link
  readonly inside: Spot
  readonly node: string
  readonly endpoint: LabEndpoint
  readonly isOtherThere: boolean
}

function removal(
  world: World,
  { spot, netns, link, inside, node, endpoint, isOtherThere }: Removed,
  context: PlanContext,
): Step {
  return {
    title: `take node ${node} off network ${endpoint.network}: delete ${link.name}`,
    command: spot.ip('link', 'del', 'dev', link.name),
    undo: broughtBack(spot, link, endpoint, restoreLink(world, netns, link, context)),
    after: [
      { kind: 'link', at: spot.at, name: link.name, there: false },
      ...(spot.at === inside.at
        ? []
        : [{ kind: 'link' as const, at: inside.at, name: endpoint.link, there: false }]),
    ],
    before: [
      { kind: 'link', at: spot.at, name: link.name, there: true, is: { alias: link.alias } },
      // Said, because the same plan may make one of that name again.
      ...(spot.at === inside.at || !isOtherThere
        ? []
        : [{ kind: 'link' as const, at: inside.at, name: endpoint.link, there: true }]),
    ],
    touches: [
      { path: [spot.at, `link:${link.name}`], how: 'delete' },
      ...(spot.at === inside.at
        ? []
        : [{ path: [inside.at, `link:${endpoint.link}`], how: 'delete' as const }]),
    ],
  }
}

/** A World does not tell of addrgenmode; ours is set right after the link is made, before it is up. */
function broughtBack(spot: Spot, link: Link, { hostLink }: LabEndpoint, undo: Step['undo']): Step['undo'] {
  if ('irreversible' in undo || hostLink === null || link.inet6 === null) return undo
  const [made, ...rest] = undo
  const command = spot.ip('link', 'set', 'dev', link.name, ...noAddress)
  return made === undefined ? undo : [made, command, ...rest]
}
