/**
 *  NAME  KIND  STATE  MTU   ADDRESS        LEADS TO
 *  lo    loopback UP  65536 127.0.0.1/8
 *  eth0  veth  UP     1500  172.17.0.3/16  vethe8201cd in host, port of docker0
 */
import { addressesOf, linkAt } from '../../../derive/netns-index.ts'
import { isResolved, peers } from '../../../derive/peers.ts'
import type { Link } from '../../../model/link.ts'
import type { Netns } from '../../../model/netns.ts'
import type { World } from '../../../model/world.ts'
import type { Line, Span } from '../../frame.ts'
import { nameOf, netnsOf } from '../../select/shown.ts'
import { kindText, linkState } from '../link-notes.ts'
import { span } from '../text.ts'
import { grid } from './grid.ts'
import { andMore, listed, mostRows, said } from './lines.ts'

export function linkLines(world: World, netns: Netns, columns: number): readonly Line[] {
  return listed(netns.links, columns, (links) => {
    if (links.length === 0) return said('it has no links, not even loopback', columns)
    return [
      ...grid(
        [
          { title: 'NAME', least: 8 },
          { title: 'KIND', least: 5 },
          { title: 'STATE', least: 4 },
          { title: 'MTU', right: true, least: 4 },
          { title: 'ADDRESS', least: 12 },
          { title: 'LEADS TO', soft: true, least: 16 },
        ],
        links.slice(0, mostRows).map((link) => cells(world, netns, link)),
        columns,
      ),
      ...andMore(links.length, 'links', columns),
    ]
  })
}

function cells(world: World, netns: Netns, link: Link): readonly (Span | readonly Span[])[] {
  const state = linkState(link)
  const own = addressesOf(netns, link.ifindex)
  const [first] = own.toSorted((a, b) => rank(a.scope, a.family) - rank(b.scope, b.family))
  return [
    span(link.name, link.kind === 'bridge' ? 'bridge' : 'link'),
    span(link.kind === 'loopback' ? 'lo' : kindText(link), 'dim'),
    span(state.text, state.up ? 'link.up' : 'link.down'),
    span(String(link.mtu)),
    first === undefined
      ? span('')
      : [
          span(`${first.local}/${first.prefixLen}`, 'address'),
          span(own.length > 1 ? ` +${own.length - 1}` : '', 'dim'),
        ],
    leadsTo(world, netns, link),
  ]
}

const rank = (scope: string, family: string): number =>
  (scope === 'link' ? 2 : 0) + (family === 'inet' ? 0 : 1)

/** The other end, the bridge it is a port of here, and the one that the other end is a port of. */
function leadsTo(world: World, netns: Netns, link: Link): readonly Span[] {
  const pairs = peers(world.netns)
  const peer = pairs.peerOf(netns.id, link.ifindex) ?? pairs.lowerOf(netns.id, link.ifindex)
  const master = link.master === null ? null : linkAt(netns, link.master)
  const here = master === null ? [] : [span('port of '), span(master.name, 'bridge')]
  if (peer === null) return here
  const comma = here.length === 0 ? [] : [span(', ')]
  if (!isResolved(peer)) return [...here, ...comma, span(`not known: ${peer.unknown}`, 'unreadable')]
  const far = netnsOf(world, peer.netns)
  const there = far === null ? null : linkAt(far, peer.ifindex)
  const beyond = far === null || there === null || there.master === null ? null : linkAt(far, there.master)
  return [
    ...here,
    ...comma,
    span(peer.name, 'link'),
    span(' in '),
    span(nameOf(world, peer.netns), 'netns'),
    ...(beyond === null ? [] : [span(', port of '), span(beyond.name, 'bridge')]),
  ]
}
