/** What of a lab has to pass the rules of others: as rules, each known by its comment, and as packets that would tell whether one is needed. */
import { isUnknown, listOf } from '../../model/known.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Lab } from '../../model/lab.ts'
import type { Link } from '../../model/link.ts'
import type { World } from '../../model/world.ts'
import { anyPacket, type Packet } from '../../derive/packet/packet.ts'
import { familyOf, linked, published, subnetsOf, type Bridged, type RuleFamily } from './reach.ts'

export type Accept = {
  readonly network: Bridged
  readonly hook: 'forward' | 'input'
  /** `vethscope:NETWORK:…`: all that the rule says stands in it, so that it can be taken away by what is read. */
  readonly comment: string
  /** For people: `what nodes of lab0 send out by eth0`. */
  readonly what: string
  /** It is not met now: bridged packets do not pass the rules of the host. */
  readonly isSpare: boolean
  /** It is needed where each of the packets of one of these rows is dropped. */
  readonly packets: readonly (readonly Packet[])[]
}

const usual: Packet = {
  ...anyPacket,
  toLocal: false,
  protocol: 'tcp',
  sourcePort: 50_000,
  destinationPort: 443,
  mark: 0,
}
/** On the Internet. */
const somewhere = { ip: '1.1.1.1', ip6: '2606:4700:4700::1111' } as const

/** Never from the bridge to anywhere: that would open networks of others to the lab. */
export function acceptsOf(world: World, lab: Lab, network: Bridged, family: RuleFamily): readonly Accept[] {
  const { name, bridge, internal, icc, vxlan } = network
  if (subnetsOf(network, family).length === 0 && vxlan === null) return []
  const outside = internal ? [] : uplinks(world, lab).filter((uplink) => uplink !== bridge)
  // What is usual: rules that ask for more are about something else.
  const inside = network.subnets.find(({ subnet }) => familyOf(subnet) === family)
  const own = inside?.gateway ?? inside?.subnet.split('/')[0] ?? null
  const packet = (fields: Partial<Packet>): Packet => ({
    ...usual,
    family,
    source: somewhere[family],
    destination: own,
    ...fields,
  })
  const away = { source: own, destination: somewhere[family] }
  const accept = (
    parts: readonly string[],
    what: string,
    packets: Accept['packets'],
    hook: Accept['hook'] = 'forward',
  ): Accept => ({
    network,
    hook,
    comment: [labMark, name, ...parts].join(':'),
    what,
    isSpare: parts[0] === 'self' && !isBridgeFiltered(world, bridge, family),
    packets,
  })
  const within = { iif: bridge, oif: bridge }
  const ports = published(lab, family).filter((each) => each.network.name === name)
  const peers = (vxlan?.remotes ?? []).filter((remote) => remote.includes(':') === (family === 'ip6'))
  return [
    ...outside.map((uplink) =>
      accept(['out', uplink], `what nodes of ${name} send out by ${uplink}`, [
        [packet({ iif: bridge, oif: uplink, ...away, state: 'NEW' })],
      ]),
    ),
    ...(icc && subnetsOf(network, family).length > 0
      ? [
          accept(['self'], `what nodes of ${name} send one another`, [
            [packet({ ...within, source: own, state: 'NEW' })],
          ]),
        ]
      : []),
    ...linked(lab, family)
      .filter((each) => each.network.name === name)
      .map(({ from, to }) =>
        accept(['link', `${from}>${to}`], `what ${from} sends to ${to}`, [
          [packet({ ...within, source: from, destination: to, state: 'NEW' })],
        ]),
      ),
    ...(outside.length === 0 && icc
      ? []
      : [
          accept(
            ['back'],
            `what comes back to nodes of ${name}`,
            [...outside, bridge].map((from) => [packet({ iif: from, oif: bridge, state: 'ESTABLISHED' })]),
          ),
        ]),
    ...(outside.length === 0 || ports.length === 0
      ? []
      : [
          accept(
            ['answer'],
            `what nodes of ${name} answer`,
            outside.map((to) => [packet({ iif: bridge, oif: to, ...away, state: 'ESTABLISHED' })]),
          ),
        ]),
    ...ports.map(({ address, port: { port, protocol }, node }) => {
      const to = { destination: address, destinationPort: port, protocol }
      const from = [...outside, ...(icc ? [bridge] : [])]
      // Rules of others may let through what was translated, or what is new.
      return accept(
        ['port', `${address}>${port}/${protocol}`],
        `what comes to port ${port}/${protocol} of ${node.name}`,
        from.map((iif) => ['NEW', 'DNAT'].map((state) => packet({ iif, oif: bridge, ...to, state }))),
      )
    }),
    ...peers.map((remote) => {
      const port = vxlan?.dstport ?? 0
      const to = { destinationPort: port, protocol: 'udp', toLocal: true }
      return accept(
        ['peer', `${remote}>${port}`],
        `what peer ${remote} of ${name} sends`,
        ['NEW', 'ESTABLISHED'].map((state) => [packet({ oif: '', source: remote, ...to, state })]),
        'input',
      )
    }),
  ]
}

function isBridgeFiltered(world: World, name: string, family: RuleFamily): boolean {
  const host = world.netns.find(({ id }) => id === world.host)
  const sysctls = host?.details?.sysctls ?? {}
  const tool = family === 'ip' ? 'iptables' : 'ip6tables'
  const all = isUnknown(sysctls) ? null : (sysctls[`bridge.bridge-nf-call-${tool}`] ?? null)
  const link = listOf(host?.links ?? []).find((each) => each.name === name)
  const own = link?.kind === 'bridge' && !isUnknown(link.bridge) ? link.bridge : null
  return all === '1' || own?.[family === 'ip' ? 'nfCallIptables' : 'nfCallIp6tables'] === true
}

/** Links by which the host reaches others: not those of the lab, nor the bridges and ports of engines. */
export function uplinks(world: World, lab: Lab): readonly string[] {
  const host = world.netns.find(({ id }) => id === world.host)
  if (host === undefined) return []
  const routes = listOf(host.routes)
  const byDefault = new Set(
    routes
      .filter(({ dst, type }) => dst === 'default' && type === 'unicast')
      .flatMap(({ oif, nexthops }) => [oif, ...nexthops.map((each) => each.oif)]),
  )
  const addressed = new Set(listOf(host.addresses).map(({ ifindex }) => ifindex))
  const theirs = new Set([
    ...lab.networks.map(({ bridge }) => bridge),
    ...listOf(world.engines).flatMap(({ networks }) => listOf(networks).map(({ bridge }) => bridge)),
  ])
  const isUplink = ({ ifindex, kind, name, master }: Link): boolean => {
    if (kind === 'loopback' || master !== null) return false
    // A bridge that a network of the lab uses may be the host's way out itself.
    if (byDefault.has(ifindex)) return true
    if (theirs.has(name)) return false
    return kind !== 'bridge' && addressed.has(ifindex)
  }
  return listOf(host.links)
    .filter(isUplink)
    .map(({ name }) => name)
}

/** The matches of the rule, as iptables and as nft take them; null: not a comment of ours. */
export function matchesOf(
  comment: string,
  bridge: string,
  family: RuleFamily,
): { readonly iptables: readonly string[]; readonly nft: string } | null {
  const [mark, , what, ...rest] = comment.split(':')
  if (mark !== labMark) return null
  const detail = rest.join(':')
  const established = {
    iptables: ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'],
    nft: 'ct state established,related',
  }
  const translated = ['-m', 'conntrack', '--ctstate', 'DNAT']
  switch (what) {
    case 'self':
      return { iptables: ['-i', bridge, '-o', bridge], nft: `iifname "${bridge}" oifname "${bridge}"` }
    case 'link': {
      const [from = '', to = ''] = detail.split('>')
      return {
        iptables: ['-i', bridge, '-o', bridge, '-s', from, '-d', to],
        nft: `iifname "${bridge}" oifname "${bridge}" ${family} saddr ${from} ${family} daddr ${to}`,
      }
    }
    case 'out':
      return { iptables: ['-i', bridge, '-o', detail], nft: `iifname "${bridge}" oifname "${detail}"` }
    case 'back':
      return {
        iptables: ['-o', bridge, ...established.iptables],
        nft: `oifname "${bridge}" ${established.nft}`,
      }
    case 'answer':
      return {
        iptables: ['-i', bridge, ...established.iptables],
        nft: `iifname "${bridge}" ${established.nft}`,
      }
    case 'port': {
      const [, address = '', port = '', protocol = ''] = /^(.+)>(\d+)\/(\w+)$/.exec(detail) ?? []
      return {
        iptables: ['-o', bridge, '-d', address, '-p', protocol, '--dport', port, ...translated],
        nft: `oifname "${bridge}" ct status dnat ${family} daddr ${address} ${protocol} dport ${port}`,
      }
    }
    case 'peer': {
      const [from = '', port = ''] = detail.split('>')
      return {
        iptables: ['-s', from, '-p', 'udp', '--dport', port],
        nft: `${family} saddr ${from} udp dport ${port}`,
      }
    }
    default:
      return null
  }
}
