/** What is worth knowing of a link beside its address: bad news first. */
import { isPair } from '../../derive/claims.ts'
import { isResolved } from '../../derive/peers.ts'
import type { LinkRow } from '../../derive/topology-row.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Feed, FlashField } from '../feed.ts'
import type { Span } from '../frame.ts'
import type { Rates } from '../select/rates.ts'
import { nameOf, netnsOf } from '../select/shown.ts'
import type { Glyphs } from './glyphs.ts'
import { addressText } from './needs.ts'
import { shortNumber } from './numbers.ts'
import type { RowContext } from './row-context.ts'
import { fitted, span, widthOf } from './text.ts'

/** Pieces that belong together. `whole`: half of it would be something else; `shorter`: the same in fewer words. */
export type Note = {
  readonly spans: readonly Span[]
  readonly whole?: boolean
  readonly shorter?: readonly Span[]
}

/** Most important first. */
export function linkNotes(
  row: LinkRow,
  { glyphs, host, section, feed }: RowContext,
  fresh: ReadonlySet<FlashField>,
  rates: Rates | null,
): readonly Note[] {
  const isElsewhere = section !== null && section !== row.netns
  return [
    withState(kindNote(row, host), stateNote(row, fresh)),
    noteOf(lossNote(rates)),
    // Below a port: another link of the namespace that the port leads to.
    isElsewhere ? noteOf(span(`in ${nameOf(feed.world, row.netns)}`, 'netns')) : null,
    noteOf(portNote(row.link, fresh)),
    noteOf(mtuNote(row, glyphs, fresh)),
    noteOf(isComing(row, feed) ? span('not read yet', 'dim') : peerNote(row)),
    noteOf(offBridgeNote(row)),
    networkNote(row),
    portsNote(row),
    aliasNote(row),
    ownAddress(row),
    noteOf(uppersNote(row)),
    row.link.alias === null ? null : { spans: [span(`alias ${row.link.alias}`, 'dim')] },
  ].filter((note) => note !== null)
}

function noteOf(only: Span | null): Note | null {
  return only === null ? null : { spans: [only] }
}

/** `bridge UP` */
function withState(kind: readonly Span[], state: Span | null): Note | null {
  const all = [...kind, ...(state === null ? [] : [state])]
  const spans = all.flatMap((one, at) => (at === 0 ? [one] : [span(' '), one]))
  return all.length === 0 ? null : { spans, whole: kind.length === 0 }
}

/** As many as there is room for, with `…` where some are left out: half an address would be a wrong one. */
export function fittedNotes(notes: readonly Note[], columns: number): readonly Span[] {
  const out: Span[] = []
  for (const [at, { spans, whole, shorter }] of notes.entries()) {
    const after = (note: readonly Span[]) => (at === 0 ? note : [span(', ', 'dim'), ...note])
    const isLast = at === notes.length - 1
    const room = columns - widthOf(out) - (isLast ? 0 : 1)
    const fits = (note: readonly Span[]) => widthOf(after(note)) <= room
    const chosen = fits(spans) || shorter === undefined ? spans : shorter
    const separated = after(chosen)
    if (fits(chosen)) {
      out.push(...separated)
      continue
    }
    if (whole !== true && room >= least) return [...out, ...fitted(separated, columns - widthOf(out))]
    const left = columns - widthOf(out)
    return left > 0 ? [...out, span(left > 1 && out.length > 0 ? ' …' : '…', 'dim')] : out
  }
  return out
}

/** Less of a note tells nothing. */
const least = 8

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
      if (isUnknown(link.vxlan)) return 'vxlan'
      return link.vxlan.external ? 'vxlan external' : `vxlan ${link.vxlan.vni}`
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

/** UP alone is no news on a port; DOWN always is, with the end that is the cause, and a cable that is not there. */
function stateNote(row: LinkRow, fresh: ReadonlySet<FlashField>): Span | null {
  const text = downText(row)
  if (text !== null) return span(text, fresh.has('state') ? 'changed' : 'link.down')
  if (fresh.has('state')) return span('UP', 'changed')
  return isPair(row.link) ? null : span('UP', 'link.up')
}

function downText({ link, far }: LinkRow): string | null {
  const near = linkState(link)
  if (far === null) return near.up ? null : near.text
  const isDown = (end: Link): boolean => !end.flags.includes('UP')
  if (isDown(link) && isDown(far.link)) return 'DOWN at both ends'
  if (isDown(link)) return 'DOWN'
  // A veth has a carrier as long as its peer is UP.
  if (isDown(far.link)) return 'peer is DOWN'
  const there = linkState(far.link)
  if (!near.up) return near.text
  return there.up ? null : `peer: ${there.text}`
}

/** Packets lost right now; what was lost long ago stands in the details. */
function lossNote(rates: Rates | null): Span | null {
  if (rates === null) return null
  const errors = rates.rxErrors + rates.txErrors
  const dropped = rates.rxDropped + rates.txDropped
  if (errors > 0) return span(`${atLeastOne(errors)} err/s`, 'finding.risk')
  return dropped > 0 ? span(`${atLeastOne(dropped)} drop/s`, 'finding.risk') : null
}

const atLeastOne = (value: number): string => (value < 1 ? '<1' : shortNumber(value))

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

/**
 * A pair that leads nowhere for another reason needs no second one; one with an address at this end is a routed
 * link, which needs no bridge.
 */
function offBridgeNote(row: LinkRow): Span | null {
  if (!row.offBridge || row.far === null || !linkState(row.link).up) return null
  return addressText(row.addresses) === '' ? span('no bridge', 'finding.note') : null
}

/** Where the address column holds the far end's. */
function ownAddress(row: LinkRow): Note | null {
  const ours = addressText(row.addresses)
  if (ours === '' || row.far === null || addressText(row.far.addresses) === '') return null
  return { spans: [span(`${ours.replace(/\/\S*/, '')} here`, 'address')], whole: true }
}

/** While the first World is on its way, a far end may only not have come yet. */
export function isComing({ peer }: LinkRow, { status, world }: Feed): boolean {
  if (status.type !== 'filling' || peer === null || isResolved(peer)) return false
  return peer.netns === null || netnsOf(world, peer.netns) === null
}

function peerNote(row: LinkRow): Span | null {
  if (row.peer === null || isResolved(row.peer)) return null
  return span(row.peer.netns === null ? 'peer unknown' : 'peer unreadable', 'unreadable')
}

/** `tomcat-net NAT`. What the bridge's own name says already is not said again. */
function networkNote({ link, network, nat }: LinkRow): Note | null {
  const { name = '', internal = false } = network ?? {}
  const isSaid = name === '' || name === 'bridge' || link.name.startsWith(name)
  const spans = [
    ...(isSaid ? [] : [span(name, 'container')]),
    ...(internal ? [span('internal', 'dim')] : []),
    ...(nat === true ? [span('NAT', 'nat')] : []),
  ]
  return spans.length === 0
    ? null
    : { spans: spans.flatMap((one, at) => (at === 0 ? [one] : [span(' '), one])) }
}

/** Half a port would be another one. */
function portsNote({ end }: LinkRow): Note | null {
  const ports = end?.ports ?? []
  // What every address of the host leads to says more than what one does, and is shorter.
  const [first, ...more] = [...ports.filter(isOfEvery), ...ports.filter((port) => !isOfEvery(port))]
  if (first === undefined) return null
  const counted = more.length === 0 ? first : `${first} +${more.length}`
  const all = more.length === 1 ? `${first} ${more[0] ?? ''}` : counted
  return { spans: [span(all, 'published')], whole: true, shorter: [span(counted, 'published')] }
}

const isOfEvery = (port: string): boolean => port.startsWith(':')

function aliasNote({ end }: LinkRow): Note | null {
  const aliases = end?.aliases ?? []
  return aliases.length === 0 ? null : { spans: [span(`alias ${aliases.join(' ')}`, 'container')] }
}

function uppersNote(row: LinkRow): Span | null {
  const [first] = row.uppers
  if (first === undefined) return null
  return span(
    row.uppers.length === 1
      ? `carries ${first.name} of another ns`
      : `carries ${row.uppers.length} links of other ns`,
    'dim',
  )
}
