/** Driver vxlan: a bridge, and a vxlan port on it that leads to the bridges of other hosts. */
import { predictRoute } from '../../derive/route.ts'
import type { Failure } from '../../lib/failure.ts'
import { contains, formatIp, parseIp, parsePrefix, type Ip } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { LabNetwork } from '../../model/lab.ts'
import type { Netns } from '../../model/netns.ts'
import { checkIp } from '../names.ts'
import { misuse, planned, refusal, refused, type Planned } from '../planner.ts'
import { hashedName, linkCalled } from './bridge-name.ts'
import { ownBridge } from './bridge-network.ts'
import type { NetWish } from './network-options.ts'
import { haveIpv6, withoutFirewall, type NetworkPlanner, type NetworkSite } from './network-plan.ts'
import { vxlanSteps } from './vxlan-steps.ts'

/** Assigned by IANA. The kernel's own default is another one (8472, from before it was assigned). */
const vxlanPort = 4789
/** IP, UDP and VXLAN headers and the inner Ethernet header: 20 + 8 + 8 + 14 and 40 + 8 + 8 + 14. */
const overhead = { inet: 50, inet6: 70 } as const

type Tunnel = NonNullable<LabNetwork['vxlan']>

export const vxlanNetwork: NetworkPlanner = (wish, site) => {
  const noRules = withoutFirewall(site)
  if (noRules !== null) return refused(noRules)
  const tunnel = tunnelOf(wish, site)
  if (!tunnel.ok) return tunnel
  const under = underlayOf(site.host, tunnel.value)
  const less = overhead[tunnel.value.local.includes(':') ? 'inet6' : 'inet']
  const most = under.mtu - less
  const why = `MTU ${most}: ${under.link} carries ${under.mtu}, of which the tunnel takes ${less}`
  const drawn = ownBridge(wish, site, { usual: most, why, most })
  if (!drawn.ok) return drawn
  const { bridge, kernel, notes } = drawn.value
  const parent = wish.parent === undefined ? null : (linkCalled(site.host, wish.parent)?.name ?? null)
  const network = { ...drawn.value.network, vxlan: tunnel.value, parent }
  const loop = remoteInside(network, tunnel.value)
  if (loop !== null) return refused(loop)
  return planned({
    network,
    kernel: [
      ...kernel,
      ...vxlanSteps(site.spot, network, tunnel.value, bridge, haveIpv6(site.host, network)),
    ],
    notes: [
      ...notes,
      ...under.notes,
      ...(wish.gateways.length === 0 || wish.ipRanges.length === 0
        ? [
            'each host of the network needs a gateway and addresses of its own: give another --gateway and --ip-range there',
          ]
        : []),
    ],
  })
}

function tunnelOf(wish: NetWish, { host, lab }: NetworkSite): Planned<Tunnel> {
  const { vni, local, remotes, parent } = wish
  const refusals = [
    ...wrongVni(wish, host, lab.networks),
    ...wrongLocal(local, host),
    ...wrongRemotes(remotes, local, host),
    ...(parent !== undefined && linkCalled(host, parent) === null ? [missing(parent)] : []),
  ]
  if (refusals.length > 0 || vni === undefined || local === undefined) return refused(...refusals)
  const name = `vx-${vni}`
  return planned({
    link: linkCalled(host, name) === null ? name : hashedName('vx', wish.name, host),
    vni,
    local: normal(local),
    remotes: remotes.map(normal),
    dstport: vxlanPort,
  })
}

function normal(text: string): string {
  const ip = parseIp(text)
  return ip === null ? text : formatIp(ip)
}

function missing(parent: string): Failure {
  const shown = sanitise(parent)
  return { ...refusal(shown, `there is no link ${shown} on this host to be the parent`), kind: 'not-found' }
}

/** 24 bits (RFC 7348). */
const greatestVni = 2 ** 24 - 1

function wrongVni({ vni, name }: NetWish, host: Netns, networks: readonly LabNetwork[]): readonly Failure[] {
  if (vni === undefined)
    return [misuse(name, 'a vxlan network needs a VNI', '--vni 42, the same number on each of its hosts')]
  const text = String(vni)
  if (!Number.isInteger(vni) || vni < 1 || vni > greatestVni)
    return [misuse(text, `${text} is no VNI: it must be 1 to ${greatestVni}`)]
  const network = networks.find(({ vxlan }) => vxlan?.vni === vni)
  if (network !== undefined) return [refusal(text, `VNI ${text} is that of network ${network.name} already`)]
  const link = listOf(host.links).find(
    (each) =>
      each.kind === 'vxlan' &&
      !isUnknown(each.vxlan) &&
      each.vxlan.vni === vni &&
      each.vxlan.dstport === vxlanPort,
  )
  return link === undefined
    ? []
    : [refusal(text, `VNI ${text} is that of link ${sanitise(link.name)} already (ifindex ${link.ifindex})`)]
}

function wrongLocal(local: string | undefined, host: Netns): readonly Failure[] {
  if (local === undefined)
    return [
      misuse(
        'local',
        'a vxlan network needs the address of this host that the others send to',
        '--local ADDRESS',
      ),
    ]
  const bad = checkIp(local)
  if (bad !== null) return [bad]
  return isOwn(host, normal(local))
    ? []
    : [refusal(local, `${normal(local)} is not an address of this host`, 'vethscope show host lists them')]
}

function isOwn(host: Netns, address: string): boolean {
  return listOf(host.addresses).some((each) => each.local === address && each.scope === 'global')
}

function wrongRemotes(
  remotes: readonly string[],
  local: string | undefined,
  host: Netns,
): readonly Failure[] {
  if (remotes.length === 0)
    return [
      misuse('remote', 'a vxlan network needs the address of at least one other host', '--remote ADDRESS'),
    ]
  const family = local === undefined ? undefined : parseIp(local)?.family
  return remotes.flatMap((text, at) => {
    const bad = checkIp(text)
    const ip = parseIp(text)
    if (bad !== null || ip === null) return bad === null ? [] : [bad]
    const shown = formatIp(ip)
    if (isGroup(ip)) return [misuse(text, `${shown} stands for a group: give the address of each host`)]
    if (family !== undefined && ip.family !== family)
      return [misuse(text, `remote ${shown} and local ${local ?? ''} are not of the same family`)]
    if (isOwn(host, shown)) return [refusal(text, `remote ${shown} is an address of this host itself`)]
    return remotes.slice(0, at).map(normal).includes(shown)
      ? [misuse(text, `remote ${shown} is given twice`)]
      : []
  })
}

function isGroup({ family, value }: Ip): boolean {
  return family === 'inet' ? value >> 28n >= 0xen : value >> 120n === 0xffn
}

/** What a packet to the others may measure: the least of all ways. */
function underlayOf(
  host: Netns,
  { local, remotes }: Tunnel,
): { readonly mtu: number; readonly link: string; readonly notes: readonly string[] } {
  const links = listOf(host.links)
  const own = listOf(host.addresses).find((each) => each.local === local)
  const ways = remotes.flatMap((dst) => {
    const { ways: found, route } = predictRoute(host, { dst, from: local })
    return found.flatMap(({ ifindex }) => {
      const link = links.find((each) => each.ifindex === ifindex)
      return link === undefined ? [] : [{ mtu: Math.min(link.mtu, route?.mtu ?? link.mtu), link: link.name }]
    })
  })
  const at = links.find(({ ifindex }) => ifindex === own?.ifindex)
  const [least] = [
    ...ways,
    ...(at === undefined || ways.length > 0 ? [] : [{ mtu: at.mtu, link: at.name }]),
  ].toSorted((a, b) => a.mtu - b.mtu)
  const lost = remotes.filter((dst) => predictRoute(host, { dst, from: local }).ways.length === 0)
  return {
    mtu: least?.mtu ?? 1500,
    link: sanitise(least?.link ?? 'the underlay'),
    notes: lost.map((dst) => `this host has no route to remote ${dst} now`),
  }
}

/** Packets to it would be sent into the tunnel that they are to be packed into. */
function remoteInside({ subnets }: LabNetwork, { remotes }: Tunnel): Failure | null {
  for (const text of remotes) {
    const ip = parseIp(text)
    const inside = subnets.find(({ subnet }) => {
      const prefix = parsePrefix(subnet)
      return ip !== null && prefix !== null && contains(prefix, ip)
    })
    if (inside !== undefined)
      return refusal(text, `remote ${text} lies in subnet ${inside.subnet} of the network itself`)
  }
  return null
}
