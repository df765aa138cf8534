/** What only links of one kind have. */
import { indexOf } from '../../../derive/netns-index.ts'
import { isUnknown, listOf, type Known } from '../../../model/known.ts'
import type { Link } from '../../../model/link.ts'
import type { Netns } from '../../../model/netns.ts'
import { counted } from '../numbers.ts'
import { fact, type Fact } from './fact.ts'

export function kindFacts(netns: Netns, link: Link): readonly Fact[] {
  switch (link.kind) {
    case 'bridge':
      return [
        ...ports(netns, link),
        ...told(link.bridge, (bridge) => [
          fact('bridge id', bridge.id),
          fact('stp', bridge.stp ? `on, root ${bridge.rootId}` : 'off'),
          fact(
            'vlans',
            bridge.vlanFiltering ? `filtered, pvid ${bridge.defaultPvid ?? 'none'}` : 'not filtered',
          ),
          fact(
            'nf-call',
            `ip ${word(bridge.nfCallIptables)}  ip6 ${word(bridge.nfCallIp6tables)}  arp ${word(bridge.nfCallArptables)}`,
          ),
        ]),
      ]
    case 'vlan':
      return told(link.vlan, (vlan) => [fact('vlan', `${vlan.id} ${vlan.protocol}`)])
    case 'vxlan':
      return told(link.vxlan, (vxlan) => [
        fact('vni', `${vxlan.vni}${vxlan.external ? ' external' : ''}`),
        fact('remote', vxlan.remote ?? vxlan.group ?? 'by fdb'),
        fact('local', vxlan.local ?? 'any'),
        fact('port', String(vxlan.dstport)),
        fact('learning', word(vxlan.learning)),
      ])
    case 'bond':
      return told(link.bond, (bond) => [
        fact('active', nameAt(netns, bond.activeSlave)),
        fact('miimon', bond.miimon === null ? 'not told' : `${bond.miimon} ms`),
      ])
    case 'tun':
      return told(link.tun, (tun) => [
        fact('type', `${tun.type}${tun.persist ? ', persistent' : ''}`),
        ...(tun.owner === null ? [] : [fact('owner', `uid ${tun.owner}`)]),
      ])
    case 'wireguard':
      return told(link.wireguard, (wireguard) => [
        fact('listens', `udp ${wireguard.listenPort}`),
        fact('peers', String(wireguard.peers.length)),
      ])
    case 'netkit':
      return told(link.netkit, (netkit) => [
        fact('mode', netkit.mode),
        fact('policy', `${netkit.policy}, peer ${netkit.peerPolicy}`),
      ])
    case 'geneve':
      return told(link.geneve, (geneve) => [
        fact('vni', String(geneve.vni ?? 'external')),
        fact('remote', geneve.remote ?? 'by route'),
      ])
    default:
      return 'tunnel' in link
        ? told(link.tunnel, (tunnel) => [
            fact('local', tunnel.local ?? 'any'),
            fact('remote', tunnel.remote ?? 'any'),
          ])
        : []
  }
}

const word = (on: boolean): string => (on ? 'on' : 'off')

function told<T extends object>(value: Known<T>, facts: (value: T) => readonly Fact[]): readonly Fact[] {
  return isUnknown(value) ? [fact('not read', value.unknown, 'unreadable')] : facts(value)
}

function nameAt(netns: Netns, ifindex: number | null): string {
  if (ifindex === null) return 'none'
  return indexOf(netns).links.get(ifindex)?.name ?? `ifindex ${ifindex}`
}

function ports(netns: Netns, bridge: Link): readonly Fact[] {
  const slaves = indexOf(netns).slaves.get(bridge.ifindex) ?? []
  const entries = listOf(netns.fdb).filter(
    (entry) => entry.master === bridge.ifindex && !entry.flags.includes('self'),
  )
  return [
    fact('ports', slaves.length === 0 ? 'none' : String(slaves.length)),
    fact('fdb', counted(entries.length, 'entry', 'entries')),
  ]
}
