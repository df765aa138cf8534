/** Ports that a probe could try: of who is selected, of the members of its networks, of the host. */
import type { Container, EnginePort } from '../../model/engine.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { World } from '../../model/world.ts'
import { allContainers, containersIn } from '../containers.ts'
import { dnsPort } from './resolv-conf.ts'
import { soughtOf } from './sought.ts'
import { nameservers, targetHosts, type TargetHost } from './targets-hosts.ts'
import type { Pointed } from './targets.ts'

export type PortTarget = {
  readonly host: string
  readonly port: number
  readonly says: string
  readonly isPointed?: boolean
}

/** Whom is pointed at first, then what is published, then what listens. */
export function portTargets(
  world: World,
  from: Netns,
  protocol: 'tcp' | 'udp',
  pointed: Pointed,
  ports: PortsView | null,
): readonly PortTarget[] {
  const hosts = targetHosts(world, from, pointed)
  const ends = pointed.ends.flatMap(({ address, port, protocol: its, says }): readonly PortTarget[] =>
    port === null || (its !== null && its !== protocol)
      ? []
      : [{ host: address, port, says, isPointed: true }],
  )
  // What listens may come a moment later than all else: what stands first stays there.
  return [
    ...ends,
    ...hosts.flatMap((host) => publishedBy(world, host, protocol)),
    ...publishedOnHost(world, from, protocol),
    ...ownPublished(world, from, protocol),
    ...hosts.flatMap((host) => listenedOn(world, host, protocol, ports)),
    ...ownListeners(from, protocol, ports),
    ...nameservers(world, from).map(({ text, says }) => ({ host: text, port: dnsPort, says })),
  ]
}

/** Ports of a container that its engine publishes; they are open on the container's own address too. */
function publishedBy(
  world: World,
  { text, address, netns, isPointed = false }: TargetHost,
  protocol: 'tcp' | 'udp',
): readonly PortTarget[] {
  if (netns === null || netns === world.host) return []
  return containersIn(world, netns)
    .filter(({ container }) => container.modeKind !== 'host')
    .flatMap(({ container }) => container.ports)
    .filter((each) => each.protocol === protocol)
    .map((each): PortTarget => ({
      host: text,
      port: each.port,
      says: `${address}, published as ${bracketed(each.hostIp)}:${each.hostPort}`,
      isPointed,
    }))
}

function listenedOn(
  world: World,
  { text, address, netns, isPointed = false }: TargetHost,
  protocol: 'tcp' | 'udp',
  ports: PortsView | null,
): readonly PortTarget[] {
  if (netns === null || (netns === world.host && text !== 'host')) return []
  return listenersOf(ports, netns, protocol)
    .filter((each) => isFor(each.address, address))
    .map(({ port, process }): PortTarget => ({
      host: text,
      port,
      says: `${address}, ${isUnknown(process) ? 'somebody' : process.name} listens`,
      isPointed,
    }))
}

function listenersOf(ports: PortsView | null, id: Netns['id'], protocol: string): PortsView['listening'] {
  return (ports?.listening ?? []).filter((each) => each.netns === id && each.protocol === protocol)
}

function isFor(listening: string, address: string): boolean {
  return listening === '0.0.0.0' || listening === '::' || listening === '*' || listening === address
}

const anywhere: readonly string[] = ['0.0.0.0', '::', '']

/** As others reach them: by an address of the host. */
function publishedOnHost(world: World, from: Netns, protocol: 'tcp' | 'udp'): readonly PortTarget[] {
  const host = soughtOf(world, from, 'host')
  return allContainers(world).flatMap(({ container }) =>
    container.ports.flatMap((port): readonly PortTarget[] => {
      if (port.protocol !== protocol) return []
      const address = hostEnd(port, from.id === world.host, host.ok)
      return address === null ? [] : [{ host: address, port: port.hostPort, says: leadsTo(container, port) }]
    }),
  )
}

/** null: nobody gets there from that namespace. */
function hostEnd({ hostIp }: EnginePort, isHost: boolean, hasHost: boolean): string | null {
  if (anywhere.includes(hostIp)) return hasHost ? 'host' : isHost ? '127.0.0.1' : null
  return hostIp.startsWith('127.') || hostIp === '::1' ? (isHost ? hostIp : null) : hostIp
}

function leadsTo({ name }: Container, { port }: EnginePort): string {
  return `published, leads to ${name} ${port}`
}

/** Docker puts its DNS server into each namespace, on a port that only its own rules lead to. */
const embeddedServer = '127.0.0.11'

/** What listens in the namespace itself. */
function ownListeners(from: Netns, protocol: 'tcp' | 'udp', ports: PortsView | null): readonly PortTarget[] {
  return listenersOf(ports, from.id, protocol)
    .filter(({ address }) => address !== embeddedServer)
    .map(({ address, port, process }): PortTarget => ({
      host: isFor(address, '') ? '127.0.0.1' : address,
      port,
      says: `${isUnknown(process) ? 'somebody' : process.name} listens in here`,
    }))
}

function ownPublished(world: World, from: Netns, protocol: 'tcp' | 'udp'): readonly PortTarget[] {
  return containersIn(world, from.id)
    .filter(({ container }) => container.modeKind !== 'host')
    .flatMap(({ container }) => container.ports)
    .filter((each) => each.protocol === protocol)
    .map(({ port }): PortTarget => ({ host: '127.0.0.1', port, says: 'published, in here' }))
}

/** Of an IPv6 address, as it stands before a port. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
