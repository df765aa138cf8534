/** Networks and nodes of the lab as a file has them: only what is not the default, so that the file stays short. */
import { dockerOptions } from '../model/docker-options.ts'
import { macOf, withoutLength } from '../change/lab/mac-of.ts'
import { firstHost } from '../change/lab/subnets.ts'
import { madeMac } from '../change/made-mac.ts'
import { formatIp, parsePrefix } from '../lib/ip.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Lab, LabEndpoint, LabNetwork, LabNode } from '../model/lab.ts'
import type { FileConnection, FileNetwork, FileNode } from '../model/network-file.ts'
import type { World } from '../model/world.ts'
import { byName, nothing, said, type Part } from './exported.ts'
import type { NamedNetns } from './namespaces.ts'
import { portTexts } from './port-texts.ts'
import { routesOf } from './routes.ts'

/** Options by Docker's names for what has a key of its own; the bridge's name has none. */
const withKey = new Set([
  dockerOptions.icc,
  dockerOptions.masquerade,
  dockerOptions.mtu,
  dockerOptions.vxlanIds,
  'parent',
  'macvlan_mode',
  'ipvlan_mode',
])

/** null: nothing was made on this host. */
export function labOf(world: World): { readonly lab: Lab | null; readonly unread: readonly string[] } {
  const { labs } = world
  if (labs !== undefined && isUnknown(labs)) return { lab: null, unread: [`the lab: ${labs.unknown}`] }
  return { lab: labs?.find(({ host }) => host === world.host) ?? null, unread: [] }
}

export function labPart(world: World, lab: Lab, named: readonly NamedNetns[]): Part {
  const nodes = inOrder(lab.nodes)
  const drawn = nodes.map((node) => nodeOf(world, lab, node, named))
  return {
    ...nothing,
    networks: lab.networks
      .toSorted(byName)
      .map((network) => [network.name, networkOf(world, network)] as const),
    nodes: drawn.map(({ node }) => node),
    left: [...lab.networks.toSorted(byName).flatMap(leftOf), ...drawn.flatMap(({ left }) => left)],
  }
}

function networkOf(world: World, network: LabNetwork): FileNetwork {
  const { driver, internal, icc, masquerade, bridge, ownsBridge, parent, mode, vxlan, labels } = network
  const isBridged = driver === 'bridge' || driver === 'vxlan'
  const options = Object.entries(network.options).filter(([name]) => !withKey.has(name))
  const usual = usualMtu(world, network)
  return {
    engine: 'lab',
    driver,
    ...said({
      subnets: network.subnets.map(({ subnet, gateway, ipRange }) => ({
        subnet,
        ...(gateway !== null && !(isBridged && gateway === usualGateway(subnet)) ? { gateway } : {}),
        ...(ipRange === null ? {} : { ip_range: ipRange }),
      })),
      internal: internal ? true : undefined,
      icc: icc ? undefined : false,
      masquerade: masquerade || !isBridged ? undefined : false,
      mtu: network.mtu === usual ? undefined : network.mtu,
      bridge: ownsBridge ? undefined : (bridge ?? undefined),
      mac:
        isBridged && ownsBridge && network.mac !== usualMac(world, network)
          ? (network.mac ?? undefined)
          : undefined,
      parent: parent ?? undefined,
      mode: mode === null || mode === (driver === 'ipvlan' ? 'l2' : 'bridge') ? undefined : mode,
      vxlan: vxlan === null ? undefined : { vni: vxlan.vni, local: vxlan.local, remotes: vxlan.remotes },
      options: Object.fromEntries(options),
      labels,
    }),
  }
}

function usualGateway(subnet: string): string | null {
  const prefix = parsePrefix(subnet)
  return prefix === null ? null : formatIp(firstHost(prefix))
}

/** Of the bridge that is made for it (change/lab/bridge-network.ts). */
function usualMac({ hostName }: World, { name, subnets }: LabNetwork): string {
  return madeMac(`${hostName}/${name}/${subnets[0]?.gateway ?? ''}`)
}

/** What it gets where none is asked for, as far as that can be told; null: better say it. */
function usualMtu(world: World, { driver, parent, bridge, ownsBridge, vxlan }: LabNetwork): number | null {
  const host = world.netns.find(({ id }) => id === world.host)
  const mtuOf = (name: string | null): number | null =>
    listOf(host?.links ?? []).find((link) => link.name === name)?.mtu ?? null
  if (driver === 'macvlan' || driver === 'ipvlan') return mtuOf(parent)
  if (!ownsBridge) return mtuOf(bridge)
  // Of a link of 1500 bytes the tunnel takes 50, over IPv6 70.
  if (vxlan !== null) return vxlan.local.includes(':') ? 1430 : 1450
  return 1500
}

function leftOf(network: LabNetwork): readonly string[] {
  return network.acceptInForeign
    ? [
        `network ${network.name} has an accept in a foreign nft chain: net create --accept-in-foreign asks for that, a file cannot`,
      ]
    : []
}

/** A node that another one joins or is linked to comes before it. */
function inOrder(nodes: readonly LabNode[]): readonly LabNode[] {
  const sorted = nodes.toSorted(byName)
  const done = new Set<LabNode>()
  const visit = (node: LabNode): void => {
    if (done.has(node)) return
    done.add(node)
    const wanted = [node.of, ...node.endpoints.flatMap(({ links }) => links.map((link) => link.node))]
    for (const name of wanted) {
      const other = sorted.find((each) => each.name === name)
      if (other !== undefined) visit(other)
    }
    ordered.push(node)
  }
  const ordered: LabNode[] = []
  for (const node of sorted) visit(node)
  return ordered
}

type Drawn = { readonly node: readonly [string, FileNode]; readonly left: readonly string[] }

function nodeOf(world: World, lab: Lab, node: LabNode, named: readonly NamedNetns[]): Drawn {
  const { name, mode, of, endpoints, ports, hosts } = node
  const netns = named.find((each) => each.node?.name === name)?.netns ?? null
  const routes = netns === null ? { routes: [], left: [] } : routesOf(netns, name, { lab, node })
  const file: FileNode = said({
    mode: mode === 'bridge' ? undefined : mode === 'container' ? `container:${of ?? ''}` : mode,
    networks: endpoints.map((endpoint) => connectionOf(lab, endpoint)),
    ports: portTexts(
      ports,
      endpoints.some(({ ipv6 }) => ipv6 !== null),
    ),
    hosts,
    routes: routes.routes,
  })
  return { node: [name, file], left: [...otherNames(name, endpoints), ...routes.left] }
}

function connectionOf(lab: Lab, { network, ipv4, ipv6, mac, aliases, links }: LabEndpoint): FileConnection {
  const of = lab.networks.find(({ name }) => name === network)
  const hasOwnMac = of?.driver !== 'ipvlan' && !(of?.driver === 'macvlan' && of.mode === 'passthru')
  const usual = macOf(withoutLength(ipv4 ?? ipv6 ?? ''))
  return {
    name: network,
    ...said({
      ip: ipv4 === null ? undefined : withoutLength(ipv4),
      ip6: ipv6 === null ? undefined : withoutLength(ipv6),
      mac: hasOwnMac && mac !== usual ? mac : undefined,
      aliases,
      links: links.map(({ node, alias }) => (node === alias ? node : `${node}:${alias}`)),
    }),
  }
}

/** In a file the first network is eth0, the second eth1 …; after connects and disconnects it may be otherwise. */
function otherNames(name: string, endpoints: readonly LabEndpoint[]): readonly string[] {
  return endpoints.flatMap(({ network, link }, at) =>
    link === `eth${at}`
      ? []
      : [`the link of node ${name} on network ${network} is ${link}; made from this file it is eth${at}`],
  )
}
