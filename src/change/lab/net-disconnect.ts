/** A node that runs loses one of its networks; its default route goes to the next. */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { planned, refusal, refused, type Planner } from '../planner.ts'
import { moveSteps } from './default-moves.ts'
import { endpointRemoval } from './endpoint-removal.ts'
import { labSteps } from './lab-steps.ts'
import { withEndpoints } from './net-connect.ts'
import { withoutLinksTo } from './node-links.ts'
import { nodeNamed } from './node-names.ts'
import { whyNotChanged } from './node-state.ts'

export const netDisconnect: Planner<'net-disconnect'> = (world, { node: name, network }, context) => {
  const found = nodeNamed(world, name)
  if (!found.ok) return found
  const { lab, node } = found.value
  const wrong = whyNotChanged(world, node)
  if (wrong !== null) return refused(wrong)
  const endpoint = node.endpoints.find((each) => each.network === network)
  if (endpoint === undefined)
    return refused(
      notOn(
        name,
        network,
        node.endpoints.map((each) => each.network),
      ),
    )
  const others = node.endpoints.filter((each) => each !== endpoint)
  const after = withoutLinksTo(withEndpoints(lab, node, others), name, network)
  const left = after.nodes.find((each) => each.name === name)?.endpoints ?? []
  if (node.ports.length > 0 && !left.some(({ isDefault }) => isDefault)) {
    const ports = node.ports.map(({ hostPort, protocol }) => `${hostPort}/${protocol}`).join(', ')
    const what = `node ${name} publishes ${ports}, and without network ${network} nothing would lead there`
    return refused(refusal(name, what, `vethscope net unpublish ${name} … first`))
  }
  const moved = moveSteps(world, { name, before: lab, after, gone: endpoint.link }, context)
  const removal = endpointRemoval(world, name, endpoint, context)
  const steps = labSteps(world, after, [...moved, ...removal.steps], context)
  if (!steps.ok) return steps
  return planned({
    title: `take node ${name} off network ${network}`,
    steps: steps.value.steps,
    notes: [...removal.notes, ...steps.value.notes],
  })
}

function notOn(name: string, network: string, networks: readonly string[]): Failure {
  const on = networks.length === 0 ? 'it is on none' : `it is on ${networks.join(', ')}`
  return refusal(name, `node ${name} is not on network ${sanitise(network)}: ${on}`)
}
