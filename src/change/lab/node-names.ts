/** What a node may be called, and which one a name means. */
import type { Failure } from '../../lib/failure.ts'
import { findContainers } from '../../derive/containers.ts'
import { displayNames } from '../../derive/netns-name.ts'
import { nearest } from '../../lib/nearest.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Lab, LabNode } from '../../model/lab.ts'
import type { World } from '../../model/world.ts'
import { checkPlainName } from '../names.ts'
import { misuse, planned, refusal, refused, type Planned } from '../planner.ts'
import { labOf } from './lab.ts'

/** Of one part of a name in DNS (RFC 1035, 2.3.4): others reach the node by it. */
const longest = 63

/** Every reason there is. One name must mean one namespace wherever a NETNS can be named. */
export function whyNotNodeName(name: string, world: World, lab: Lab): readonly Failure[] {
  const bad = checkPlainName(name, 'node')
  if (bad !== null) return [bad]
  if (name.length > longest) {
    const what = `"${name}" is no node name: it has ${name.length} characters, at most ${longest} are allowed`
    return [misuse(name, what)]
  }
  if (lab.nodes.some((node) => node.name === name)) return [refusal(name, `node ${name} exists already`)]
  const names = displayNames(world.netns)
  const netns = world.netns.find(
    (each) => names.get(each.id) === name || each.names.some((one) => one.name === name),
  )
  if (name === 'host' || name === 'localhost' || name === 'init')
    return [refusal(name, `a node cannot be called ${name}: that name means another namespace`)]
  if (netns !== undefined) return [refusal(name, `netns ${name} exists already (ino:${netns.id})`)]
  const [container] = findContainers(world, name)
  if (container !== undefined && container.container.name === name)
    return [refusal(name, `${container.engine.engine} has a container ${name} already`)]
  return []
}

function noNode(name: string, lab: Lab): Failure {
  const shown = sanitise(name)
  const names = lab.nodes.map((each) => each.name)
  const near = nearest(name, names)
  const some = names.slice(0, 8).join(', ')
  return {
    kind: 'not-found',
    what: `there is no node "${shown}"`,
    subject: shown,
    hint:
      near !== null
        ? `did you mean ${near}?`
        : names.length === 0
          ? `vethscope node add ${shown} makes one`
          : `there are ${some}${names.length > 8 ? ' …' : ''}`,
  }
}

/** A node that there is, and the lab that it is in. */
export function nodeNamed(
  world: World,
  name: string,
): Planned<{ readonly lab: Lab; readonly node: LabNode }> {
  const lab = labOf(world)
  if (!lab.ok) return lab
  const node = lab.value.nodes.find((each) => each.name === name)
  return node === undefined ? refused(noNode(name, lab.value)) : planned({ lab: lab.value, node })
}
