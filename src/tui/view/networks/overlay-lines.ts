/**
 * An overlay as one thing: where it is on this host, which hosts are on it, and what is behind each of them.
 *
 *  vni 4097   mtu 1450   port 4789
 *  namespace ov1 (overlay)   bridge br0   vxlan vxlan0
 *  HOST       NAME   BEHIND IT
 *  10.99.0.2  vm02   10.77.0.5 02:42:0a:4d:00:05
 */
import { portText } from '../../../derive/port-text.ts'
import { isUnknown } from '../../../model/known.ts'
import type { Overlay, OverlayPeer, OverlaySegment } from '../../../model/overlay.ts'
import type { Line, Span } from '../../frame.ts'
import { overlayOf } from '../../select/overlay-selected.ts'
import { nameOf, shown } from '../../select/shown.ts'
import type { State } from '../../state.ts'
import type { NetworkRow } from '../../tables/network-row.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { grid } from '../namespace/grid.ts'
import { andMore, heading, mostRows, notRead, parted, said } from '../namespace/lines.ts'
import { span } from '../text.ts'

export function overlayLines(state: State, row: NetworkRow, columns: number): readonly Line[] {
  const { world } = shown(state)
  const found = overlayOf(world, row)
  if (found === null) return said('what this host has of it could not be told', columns)
  const name = (netns: Overlay['members'][number]['netns']): string =>
    netns === null ? '-' : nameOf(world, netns)
  return parted(
    [
      flowed(headFacts(found), columns, false),
      placeLines(found, name, columns),
      peerLines(found.peers, columns),
      memberLines(found, name, columns),
      balancerLines(found, name, columns),
      portLines(found, columns),
    ],
    columns,
  )
}

type Name = (netns: Overlay['members'][number]['netns']) => string

function headFacts({ vnis, isEncrypted, isIngress }: Overlay): readonly Fact[] {
  return [
    fact('vni', vnis.length === 0 ? 'not told' : vnis.join(' ')),
    fact('encrypted', isEncrypted ? 'yes: tunnels go through IPsec' : 'no'),
    ...(isIngress ? [fact('ingress', 'yes: published ports of services come in by it')] : []),
  ]
}

function placeLines({ sandbox, segments }: Overlay, name: Name, columns: number): readonly Line[] {
  if (isUnknown(sandbox)) return notRead(sandbox.unknown, columns)
  if (sandbox === null)
    return said('nothing of this host is on it, so it has no namespace, bridge and vxlan here', columns)
  return [
    ...flowed([{ label: 'namespace', spans: [span(name(sandbox), 'netns')] }], columns, false),
    ...segments.flatMap((each) => flowed(segmentFacts(each), columns, false)),
  ]
}

function segmentFacts({ subnet, vni, bridge, vxlan, mtu, dstport }: OverlaySegment): readonly Fact[] {
  return [
    ...(subnet === null ? [] : [fact('subnet', subnet, 'address')]),
    fact('bridge', bridge.name, 'bridge'),
    vxlan === null ? fact('vxlan', 'none here', 'changed') : fact('vxlan', vxlan.name, 'link'),
    ...(vni === null ? [] : [fact('vni', String(vni))]),
    fact('mtu', String(mtu)),
    ...(dstport === null ? [] : [fact('udp port', String(dstport))]),
  ]
}

/** By the forwarding table of the vxlan, which the engine fills: nothing is learnt. */
function peerLines(peers: readonly OverlayPeer[], columns: number): readonly Line[] {
  if (peers.length === 0) return said('no other host is on it', columns)
  const rows = peers.flatMap((peer): readonly (readonly (Span | readonly Span[])[])[] => {
    const first = [span(peer.address, 'address'), hostSpan(peer)]
    const blank = [span(''), span('')]
    const behind = peer.remotes.map(({ lladdr, address }) => [
      span(address ?? '-', address === null ? 'dim' : 'address'),
      span(lladdr),
    ])
    return behind.length === 0
      ? [[...first, span('nothing', 'dim'), span('')]]
      : behind.map((each, at) => [...(at === 0 ? first : blank), ...each])
  })
  return [
    ...grid(
      [
        { title: 'HOST', least: 7 },
        { title: 'NAME', least: 6, soft: true },
        { title: 'BEHIND IT', least: 9 },
        { title: 'FDB', least: 17 },
      ],
      rows.slice(0, mostRows),
      columns,
    ),
    ...andMore(rows.length, 'entries', columns),
  ]
}

function hostSpan({ name, isHere, isTold }: OverlayPeer): Span {
  if (isHere) return span('this host', 'dim')
  return name === null ? span(isTold ? '-' : 'by its FDB alone', 'dim') : span(name)
}

function memberLines({ members }: Overlay, name: Name, columns: number): readonly Line[] {
  if (members.length === 0) return said('no container of this host is on it', columns)
  return grid(
    [
      { title: 'HERE', least: 8 },
      { title: 'ADDRESS', least: 10 },
      { title: 'MAC', least: 17 },
      { title: 'LINK', least: 5 },
      { title: 'LEADS TO', least: 8, soft: true },
    ],
    members
      .slice(0, mostRows)
      .map(({ name: own, ipv4, ipv6, mac, link, port }) => [
        span(own, 'container'),
        span((ipv4 ?? ipv6 ?? '-').replace(/\/.*$/, ''), 'address'),
        span(mac ?? '-', 'dim'),
        span(link?.name ?? '-', 'link'),
        port === null
          ? span('-', 'dim')
          : [span(port.name, 'link'), span(` in ${name(port.netns)}`, 'netns')],
      ]),
    columns,
  )
}

function balancerLines({ balancer }: Overlay, name: Name, columns: number): readonly Line[] {
  if (balancer === null) return []
  if (isUnknown(balancer)) return notRead(`its load balancer: ${balancer.unknown}`, columns)
  return flowed(
    [
      { label: 'load balancer', spans: [span(name(balancer.netns), 'netns')] },
      ...(balancer.address === null ? [] : [fact('address', balancer.address, 'address')]),
      ...(balancer.link === null ? [] : [fact('link', balancer.link.name, 'link')]),
    ],
    columns,
    false,
  )
}

function portLines({ isIngress, ports }: Overlay, columns: number): readonly Line[] {
  if (!isIngress) return []
  if (isUnknown(ports)) return notRead(`published ports: ${ports.unknown}`, columns)
  if (ports.length === 0) return said('no service publishes a port by it', columns)
  const texts = ports.map(({ target, ...port }) => portText({ ...port, port: target.port }))
  return [heading('published ports', columns), ...said(texts.join('  '), columns, 'published')]
}
