/** Ports of a node that the host's addresses lead to. */
import { sanitise } from '../../lib/sanitise.ts'
import type { Lab, LabNode, LabPort } from '../../model/lab.ts'
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
import { parsePorts, portsNamed, publishText } from '../rules/ports.ts'
import { reached } from '../rules/reach.ts'
import { labSteps } from './lab-steps.ts'
import { withNode } from './lab.ts'
import { nodeNamed } from './node-names.ts'

export const netPublish: Planner<'net-publish'> = (world, { node: name, ports }, context) => {
  const found = nodeNamed(world, name)
  if (!found.ok) return found
  const { lab, node } = found.value
  const ways = [reached(lab, node, 'ip'), reached(lab, node, 'ip6')].flatMap((way) => way ?? [])
  if (ways.every(({ network }) => network.internal)) {
    const why =
      ways.length === 0
        ? `node ${node.name} is on no network by which this host reaches it`
        : `node ${node.name} cannot publish ports: it is on no network that leads out`
    return refused(refusal(node.name, why, 'vethscope net connect'))
  }
  const parsed = parsePorts(ports, { world, lab, node: node.name, ipv6: reached(lab, node, 'ip6') !== null })
  if (!parsed.ok) return parsed
  return changed(world, lab, { ...node, ports: [...node.ports, ...parsed.value] }, context, 'publish', ports)
}

export const netUnpublish: Planner<'net-unpublish'> = (world, { node: name, ports }, context) => {
  const found = nodeNamed(world, name)
  if (!found.ok) return found
  const { lab, node } = found.value
  const named = portsNamed(ports)
  if (!named.ok) return named
  const gone = new Set(named.value.map(publishText))
  const missing = ports.filter((text) => {
    const own = portsNamed([text])
    return (
      own.ok && !own.value.some((port) => node.ports.some((each) => publishText(each) === publishText(port)))
    )
  })
  if (missing.length > 0) {
    return refused(
      ...missing.map((text) =>
        refusal(text, `node ${node.name} does not publish ${sanitise(text)}`, publishes(node.ports)),
      ),
    )
  }
  const left = node.ports.filter((each) => !gone.has(publishText(each)))
  return changed(world, lab, { ...node, ports: left }, context, 'unpublish', ports)
}

function changed(
  world: World,
  lab: Lab,
  node: LabNode,
  context: PlanContext,
  how: 'publish' | 'unpublish',
  ports: readonly string[],
): Planned<Drafted> {
  const steps = labSteps(world, withNode(lab, node), [], context)
  if (!steps.ok) return steps
  return planned({ title: `${how} ${ports.join(', ')} of node ${node.name}`, ...steps.value })
}

function publishes(ports: readonly LabPort[]): string {
  return ports.length === 0 ? 'it publishes none' : `it publishes ${ports.map(publishText).join(', ')}`
}
