/** What is worth knowing of a link beside its address: bad news first. */
import { isPair } from '../../derive/claims.ts'
import { isResolved } from '../../derive/peers.ts'
import type { LinkRow } from '../../derive/topology-row.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { FlashField } from '../feed.ts'
import type { Span } from '../frame.ts'
import { nameOf } from '../select/shown.ts'
import type { Glyphs } from './glyphs.ts'
import type { RowContext } from './row-context.ts'
import { span } from './text.ts'

export function linkNotes(
  row: LinkRow,
  { glyphs, host, section, feed }: RowContext,
  fresh: ReadonlySet<FlashField>,
): readonly Span[] {
  const isElsewhere = section !== null && section !== row.netns
  const notes = [
    // Below a port: another link of the namespace that the port leads to.
    isElsewhere ? span(`in ${nameOf(feed.world, row.netns)}`, 'netns') : null,
    ...kindNote(row, host),
    stateNote(row, fresh),
    portNote(row.link, fresh),
    mtuNote(row, glyphs, fresh),
    peerNote(row),
    offBridgeNote(row),
    uppersNote(row),
    row.link.alias === null ? null : span(`alias ${row.link.alias}`, 'dim'),
  ].filter((note) => note !== null)
  return notes.flatMap((note, at) => (at === 0 ? [note] : [span(' '), note]))
}

/** What iproute2 calls it, where the row does not already say so by having a far end. */
function kindNote(row: LinkRow, host: NetnsId | null): readonly Span[] {
  const { link } = row
  if (link.kind === 'device' || link.kind === 'loopback' || isPair(link)) return []
  const kind = span(kindText(link), link.kind === 'bridge' ? 'bridge' : 'text')
  if (!isResolved(row.lower) || row.role === 'upper') return [kind]
  const where =
    row.lower.netns === row.netns
      ? ''
      : ` of ${row.lower.netns === host ? 'host' : (row.lowerNetnsName ?? row.lower.netns)}`
  return [kind, span(`on ${row.lower.name}${where}`, 'link')]
}

export function kindText(link: Link): string {
  switch (link.kind) {
    case 'vlan':
      return isUnknown(link.vlan) ? 'vlan' : `vlan ${link.vlan.id}`
    case 'vxlan':
      return isUnknown(link.vxlan) ? 'vxlan' : `vxlan ${link.vxlan.vni}`
    case 'macvlan':
    case 'macvtap':
      return isUnknown(link.macvlan) ? link.kind : `${link.kind} ${link.macvlan.mode}`
    case 'ipvlan':
    case 'ipvtap':
      return isUnknown(link.ipvlan) ? link.kind : `${link.kind} ${link.ipvlan.mode}`
    case 'bond':
      return isUnknown(link.bond) ? 'bond' : `bond ${link.bond.mode}`
    case 'vrf':
      return isUnknown(link.vrf) ? 'vrf' : `vrf table ${link.vrf.table}`
    case 'other':
      return link.kindName
    default:
      return link.kind
  }
}

/** UP alone is no news on a port; DOWN always is, and so is a cable that is not there. */
function stateNote(row: LinkRow, fresh: ReadonlySet<FlashField>): Span | null {
  const near = linkState(row.link)
  const far = row.far === null ? null : linkState(row.far.link)
  if (!near.up) return span(near.text, fresh.has('state') ? 'changed' : 'link.down')
  if (far !== null && !far.up) return span(`${far.text} there`, fresh.has('state') ? 'changed' : 'link.down')
  if (fresh.has('state')) return span('UP', 'changed')
  return isPair(row.link) ? null : span('UP', 'link.up')
}

/** IFF_UP is the administrator's wish; operstate (RFC 2863) is what came of it. */
export function linkState(link: Link): { readonly up: boolean; readonly text: string } {
  if (!link.flags.includes('UP')) return { up: false, text: 'DOWN' }
  if (link.operstate === 'UP' || link.operstate === 'UNKNOWN') return { up: true, text: 'UP' }
  return {
    up: false,
    text: link.flags.includes('NO-CARRIER') || link.carrier === false ? 'no carrier' : link.operstate,
  }
}

function portNote(link: Link, fresh: ReadonlySet<FlashField>): Span | null {
  if (link.port === null || isUnknown(link.port)) return null
  const { state } = link.port
  if (state === 'forwarding') return fresh.has('master') ? span('forwarding', 'changed') : null
  // A port whose link is down is disabled, which is no second piece of news.
  return state === 'disabled' && !linkState(link).up ? null : span(state, 'link.down')
}

function mtuNote(row: LinkRow, glyphs: Glyphs, fresh: ReadonlySet<FlashField>): Span | null {
  const { far, link } = row
  const text =
    far === null || far.link.mtu === link.mtu ? `mtu ${link.mtu}` : `mtu${glyphs.unequal}${far.link.mtu}`
  if (fresh.has('mtu')) return span(text, 'changed')
  return far !== null && far.link.mtu !== link.mtu ? span(text, 'finding.risk') : null
}

/** A pair that leads nowhere for another reason needs no second one. */
function offBridgeNote(row: LinkRow): Span | null {
  if (!row.offBridge || row.far === null || !linkState(row.link).up) return null
  return span('no bridge', 'finding.note')
}

function peerNote(row: LinkRow): Span | null {
  if (row.peer === null || isResolved(row.peer)) return null
  return span(row.peer.netns === null ? 'peer unknown' : 'peer unread', 'unreadable')
}

function uppersNote(row: LinkRow): Span | null {
  const [first] = row.uppers
  if (first === undefined) return null
  return span(
    row.uppers.length === 1 ? `below ${first.name} elsewhere` : `below ${row.uppers.length} links elsewhere`,
    'dim',
  )
}
