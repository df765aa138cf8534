/**
 * The fields in which the netlink reader and iproute2 must agree, for one namespace. Both sides are brought into
 * the same order first. What is left out, and why:
 *
 * - links: altname order is the kernel's; stats, promiscuity and queue states move while two readers look;
 *   inet/inet6 conf, carrier counts, addrAssignType, bridge VLANs: iproute2 6.1 prints none of them; qdisc of a
 *   link that just came up may still change.
 * - bond.activeSlave is printed by name; wireguard needs `wg`; netkit is newer than iproute2 6.1.
 * - routes with an encapsulation: iproute2 prints `dst` and `src` twice in one JSON object, once for the route and
 *   once for the tunnel, so that a parser keeps the wrong one; only their number is compared.
 * - route tables with a name in rt_tables: printed by that name.
 * - neighbours: state and timers move by themselves; the multicast entries (NOARP) that only a dump with all states
 *   shows are left out on both sides.
 * - FDB: ages, and `vni` of single-VNI vxlans, which is printed only when it differs from the link's.
 */
import { isUnknown, type Known } from '../../src/model/known.ts'
import type { Link } from '../../src/model/link.ts'
import type { Netns, NetnsTables } from '../../src/model/netns.ts'
import type { Route } from '../../src/model/route.ts'

export type Comparable = { readonly [table: string]: Known<readonly string[]> }

export function comparable(netns: Pick<Netns, keyof NetnsTables>): Comparable {
  return {
    links: lines(netns.links, linkFields),
    addresses: lines(netns.addresses, (each) => ({
      ...each,
      flags: [...each.flags].sort(),
      validLifetime: each.validLifetime === null,
      preferredLifetime: each.preferredLifetime === null,
      // iproute2 6.1 does not print IFA_PROTO.
      protocol: undefined,
    })),
    routes: lines(netns.routes, routeFields),
    policyRules: lines(netns.policyRules, (each) => each),
    nexthopObjects: lines(netns.nexthopObjects, (each) => ({ ...each, family: undefined })),
    neighbours: lines(
      isUnknown(netns.neighbours)
        ? netns.neighbours
        : netns.neighbours.filter((each) => each.state !== 'NOARP'),
      (each) => ({ ifindex: each.ifindex, dst: each.dst, lladdr: each.lladdr, flags: each.flags }),
    ),
    fdb: lines(netns.fdb, (each) => ({ ...each, vni: undefined, flags: [...each.flags].sort() })),
    mdb: lines(netns.mdb, (each) => each),
  }
}

/** Ages move, so a line holds everything that is compared and nothing else; sorted, because order is not a fact. */
function lines<T>(table: Known<readonly T[]>, pick: (each: T) => object): Known<readonly string[]> {
  return isUnknown(table) ? table : table.map((each) => JSON.stringify(sortKeys(pick(each)))).sort()
}

function sortKeys(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function linkFields(link: Link): object {
  return {
    ifindex: link.ifindex,
    name: link.name,
    altNames: [...link.altNames].sort(),
    alias: link.alias,
    kind: link.kind,
    linkType: link.linkType,
    mtu: link.mtu,
    minMtu: link.minMtu,
    maxMtu: link.maxMtu,
    // iproute2 leaves a 0 out.
    txqlen: link.txqlen ?? 0,
    flags: link.flags,
    operstate: link.operstate,
    lladdr: link.lladdr,
    master: link.master,
    slaveKind: link.slaveKind,
    lower: link.lower,
    port: link.port === null || isUnknown(link.port) ? link.port : { ...link.port, vlans: undefined },
    data: kindFields(link),
  }
}

function kindFields(link: Link): unknown {
  switch (link.kind) {
    case 'bridge':
      return isUnknown(link.bridge) ? link.bridge : { ...link.bridge, defaultPvid: undefined }
    case 'vxlan':
      return link.vxlan
    case 'vlan':
      return link.vlan
    case 'macvlan':
    case 'macvtap':
      return link.macvlan
    case 'tun':
      return link.tun
    default:
      return link.kind
  }
}

function routeFields(route: Route): object {
  if (route.encap !== null) return { encap: route.encap, table: route.table }
  return { ...route, expires: route.expires === null }
}
