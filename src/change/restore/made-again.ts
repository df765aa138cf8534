/** The command that makes a link that was deleted. What it was besides (alias, master, addresses …) is set afterwards. */
import { isResolved, peers } from '../../derive/peers.ts'
import { isUnknown, type Known } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Command } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { intoNetns } from './into-netns.ts'
import type { LostLink } from './links-lost.ts'
import type { Site } from './site.ts'
import { inOrder, type Undo } from './undo.ts'

/** `ip link add` of one that is there ends with 2: so it is when this is run for the second time. */
const alreadyThere = [2]

/** Links whose kind says all: no further data. */
const plain = new Set(['dummy', 'ifb'])

/** `twin`: the other end of a veth, made with it. */
export function makeAgain(world: World, { site, twin, lower }: Omit<LostLink, 'isTwin'>): Undo {
  const { link, spot } = site
  const made = (...args: readonly string[]): Undo => [
    { ...spot.ip('link', 'add', ...args), also: alreadyThere },
  ]
  if (link.kind === 'veth' && twin !== null) return vethAgain(world, site, twin)
  if (plain.has(link.kind)) return made(...head(link), 'type', link.kind)
  switch (link.kind) {
    case 'bridge':
      return whole(link, link.bridge, (data) =>
        inOrder(
          made(...head({ ...link, mtu: bridgeMtu }), 'type', 'bridge', ...bridgeData(data)),
          mtuOf(site),
        ),
      )
    case 'vxlan':
      return whole(link, link.vxlan, (data) => {
        const lower = lowerName(world, site)
        if (data.external || lower === undefined) return cannot(link)
        return made(...head(link), 'type', 'vxlan', ...vxlanData(data, lower))
      })
    case 'macvlan':
    case 'macvtap':
      return whole(link, link.macvlan, ({ mode }) => onLower(world, site, lower, ['mode', mode]))
    case 'ipvlan':
    case 'ipvtap':
      return whole(link, link.ipvlan, ({ mode, flags }) =>
        onLower(world, site, lower, ['mode', mode, ...flags]),
      )
    case 'vlan':
      return whole(link, link.vlan, ({ id, protocol }) =>
        onLower(world, site, lower, ['protocol', protocol, 'id', String(id)]),
      )
    case 'vrf':
      return whole(link, link.vrf, ({ table }) => made(...head(link), 'type', 'vrf', 'table', String(table)))
    default:
      return cannot(link)
  }
}

function cannot(link: Link): Undo {
  const kind = link.kind === 'other' ? link.kindName : link.kind
  return { irreversible: `link ${link.name} (${kind}) cannot be made again from what is known of it` }
}

function whole<T>(link: Link, data: Known<T>, make: (data: T) => Undo): Undo {
  return isUnknown(data)
    ? { irreversible: `what link ${link.name} is made of could not be read: ${data.unknown}` }
    : make(data)
}

/** In the order of ip-link(8): what every kind takes. `name`, because ip takes a link called `a` for the beginning of `address`. */
function head(link: Link): readonly string[] {
  return ['name', link.name, ...common(link)]
}

function common({ lladdr, linkType, mtu, txqlen }: Link): readonly string[] {
  return [
    ...(lladdr === null || linkType !== 'ether' ? [] : ['address', lladdr]),
    'mtu',
    String(mtu),
    ...(txqlen === null ? [] : ['txqueuelen', String(txqlen)]),
  ]
}

function vethAgain(world: World, site: Site, twin: Site): Undo {
  const apart = site.netns.id === twin.netns.id ? null : intoNetns(world, twin.netns, twin.spot)
  if (apart !== null && !apart.ok) return { irreversible: apart.refusals.map(({ what }) => what).join('; ') }
  const command: Command = site.spot.ip(
    'link',
    'add',
    ...head(site.link),
    'type',
    'veth',
    'peer',
    'name',
    twin.link.name,
    ...common(twin.link),
    ...(apart === null ? [] : ['netns', apart.value.text]),
  )
  const enters = [...(command.enters ?? []), ...(apart?.value.enters ?? [])]
  return [{ ...command, also: alreadyThere, ...(enters.length === 0 ? {} : { enters }) }]
}

/** Of a new bridge, and of one without ports. */
const bridgeMtu = 1500

/**
 * With a message of its own: an MTU from the one that makes a bridge follows the ports (only br_change_mtu sets
 * BROPT_MTU_SET_BY_USER), and so is lost with the next port that comes or goes.
 */
function mtuOf({ link, spot }: Site): Undo {
  return link.mtu === bridgeMtu ? [] : [spot.ip('link', 'set', 'dev', link.name, 'mtu', String(link.mtu))]
}

type Bridge = Exclude<Extract<Link, { readonly kind: 'bridge' }>['bridge'], { readonly unknown: string }>

/** Times are in 1/100 s here as in the kernel. The priority stands before the MAC address in the bridge's id. */
function bridgeData(data: Bridge): readonly string[] {
  const priority = Number.parseInt(data.id.split('.')[0] ?? '8000', 16)
  const differing: readonly (readonly [string, string | number, string | number])[] = [
    ['stp_state', data.stp ? 1 : 0, 0],
    ['forward_delay', data.forwardDelay, 1500],
    ['ageing_time', data.ageing, 30_000],
    ['priority', priority, 0x8000],
    ['vlan_filtering', data.vlanFiltering ? 1 : 0, 0],
    ['vlan_default_pvid', data.defaultPvid ?? 1, 1],
    ['mcast_snooping', data.mcastSnooping ? 1 : 0, 1],
    ['nf_call_iptables', data.nfCallIptables ? 1 : 0, 0],
    ['nf_call_ip6tables', data.nfCallIp6tables ? 1 : 0, 0],
    ['nf_call_arptables', data.nfCallArptables ? 1 : 0, 0],
  ]
  return differing.flatMap(([word, value, usual]) => (value === usual ? [] : [word, String(value)]))
}

type Vxlan = Exclude<Extract<Link, { readonly kind: 'vxlan' }>['vxlan'], { readonly unknown: string }>

function vxlanData(data: Vxlan, lower: string | null): readonly string[] {
  const pair = (word: string, value: string | number | null): readonly string[] =>
    value === null || value === 0 ? [] : [word, String(value)]
  return [
    'id',
    String(data.vni),
    ...pair('group', data.group),
    ...pair('remote', data.remote),
    ...pair('local', data.local),
    ...pair('dev', lower),
    'dstport',
    String(data.dstport),
    ...pair('ttl', data.ttl),
    'ageing',
    String(data.ageing),
    data.learning ? 'learning' : 'nolearning',
    ...(data.proxy ? ['proxy'] : []),
    ...(data.l2miss ? ['l2miss'] : []),
    ...(data.l3miss ? ['l3miss'] : []),
    ...(data.udpCsum === false ? ['noudpcsum'] : []),
  ]
}

/** null: it is bound to none; undefined: it stands on one that is in another namespace or not known. */
function lowerName(world: World, { netns, link }: Site): string | null | undefined {
  if (link.lower === null) return null
  const lower = peers(world.netns).lowerOf(netns.id, link.ifindex)
  return isResolved(lower) && lower.netns === netns.id ? lower.name : undefined
}

/** One whose lower link is in another namespace is made there and born here. */
function onLower(world: World, site: Site, elsewhere: Site | null, data: readonly string[]): Undo {
  const { link, netns, spot } = site
  const lower = elsewhere?.link.name ?? lowerName(world, site)
  if (typeof lower !== 'string') {
    return {
      irreversible: `link ${link.name} (${link.kind}) stands on a link of another namespace: it cannot be made again from here`,
    }
  }
  const into = elsewhere === null ? null : intoNetns(world, netns, spot)
  if (into?.ok === false) return { irreversible: into.refusals.map(({ what }) => what).join('; ') }
  const born = into === null ? [] : ['netns', into.value.text]
  const words = ['link', 'add', 'link', lower, 'name', link.name, ...born, ...common(link)]
  const command = (elsewhere?.spot ?? spot).ip(...words, 'type', link.kind, ...data)
  const enters = [...(command.enters ?? []), ...(into?.value.enters ?? [])]
  return [{ ...command, also: alreadyThere, ...(enters.length === 0 ? {} : { enters }) }]
}
