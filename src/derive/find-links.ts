/** What finds a link: its name, `name@ifN` as ip prints it, altnames, aliases, hardware addresses. */
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { FindIndex, LinkPlace } from './find-index.ts'
import type { Found, FoundKind, FoundLink, FoundPeer } from '../model/found.ts'
import { addressesOf, linkAt } from './netns-index.ts'
import { netnsRef } from './netns-name.ts'
import { isResolved, type LinkRef, type Peer } from './peers.ts'
import type { Token } from './tokens.ts'

export function findLinks(index: FindIndex, token: Token): readonly Found[] {
  const { text } = token
  return [
    ...byName(index, token).map((place) => foundLink(index, text, 'link', place)),
    ...places(index.byAltName, text).map((place) => foundLink(index, text, 'altname', place)),
    ...places(index.byAlias, text).map((place) => foundLink(index, text, 'alias', place)),
    ...macsIn(text).flatMap((mac) =>
      places(index.byMac, mac).map((place) => foundLink(index, mac, 'mac', place)),
    ),
  ]
}

const places = (map: ReadonlyMap<string, readonly LinkPlace[]>, key: string): readonly LinkPlace[] =>
  map.get(key) ?? []

/** A link as find shows it: with its peer, and with the bridge that it or its peer is a port of. */
export function foundLink(index: FindIndex, token: string, what: FoundKind, place: LinkPlace): Found {
  const { netns, link } = place
  const peer = index.peers.peerOf(netns.id, link.ifindex) ?? index.peers.lowerOf(netns.id, link.ifindex)
  const bridge = bridgeOf(index, netns, link) ?? bridgeOfPeer(index, peer)
  const port = link.master !== null && linkAt(netns, link.master)?.kind === 'bridge'
  return {
    token,
    what,
    says: `${what === 'link' ? '' : `${what} of `}${link.name}, ${kindOf(link)}${port ? `, port of ${bridge?.name ?? ''}` : ''}`,
    ref: { netns: netns.id, ifindex: link.ifindex, name: link.name },
    owner: netnsRef(index.names, netns.id),
    ...(peer === null ? {} : { peer: foundPeer(index, peer) }),
    ...(bridge === null ? {} : { bridge }),
  }
}

function kindOf(link: Link): string {
  return link.kind === 'other' ? link.kindName : link.kind
}

/** `eth0@if6`: the ifindex behind it must fit too; `macvlan0@eth0`: the name of what it stands on. */
function byName(index: FindIndex, { text, key }: Token): readonly LinkPlace[] {
  const whole = places(index.byLinkName, text)
  if (whole.length === 0 && /^(?:PHYS)?(?:IN|OUT)$/.test(key)) return byBeginning(index, text)
  const at = text.indexOf('@')
  if (whole.length > 0 || at <= 0) return whole
  const other = text.slice(at + 1)
  const numbered = /^if(\d+)$/.exec(other)
  return places(index.byLinkName, text.slice(0, at)).filter(({ netns, link }) => {
    if (numbered !== null) return link.lower?.ifindex === Number(numbered[1])
    const peer = index.peers.peerOf(netns.id, link.ifindex) ?? index.peers.lowerOf(netns.id, link.ifindex)
    return isResolved(peer) && peer.name === other
  })
}

/** People shorten the long names of bridges when they pass a log line on: `OUT=br-3d53`. */
function byBeginning(index: FindIndex, text: string): readonly LinkPlace[] {
  if (text.length < 4) return []
  const fitting = [...index.byLinkName].filter(([name]) => name.startsWith(text))
  const [only] = fitting
  return only !== undefined && fitting.length === 1 ? only[1] : []
}

/** A MAC; or the 14 bytes that the kernel logs as MAC=: destination, source, ethertype. Dashes and dots are read too. */
export function macsIn(text: string): readonly string[] {
  const dotted = /^([0-9a-f]{4})\.([0-9a-f]{4})\.([0-9a-f]{4})$/i.exec(text)
  const plain = (
    dotted === null ? text : (text.replaceAll('.', '').match(/../g) ?? []).join(':')
  ).toLowerCase()
  const bytes = plain.replaceAll('-', ':').split(':')
  if (bytes.some((byte) => !/^[0-9a-f]{2}$/.test(byte))) return []
  if (bytes.length === 6) return [bytes.join(':')]
  return bytes.length === 14 ? [bytes.slice(0, 6).join(':'), bytes.slice(6, 12).join(':')] : []
}

/** Bridge table entries: behind which port a hardware address was learnt. */
export function findFdb(index: FindIndex, token: Token): readonly Found[] {
  const macs = macsIn(token.text)
  if (macs.length === 0) return []
  return index.world.netns.flatMap((netns) =>
    ('unknown' in netns.fdb ? [] : netns.fdb)
      .filter((entry) => macs.includes(entry.lladdr.toLowerCase()) && entry.state !== 'permanent')
      .flatMap((entry): readonly Found[] => {
        const link = linkAt(netns, entry.ifindex)
        if (link === null) return []
        const found = foundLink(index, entry.lladdr, 'fdb', { netns, link })
        const vtep = entry.dst === null ? '' : ` at ${entry.dst}`
        return [{ ...found, says: `learnt behind ${link.name}${vtep}` }]
      }),
  )
}

function bridgeOf(index: FindIndex, netns: Netns, link: Link): FoundLink | null {
  const master = link.master === null ? null : linkAt(netns, link.master)
  return master?.kind === 'bridge'
    ? asFound(index, { netns: netns.id, ifindex: master.ifindex, name: master.name })
    : null
}

function bridgeOfPeer(index: FindIndex, peer: Peer): FoundLink | null {
  const netns = isResolved(peer) ? index.byId.get(peer.netns) : undefined
  const link = netns === undefined || !isResolved(peer) ? null : linkAt(netns, peer.ifindex)
  return netns === undefined || link === null ? null : bridgeOf(index, netns, link)
}

function asFound(index: FindIndex, ref: LinkRef): FoundLink {
  return { netns: netnsRef(index.names, ref.netns), ifindex: ref.ifindex, name: ref.name }
}

function foundPeer(index: FindIndex, peer: LinkRef | Exclude<Peer, LinkRef | null>): FoundPeer {
  if (!('unknown' in peer)) {
    const netns = index.byId.get(peer.netns)
    const all = netns === undefined ? [] : addressesOf(netns, peer.ifindex)
    const addresses = all.filter(({ scope }) => scope !== 'link')
    return {
      ...asFound(index, peer),
      addresses: addresses.map(({ local, prefixLen }) => `${local}/${prefixLen}`),
    }
  }
  return { unknown: peer.unknown, candidates: peer.candidates.map((each) => asFound(index, each)) }
}
