/**
 * The World as a plan leaves it, good enough for the next planner: what its facts say is true afterwards. That it is good enough is
 * tested by planning each part of a file on a host that the parts before it really changed (test/live/net-apply-honest.test.ts).
 */
import { nsid } from '../../model/ids.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Fact, Plan, Step } from '../../model/plan.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { netnsAt } from '../check/seen.ts'
import type { PlanContext } from '../planner.ts'
import { afterEngineEndpoint, afterEngineNetwork } from './engines-after.ts'
import { afterLink, pairedEnd } from './links-after.ts'
import { afterNetns } from './names-after.ts'
import { afterFile, afterRecord } from './records-after.ts'
import { afterRow } from './rows-after.ts'
import { afterRule, afterTable, afterUntold } from './rules-after.ts'
import { afterSysctl } from './sysctls-after.ts'

/** What a planner is given. */
export type Moment = { readonly world: World; readonly context: PlanContext }

export function worldAfter(moment: Moment, plan: Plan): Moment {
  return plan.steps.reduce((left, step) => {
    const told = step.after.reduce((each, fact) => after(each, fact, step, plan), left)
    if (step.after.length === 0) return inNetns(told, 'host', (netns) => afterUntold(netns, step))
    return { ...told, world: paired(told.world, step) }
  }, moment)
}

function after(moment: Moment, fact: Fact, step: Step, plan: Plan): Moment {
  const { world, context } = moment
  switch (fact.kind) {
    case 'netns':
      return { ...moment, world: afterNetns(world, fact, step) }
    case 'link':
      return inNetns(moment, fact.at, (netns) => afterLink(netns, fact))
    case 'address':
    case 'route':
      return inNetns(moment, fact.at, (netns) => afterRow(netns, fact))
    case 'sysctl':
      return inNetns(moment, fact.at, (netns) => afterSysctl(netns, fact.name, fact.value))
    case 'rule':
      return inNetns(moment, fact.at, (netns) => afterRule(netns, fact))
    case 'nft-table':
      return inNetns(moment, fact.at, (netns) => afterTable(netns, fact, step))
    case 'file':
    case 'folder':
      return { world: afterRecord(world, fact, context), context: afterFile(context, fact) }
    case 'engine-network':
      return { ...moment, world: afterEngineNetwork(world, fact, plan) }
    case 'engine-endpoint':
      return { ...moment, world: afterEngineEndpoint(world, fact, plan) }
    // What engines wrote themselves, neighbours and forwarding entries: no part of a file looks at what another one did there.
    default:
      return moment
  }
}

function inNetns(moment: Moment, at: string, change: (netns: Netns) => Netns): Moment {
  const netns = netnsAt(moment.world, at)
  if (netns === null) return moment
  const changed = change(netns)
  if (changed === netns) return moment
  const all = moment.world.netns.map((each) => (each === netns ? changed : each))
  return { ...moment, world: { ...moment.world, netns: all } }
}

/** Two ends that one step makes know each other. */
function paired(world: World, { after }: Step): World {
  const [one, two, ...more] = after.flatMap((fact) =>
    fact.kind === 'link' && fact.there && fact.is?.kind === 'veth' ? [fact] : [],
  )
  if (one === undefined || two === undefined || more.length > 0) return world
  const [first, second] = [netnsAt(world, one.at), netnsAt(world, two.at)]
  const ends = [linkOf(first, one.name), linkOf(second, two.name)] as const
  if (first === null || second === null || ends[0] === null || ends[1] === null) return world
  const withFirst = replaced(world, first, pointing(first, ends[0], ends[1], second))
  const now = netnsAt(withFirst, two.at) ?? second
  return replaced(withFirst, now, pointing(now, ends[1], ends[0], first))
}

function linkOf(netns: Netns | null, name: string): Link | null {
  return listOf(netns?.links ?? []).find((link) => link.name === name) ?? null
}

function pointing(netns: Netns, link: Link, other: Link, to: Netns): Netns {
  const nsids = listOf(netns.nsids)
  const known = nsids.find(({ id }) => id === to.id)?.nsid
  const number = known ?? nsid(Math.max(-1, ...nsids.map((each) => each.nsid)) + 1)
  const end = pairedEnd(link, other, to.id === netns.id ? null : number)
  return {
    ...netns,
    links: listOf(netns.links).map((each) => (each.ifindex === link.ifindex ? end : each)),
    nsids: known === undefined && to.id !== netns.id ? [...nsids, { nsid: number, id: to.id }] : netns.nsids,
  }
}

function replaced(world: World, netns: Netns, by: Netns): World {
  return { ...world, netns: world.netns.map((each) => (each === netns ? by : each)) }
}
