/** Ports that a process of an engine listens on and passes on: docker-proxy, and the helpers of rootless engines. */
import type { Container, Engine } from '../../model/engine.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import type { World } from '../../model/world.ts'
import { containerIndex, ownerContainer } from '../rules/container-index.ts'
import { helperTargets, isHelper, type HelperTarget } from './helper-target.ts'
import { listeningSockets } from './listening.ts'
import { everyAddress, type Publication, type PublishedPort } from '../../model/published-port.ts'

/** docker-proxy's own arguments tell both ends (cmd/docker-proxy of moby). */
export function publishedByProxies(world: World): readonly Publication[] {
  return listOf(world.processes).flatMap((process): readonly Publication[] => {
    if (process.comm !== 'docker-proxy' || process.args === undefined || isUnknown(process.netns)) return []
    const of = (name: string): string | null => argument(process, name)
    const [hostIp, hostPort, port] = [of('host-ip'), Number(of('host-port')), Number(of('container-port'))]
    const address = of('container-ip')
    if (hostIp === null || address === null || !(hostPort > 0) || !(port > 0)) return []
    return [
      {
        netns: process.netns,
        hostIp,
        hostPort,
        lastPort: hostPort,
        protocol: of('proto') ?? 'tcp',
        family: hostIp.includes(':') ? 'ip6' : 'ip',
        via: 'proxy',
        rule: null,
        process: { pid: process.pid, name: process.comm },
        to: { address, port },
      },
    ]
  })
}

/** `-host-ip 0.0.0.0`, `--host-ip=0.0.0.0`: Go's flags know all four forms. */
function argument({ args = [] }: Process, name: string): string | null {
  for (const [at, arg] of args.entries()) {
    if (arg === `-${name}` || arg === `--${name}`) return args[at + 1] ?? null
    const value = new RegExp(`^--?${name}=(.*)$`, 's').exec(arg)?.[1]
    if (value !== undefined) return value
  }
  return null
}

/** A publication inside the namespace that a helper leads into, and whose it is. */
export type Inner = Publication & { readonly ends: Ends }
type Ends = Pick<PublishedPort['target'], 'container' | 'netns'>

/**
 * Helpers of rootless engines listen in the host's namespace; which container they mean is what the engine says, else
 * what the namespace tells that they lead into. One that tells neither is still a port that leads elsewhere.
 */
export function publishedByHelpers(world: World, inner: readonly Inner[]): readonly Publication[] {
  const claims = claimsOf(world).filter(({ engine }) => engine.rootless)
  const claimsAt = byPort(claims)
  const innerAt = byPort(inner)
  const targetOf = helperTargets(world)
  const done = new Set<Claim>()
  const found = listeningSockets(world).sockets.flatMap((socket): readonly Publication[] => {
    const process = isUnknown(socket.process) ? null : socket.process
    if (process === null || !isHelper(process.name)) return []
    const { netns, protocol, port, family } = socket
    const target = targetOf(process.pid, netns, protocol, port)
    const claim = claimsAt(port).find((each) => each.protocol === protocol && isIn(each, target))
    if (claim !== undefined) done.add(claim)
    const to = claim?.to ?? endOf(world, innerAt(port), target, { protocol, port })
    return [
      {
        netns,
        hostIp: socket.address,
        hostPort: port,
        lastPort: port,
        protocol,
        family,
        via: 'rootless',
        rule: null,
        process,
        to,
      },
    ]
  })
  // Sockets that could not be read are no reason to forget what a rootless engine says.
  const ports = new Set(found.map(({ hostPort }) => hostPort))
  const rest = claims.filter((claim) => !done.has(claim) && !ports.has(claim.hostPort))
  return [...found, ...rest.map((claim) => publicationOf(claim, world, 'rootless'))]
}

/** A helper that leads into another namespace than the container's, or its engine's, means another one. */
function isIn({ container, engine }: Claim, { netns }: HelperTarget): boolean {
  if (netns === null || isUnknown(container.netns) || container.netns === null) return true
  return container.netns === netns || engine.netns === netns
}

/**
 * Where no engine says it: RootlessKit leads to a port that its own namespace publishes, the others to a container.
 * `inner`: what is published with that port.
 */
function endOf(
  world: World,
  inner: readonly Inner[],
  { netns, port }: HelperTarget,
  asked: { readonly protocol: string; readonly port: number },
): Publication['to'] {
  const next = inner.find(
    (each) => netns !== null && each.netns === netns && each.protocol === asked.protocol,
  )
  if (next !== undefined) {
    const { container, netns: at } = next.ends
    return { address: next.to.address, port: next.to.port, container: { name: container, netns: at } }
  }
  const unknownPort = port === null ? ({ isPortUnknown: true } as const) : {}
  const to = { address: null, port: port ?? asked.port, ...unknownPort }
  if (netns === null) return to
  const name = ownerContainer(containerIndex(world), netns)?.container.name ?? null
  return { ...to, container: { name, netns } }
}

type Claim = {
  readonly engine: Engine
  readonly container: Container
  readonly hostIp: string
  readonly hostPort: number
  readonly lastPort: number
  readonly protocol: string
  readonly to: Publication['to']
}

/** What engines say they publish. */
function claimsOf(world: World): readonly Claim[] {
  return containerIndex(world).all.flatMap(({ engine, container }) => {
    const netns = typeof container.netns === 'string' ? container.netns : null
    const addressOf = (family: 'ip' | 'ip6'): string | null => {
      const cidrs = container.endpoints.map(({ ipv4, ipv6 }) => (family === 'ip' ? ipv4 : ipv6))
      return cidrs.find((cidr) => cidr !== null)?.split('/')[0] ?? null
    }
    return container.ports.map(({ hostIp, hostPort, port, protocol }) => ({
      engine,
      container,
      hostIp,
      hostPort,
      lastPort: hostPort,
      protocol,
      to: {
        address: addressOf(hostIp.includes(':') ? 'ip6' : 'ip') ?? addressOf('ip'),
        port,
        container: { name: container.name, netns },
      },
    }))
  })
}

/** Ports that an engine names and that nothing found so far publishes. */
export function publishedByWordOnly(world: World, found: readonly Publication[]): readonly Publication[] {
  const at = byPort(found)
  return claimsOf(world)
    .filter((claim) => !claim.engine.rootless && !at(claim.hostPort).some((each) => publishes(each, claim)))
    .map((claim) => publicationOf(claim, world, 'engine'))
}

function publishes(found: Publication, { protocol, hostIp }: Claim): boolean {
  if (found.protocol !== protocol) return false
  if (hostIp === '') return true
  if (isEvery(hostIp)) return isIp6(found.hostIp) === isIp6(hostIp)
  return found.hostIp === hostIp || isEvery(found.hostIp)
}

type OfPorts = Pick<Publication, 'hostPort' | 'lastPort'>

/** Looked up, because a host may publish tens of thousands; those of many ports at once are few. */
function byPort<T extends OfPorts>(found: readonly T[]): (port: number) => readonly T[] {
  const [one, many] = [new Map<number, T[]>(), [] as T[]]
  for (const each of found) {
    const list = one.get(each.hostPort)
    if (each.hostPort !== each.lastPort) many.push(each)
    else if (list === undefined) one.set(each.hostPort, [each])
    else list.push(each)
  }
  return (port) => [
    ...(one.get(port) ?? []),
    ...many.filter(({ hostPort, lastPort }) => hostPort <= port && port <= lastPort),
  ]
}

const isIp6 = (address: string): boolean => address.includes(':')
const isEvery = (address: string): boolean => address === everyAddress.ip || address === everyAddress.ip6

function publicationOf(claim: Claim, world: World, via: 'rootless' | 'engine'): Publication {
  const { engine, hostIp, hostPort, lastPort, protocol, to } = claim
  const family = isIp6(hostIp) ? 'ip6' : 'ip'
  return {
    netns: via === 'rootless' ? world.host : (engine.netns ?? world.host),
    hostIp: hostIp === '' ? everyAddress[family] : hostIp,
    hostPort,
    lastPort,
    protocol,
    family,
    via,
    rule: null,
    process: null,
    to,
  }
}
