/** All that is known of one network, put together across its engine, the namespaces of its members and, of an overlay, the hidden ones. */
import { endpointLink } from '../derive/container-link.ts'
import { overlays } from '../derive/overlay.ts'
import { isResolved, peers } from '../derive/peers.ts'
import type { Container, Endpoint, Engine, EngineNetwork } from '../model/engine.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { HostLab } from '../model/lab.ts'
import type { Overlay, OverlayLink } from '../model/overlay.ts'
import type { World } from '../model/world.ts'
import type { NetworkShape } from './container-shapes.ts'
import { describe } from './describe.ts'
import type { LabNetworkShape, NetworkPlaceShape, OverlayShape } from './lab-shapes.ts'
import type { LinkRefShape } from './shapes.ts'

export function networkDetail(world: World, shape: NetworkShape): LabNetworkShape {
  const lab = shape.engine === 'lab' ? labAt(world, shape) : null
  const engine = listOf(world.engines).find(
    (each) => each.engine === shape.engine && each.endpoint === shape.endpoint,
  )
  const network = listOf(engine?.networks ?? []).find(({ id }) => id === shape.id)
  const places = engine === undefined || network === undefined ? [] : placesOn(engine, network)
  const overlay = overlays(world).find((each) => each.network === network)
  return {
    ...shape,
    lab: lab?.networks.find(({ name }) => name === shape.name) ?? null,
    places: places.map(({ container, endpoint }) => placeShape(world, container, endpoint)),
    ports: lab === null ? portsOf(places) : portsOfLab(lab, shape.name),
    overlay: overlay === undefined ? null : overlayShape(world, overlay),
  }
}

type Place = { readonly container: Container; readonly endpoint: Endpoint }

/** Also of those that do not run, and are to be on it. */
function placesOn(engine: Engine, { id, name }: EngineNetwork): readonly Place[] {
  return listOf(engine.containers).flatMap((container) => {
    const endpoint = container.endpoints.find((each) => each.networkId === id || each.network === name)
    return endpoint === undefined || container.joins !== null ? [] : [{ container, endpoint }]
  })
}

function placeShape(world: World, container: Container, endpoint: Endpoint): NetworkPlaceShape {
  const { id, name, state, netns } = container
  const { mac, ipv4, ipv6, gateway, gateway6, aliases, asked } = endpoint
  const inside =
    isUnknown(netns) || netns === null ? undefined : world.netns.find((each) => each.id === netns)
  const link = endpointLink(container, endpoint, inside)
  const other = link === null || isUnknown(link) ? null : peers(world.netns).peerOf(link.netns, link.ifindex)
  const toShape = refsOf(world)
  return {
    containerId: id,
    name,
    state,
    mac,
    ipv4,
    ipv6,
    gateway,
    gateway6,
    aliases,
    links: asked?.links ?? [],
    link: link === null || isUnknown(link) ? link : toShape(link),
    hostLink: other !== null && isResolved(other) ? toShape(other) : null,
  }
}

function refsOf(world: World): (link: OverlayLink) => LinkRefShape {
  const { ref } = describe(world)
  return ({ netns, ifindex, name }) => ({ netns: ref(netns), ifindex, name })
}

function portsOf(places: readonly Place[]): LabNetworkShape['ports'] {
  return places.flatMap(({ container }) =>
    container.ports.flatMap(({ hostIp, hostPort, port, protocol }) =>
      protocol === 'sctp' ? [] : [{ node: container.name, hostIp, hostPort, port, protocol }],
    ),
  )
}

function portsOfLab({ nodes }: HostLab, network: string): LabNetworkShape['ports'] {
  return nodes
    .filter(({ endpoints }) => endpoints.some((each) => each.network === network))
    .flatMap(({ name, ports }) => ports.map((port) => ({ node: name, ...port })))
}

/** A machine may have several hosts that play, each with its lab. */
function labAt(world: World, { netns }: NetworkShape): HostLab | null {
  return listOf(world.labs ?? []).find(({ host }) => host === netns?.id) ?? null
}

function overlayShape(world: World, overlay: Overlay): OverlayShape {
  const { ref } = describe(world)
  const toShape = refsOf(world)
  const { isIngress, isEncrypted, vnis, sandbox, segments, peers: others, members, balancer, ports } = overlay
  return {
    vnis,
    ingress: isIngress,
    encrypted: isEncrypted,
    sandbox: isUnknown(sandbox) || sandbox === null ? sandbox : ref(sandbox),
    segments: segments.map(({ bridge, vxlan, ...rest }) => ({
      ...rest,
      bridge: toShape(bridge),
      vxlan: vxlan === null ? null : toShape(vxlan),
    })),
    peers: others.map(({ address, name, isHere, isTold, remotes }) => ({
      address,
      name,
      here: isHere,
      told: isTold,
      remotes,
    })),
    ports: members.flatMap(({ name, port }) => (port === null ? [] : [{ name, port: toShape(port) }])),
    balancer:
      isUnknown(balancer) || balancer === null
        ? balancer
        : {
            netns: ref(balancer.netns),
            address: balancer.address,
            link: balancer.link === null ? null : toShape(balancer.link),
          },
    published: isUnknown(ports)
      ? ports
      : ports.map(({ hostIp, hostPort, protocol, target }) => ({
          hostIp,
          hostPort,
          protocol,
          port: target.port,
        })),
  }
}
