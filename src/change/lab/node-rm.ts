/** A node goes: off its networks, out of the others' names, its ports, its namespace; or only its name, where it joined one. */
import type { Failure } from '../../lib/failure.ts'
import { isResolved, peers } from '../../derive/peers.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { Lab, LabNode } from '../../model/lab.ts'
import type { Link } from '../../model/link.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { atNamed } from '../at.ts'
import { planned, refusal, refused, type PlanContext, type Planner } from '../planner.ts'
import { isOfItself } from '../restore/links-lost.ts'
import { restoreNetns } from '../restore/restore-netns.ts'
import { endpointRemoval } from './endpoint-removal.ts'
import { netnsNamed } from './joined.ts'
import { labSteps } from './lab-steps.ts'
import { withoutNode } from './lab.ts'
import { bindSteps, unbind } from './namespace-steps.ts'
import { nodeNamed } from './node-names.ts'
import { withoutLinksTo } from './node-links.ts'

export const nodeRm: Planner<'node-rm'> = (world, { name }, context) => {
  const found = nodeNamed(world, name)
  if (!found.ok) return found
  const { lab, node } = found.value
  const refusals = [...whyJoined(node, lab), ...whyRunning(node, world)]
  if (refusals.length > 0) return refused(...refusals)
  const { steps, notes } = removalSteps(world, node, context)
  const after = withoutLinksTo(withoutNode(lab, name), name, null)
  const all = labSteps(world, after, steps, context)
  if (!all.ok) return all
  return planned({
    title: `remove node ${name}`,
    steps: all.value.steps,
    notes: [...notes, ...all.value.notes],
  })
}

function whyJoined({ name }: LabNode, lab: Lab): readonly Failure[] {
  return lab.nodes
    .filter(({ mode, of }) => mode === 'container' && of === name)
    .map((other) =>
      refusal(
        name,
        `node ${name} cannot be removed: node ${other.name} is in its namespace`,
        `remove that first: vethscope node rm ${other.name}`,
      ),
    )
}

/** They would go on in a namespace that has no name any more. Of one that joined another they are that one's. */
function whyRunning({ name, mode }: LabNode, world: World): readonly Failure[] {
  const netns = netnsNamed(world, name)
  if (netns === null || (mode !== 'bridge' && mode !== 'none')) return []
  const { processes, threads } = netns.holders
  const pids = [...new Set([...processes, ...threads.map(({ pid }) => pid)])].toSorted((a, b) => a - b)
  if (pids.length === 0) return []
  const names = new Map(listOf(world.processes).map(({ pid, comm }) => [pid, comm]))
  const shown = pids.slice(0, most).map((pid) => {
    const comm = names.get(pid)
    return comm === undefined ? `pid ${pid}` : `${sanitise(comm)} (pid ${pid})`
  })
  const others = pids.length > most ? ` and ${pids.length - most} more` : ''
  const runs = pids.length === 1 ? 'runs' : 'run'
  return [
    refusal(
      name,
      `node ${name} cannot be removed: ${shown.join(', ')}${others} ${runs} in it`,
      `end ${pids.length === 1 ? 'it' : 'them'} first`,
    ),
  ]
}

const most = 5

function removalSteps(
  world: World,
  node: LabNode,
  context: PlanContext,
): { readonly steps: readonly Step[]; readonly notes: readonly string[] } {
  const steps: Step[] = []
  const notes: string[] = []
  let left = world
  for (const endpoint of node.endpoints) {
    const removal = endpointRemoval(left, node.name, endpoint, context)
    steps.push(...removal.steps)
    notes.push(...removal.notes)
    left = removal.world
  }
  const netns = netnsNamed(left, node.name)
  const others = whoseElse(world, node)
  if (netns === null) notes.push(`namespace ${node.name} is gone already`)
  else if (others.length > 0)
    notes.push(
      `namespace ${node.name} stays: no link of the node is in it, and ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} none of ours`,
    )
  else steps.push(nameStep(left, node, context))
  return { steps, notes }
}

/**
 * A namespace has no mark. One that has links, but none with the MAC address of one of the node's, nor the other end of one, was made by
 * somebody else under its name. Of a node without networks, or of one that joined another, nobody can tell.
 */
function whoseElse(world: World, { name, endpoints }: LabNode): readonly string[] {
  const netns = netnsNamed(world, name)
  const links = listOf(netns?.links ?? []).filter((link) => !isOfItself(link))
  const ends = endpoints.map(({ hostLink }) => hostLink)
  const { peerOf } = peers(world.netns)
  const isOurs = ({ lladdr, ifindex }: Link): boolean => {
    if (endpoints.some(({ mac }) => mac === lladdr)) return true
    const other = netns === null ? null : peerOf(netns.id, ifindex)
    if (!isResolved(other) || other.netns !== world.host) return false
    const host = world.netns.find(({ id }) => id === world.host)
    return listOf(host?.links ?? []).some(
      (each) => each.ifindex === other.ifindex && ends.includes(each.name),
    )
  }
  return endpoints.length === 0 || links.some(isOurs) ? [] : links.map((link) => sanitise(link.name))
}

function nameStep(world: World, { name, mode }: LabNode, context: PlanContext): Step {
  const netns = netnsNamed(world, name)
  const isOwn = mode === 'bridge' || mode === 'none'
  const bound = netns === null ? [] : bindSteps(world, name, netns).map(({ command }) => command)
  const isOnly = netns?.holders.processes.length === 0 && netns.names.length < 2
  const rebound: Step['undo'] = isOnly
    ? { irreversible: `nothing else leads to the namespace of ${name}` }
    : bound
  return {
    title: isOwn ? `delete namespace ${name}` : `unbind the name ${name}`,
    command: unbind(name),
    undo: isOwn && netns !== null ? restoreNetns(world, netns, name, context) : rebound,
    after: [{ kind: 'netns', name, there: false }],
    before: [{ kind: 'netns', name, there: true }],
    touches: [{ path: [atNamed(name)], how: 'delete' }],
  }
}
