/** A node that runs gets one network more. */
import { listOf } from '../../model/known.ts'
import type { Lab, LabNode } from '../../model/lab.ts'
import type { World } from '../../model/world.ts'
import { planned, refusal, refused, type Planner } from '../planner.ts'
import { markDefault } from './default-routes.ts'
import { planEndpoint } from './endpoint.ts'
import { endpointSteps } from './endpoint-steps.ts'
import { netnsNamed } from './joined.ts'
import { labSteps } from './lab-steps.ts'
import { withNode } from './lab.ts'
import { nodeNamed } from './node-names.ts'
import { newDefaults } from './default-moves.ts'
import { whyNotChanged } from './node-state.ts'

export const netConnect: Planner<'net-connect'> = (world, { node: name, connection }, context) => {
  const found = nodeNamed(world, name)
  if (!found.ok) return found
  const { lab, node } = found.value
  const wrong = whyNotChanged(world, node)
  if (wrong !== null) return refused(wrong)
  const { network } = connection
  if (node.endpoints.some((each) => each.network === network))
    return refused(refusal(name, `node ${name} is on network ${network} already`))
  const link = freeLink(world, node)
  const endpoint = planEndpoint(world, { lab, node: name, connection, link }, context)
  if (!endpoint.ok) return endpoint
  const after = withEndpoints(lab, node, [...node.endpoints, endpoint.value])
  const routes = newDefaults(world, { name, before: lab, after, gone: null }).filter(
    (each) => each.link === link,
  )
  const plan = { lab: after, node: name, endpoint: endpoint.value, routes, isNew: false }
  const steps = labSteps(world, after, endpointSteps(world, plan, context), context)
  return steps.ok ? planned({ title: `connect node ${name} to network ${network}`, ...steps.value }) : steps
}

/** The lowest that neither a network of the node nor anything else in it has. */
function freeLink(world: World, { name, endpoints }: LabNode): string {
  const taken = new Set([
    ...endpoints.map(({ link }) => link),
    ...listOf(netnsNamed(world, name)?.links ?? []).map((link) => link.name),
  ])
  for (let at = 0; ; at += 1) if (!taken.has(`eth${at}`)) return `eth${at}`
}

export function withEndpoints(lab: Lab, node: LabNode, endpoints: LabNode['endpoints']): Lab {
  return withNode(lab, { ...node, endpoints: markDefault(lab, endpoints) })
}
