/** What the filter can ask of a row: of all that stands on it, the link, its far end, and the namespaces they are in. */
import { isHidden, type NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { Facts, Trait } from './filter.ts'
import { isResolved } from './peers.ts'
import type { LinkRow, NetnsRow } from './topology-row.ts'

type Row = LinkRow | NetnsRow

/** Kind and traits are about the near end. */
export function rowFacts(byId: ReadonlyMap<NetnsId, Netns>): Facts<Row> {
  const ends = (row: Row): readonly Netns[] => {
    const near = byId.get(row.netns)
    const far = row.kind === 'netns' || row.far === null ? undefined : byId.get(row.far.netns)
    return [near, far].filter((netns) => netns !== undefined)
  }
  return {
    holds: (row, text) => {
      if (ownText(row).includes(text) || holds(byId.get(row.netns), text)) return true
      return row.kind === 'link' && row.far !== null && holds(byId.get(row.far.netns), text)
    },
    addresses: (row) =>
      row.kind === 'netns' ? [] : [...row.addresses, ...(row.far?.addresses ?? [])].map(({ local }) => local),
    ports: (row) => ends(row).flatMap(listeningPorts),
    kind: (row) => {
      if (row.kind === 'netns') return null
      return row.link.kind === 'other' ? row.link.kindName.toLowerCase() : row.link.kind
    },
    traits: (row) => {
      const netns = byId.get(row.netns)
      if (row.kind === 'link') return linkTraits(row)
      return netns === undefined ? [] : netnsTraits(netns)
    },
  }
}

function holds(netns: Netns | undefined, text: string): boolean {
  return netns !== undefined && netnsText(netns).includes(text)
}

/** Several names in one text stand on lines of their own, as no token can. */
const texts = new WeakMap<Row, string>()

/** Of its links; what belongs to their namespaces may change and leave the row as it is. */
function ownText(row: Row): string {
  if (row.kind === 'netns') return ''
  const kept = texts.get(row)
  if (kept !== undefined) return kept
  const near = linkText(row)
  const text = row.far === null ? near : `${near}\n${linkText(row.far)}`
  texts.set(row, text)
  return text
}

function linkText({ link, addresses }: Pick<LinkRow, 'link' | 'addresses'>): string {
  const names = `${link.name}\n${link.altNames.join('\n')}\n${link.alias ?? ''}\n${link.lladdr ?? ''}`
  return addresses.reduce((text, { local }) => `${text}\n${local}`, names).toLowerCase()
}

const textsOfNetns = new WeakMap<Netns, string>()

function netnsText(netns: Netns): string {
  const kept = textsOfNetns.get(netns)
  if (kept !== undefined) return kept
  const text = [netns.id, ...netns.names.map(({ name }) => name)].join('\n').toLowerCase()
  textsOfNetns.set(netns, text)
  return text
}

/** Where its sockets were read. */
function listeningPorts({ details }: Netns): readonly number[] {
  return (details === null ? [] : listOf(details.sockets))
    .filter((socket) => socket.state === 'LISTEN' || socket.state === 'UNCONN')
    .map((socket) => socket.local.port)
}

function linkTraits({ link, offBridge, peer, lower }: LinkRow): readonly Trait[] {
  const traits: Trait[] = [isUp(link) ? 'up' : 'down']
  if (link.port !== null) traits.push('port')
  if (offBridge) traits.push('off-bridge')
  if ((peer !== null && !isResolved(peer)) || (lower !== null && !isResolved(lower)))
    traits.push('unresolved')
  return traits
}

function isUp({ flags, operstate }: Link): boolean {
  return flags.includes('UP') && operstate !== 'DOWN' && operstate !== 'LOWERLAYERDOWN'
}

function netnsTraits(netns: Netns): readonly Trait[] {
  const traits: Trait[] = []
  if (isHidden(netns.id)) traits.push('hidden')
  if (netns.readable !== true || isUnknown(netns.links)) traits.push('unreadable')
  return traits
}
