/** A new node: a namespace that acts as a container, on its networks; or another name for one that is there. */
import type { Failure } from '../../lib/failure.ts'
import type { IntentOf } from '../../model/intent.ts'
import type { Lab, LabEndpoint, LabNode, LabPort } from '../../model/lab.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { checkIp, checkPlainName } from '../names.ts'
import {
  misuse,
  planned,
  refusal,
  refused,
  type Drafted,
  type PlanContext,
  type Planned,
} from '../planner.ts'
import type { Planner } from '../planner.ts'
import { parsePorts } from '../rules/ports.ts'
import { defaultRoutes, markDefault } from './default-routes.ts'
import { planEndpoint } from './endpoint.ts'
import { endpointSteps } from './endpoint-steps.ts'
import { joinedNetns } from './joined.ts'
import { labSteps } from './lab-steps.ts'
import { labOf, withNode } from './lab.ts'
import { ownsEtcNetns } from './name-steps.ts'
import { bindSteps, loopbackStep, namespaceStep } from './namespace-steps.ts'
import { whyNotNodeName } from './node-names.ts'

type Asked = IntentOf<'node-add'>

export const nodeAdd: Planner<'node-add'> = (world, asked, context) => {
  const lab = labOf(world)
  if (!lab.ok) return lab
  const named = whyNotNodeName(asked.name, world, lab.value)
  const fit = whyNotFit(asked)
  const endpoints = planEndpoints(world, lab.value, asked, context)
  const ports = portsOf(world, lab.value, asked, endpoints)
  const bound = boundSteps(world, lab.value, asked)
  const refusals = [
    ...named,
    ...fit,
    ...(endpoints.ok ? [] : endpoints.refusals),
    ...(ports.ok ? [] : ports.refusals),
    ...(bound.ok ? [] : bound.refusals),
  ]
  if (refusals.length > 0 || !endpoints.ok || !ports.ok || !bound.ok) return refused(...refusals)
  const node: LabNode = {
    name: asked.name,
    mode: asked.mode,
    of: asked.mode === 'container' ? (asked.of ?? null) : null,
    endpoints: endpoints.value,
    ports: ports.value,
    ...(asked.hosts === undefined || Object.keys(asked.hosts).length === 0 ? {} : { hosts: asked.hosts }),
    ...(ownsEtcNetns(world, lab.value, context) ? { ownsEtcNetns: true } : {}),
    created: context.now,
  }
  const after = withNode(lab.value, node)
  const kernel = bound.value ?? ownSteps(world, after, node, context)
  return drafted(world, asked, after, kernel, context)
}

function drafted(
  world: World,
  { name, mode, of, connections }: Asked,
  after: Lab,
  kernel: readonly Step[],
  context: PlanContext,
): Planned<Drafted> {
  const steps = labSteps(world, after, kernel, context)
  if (!steps.ok) return steps
  const networks = connections.map(({ network }) => network).join(', ')
  const where =
    mode === 'container'
      ? ` in the namespace of ${of ?? ''}`
      : mode === 'host'
        ? ' in the host’s namespace'
        : ''
  return planned({
    ...steps.value,
    title: `add node ${name}${networks === '' ? where : ` on ${networks}`}`,
  })
}

/** What a mode cannot have. */
function whyNotFit({ name, mode, of, connections, ports, hosts = {} }: Asked): readonly Failure[] {
  const refusals = [...whyNotHosts(hosts)]
  if (mode === 'container' && of === undefined) {
    const what = `node ${name} of mode container needs the name of whom it joins`
    refusals.push(misuse(name, what, 'write --mode container:NAME'))
  }
  if (mode !== 'container' && of !== undefined)
    refusals.push(misuse(name, `a node of mode ${mode} joins nobody`))
  const first = connections[0]
  if (mode !== 'bridge' && first !== undefined)
    refusals.push(refusal(name, `a node of mode ${mode} cannot be on network ${first.network}: ${why[mode]}`))
  if (mode !== 'bridge' && ports.length > 0)
    refusals.push(refusal(name, `a node of mode ${mode} publishes no ports: ${why[mode]}`))
  if ((mode === 'host' || mode === 'container') && Object.keys(hosts).length > 0)
    refusals.push(
      refusal(name, `a node of mode ${mode} knows no names of its own: it has the names of whom it joins`),
    )
  return refusals
}

/** They become lines of a file: neither may hold a blank or a line end. */
function whyNotHosts(hosts: Readonly<Record<string, string>>): readonly Failure[] {
  return Object.entries(hosts).flatMap(([name, address]) =>
    [checkPlainName(name, 'host'), checkIp(address)].filter((each) => each !== null),
  )
}

const why = {
  none: 'it has only lo',
  host: 'it has the host’s own links and ports',
  container: 'it has the links of whom it joins',
} as const

function planEndpoints(
  world: World,
  lab: Lab,
  { name, mode, connections }: Asked,
  context: PlanContext,
): Planned<readonly LabEndpoint[]> {
  if (mode !== 'bridge') return planned([])
  const refusals: Failure[] = []
  const endpoints: LabEndpoint[] = []
  for (const connection of connections) {
    if (endpoints.some(({ network }) => network === connection.network)) {
      refusals.push(refusal(name, `node ${name} can be on network ${connection.network} only once`))
      continue
    }
    const asked = { lab, node: name, connection, link: `eth${endpoints.length}` }
    const endpoint = planEndpoint(world, asked, context)
    if (endpoint.ok) endpoints.push(endpoint.value)
    else refusals.push(...endpoint.refusals)
  }
  return refusals.length > 0 ? refused(...refusals) : planned(markDefault(lab, endpoints))
}

function portsOf(
  world: World,
  lab: Lab,
  { name, mode, ports }: Asked,
  endpoints: Planned<readonly LabEndpoint[]>,
): Planned<readonly LabPort[]> {
  if (ports.length === 0 || mode !== 'bridge' || !endpoints.ok) return planned([])
  if (!endpoints.value.some(({ isDefault }) => isDefault)) {
    const what = `node ${name} cannot publish ports: it is on no network that leads out`
    return refused(refusal(name, what, 'a network that is not --internal'))
  }
  const ipv6 = endpoints.value.some((each) => each.ipv6 !== null)
  return parsePorts(ports, { world, lab, node: name, ipv6 })
}

/** null: a namespace of its own is made. */
function boundSteps(world: World, lab: Lab, { name, mode, of }: Asked): Planned<readonly Step[] | null> {
  if (mode !== 'host' && (mode !== 'container' || of === undefined)) return planned(null)
  const netns = joinedNetns(world, lab, mode === 'host' ? null : (of ?? null))
  return netns.ok ? planned(bindSteps(world, name, netns.value)) : netns
}

function ownSteps(world: World, lab: Lab, node: LabNode, context: PlanContext): readonly Step[] {
  const routes = defaultRoutes(lab, node.endpoints)
  const { name, endpoints } = node
  return [
    namespaceStep(name),
    ...(endpoints.length === 0 ? [loopbackStep(name, context)] : []),
    ...endpoints.flatMap((endpoint, at) => {
      const own = routes.filter(({ link }) => link === endpoint.link)
      return endpointSteps(world, { lab, node: name, endpoint, routes: own, isNew: at === 0 }, context)
    }),
  ]
}
