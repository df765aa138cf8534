/** The pieces of a line about a link, shared by the tree and the tables. */
import type { LinkShape, LinkRefShape, UnresolvedShape } from '../command/shapes.ts'
import { isUnknown, type Known } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Cell } from './columns.ts'
import { clean } from './clean.ts'
import type { Style } from './style.ts'

/** `UP`, `DOWN` …; the state that ip prints, and `admin down` where nobody has set it up. */
export function stateCell(
  link: { readonly operstate: string; readonly flags: readonly string[] },
  style: Style,
): Cell {
  const isUp = link.flags.includes('UP')
  const text = isUp ? clean(link.operstate) : 'DOWN (admin)'
  // UNKNOWN is what the kernel says of devices that have no notion of a carrier, and they work.
  const colour = isUp && (text === 'UP' || text === 'UNKNOWN') ? 'green' : 'red'
  return { text, shown: style.paint(colour, text) }
}

export function addressesText(addresses: Known<readonly string[]>): string {
  return isUnknown(addresses) ? clean(addresses) : addresses.map((each) => clean(each)).join(' ')
}

/** Every link that is up has one of these, and it says nothing; the JSON has them. */
const linkLocal = /^fe[89ab][0-9a-f]:/i

/** Without IPv6 link-local ones. */
export function tellingAddressesText(addresses: Known<readonly string[]>): string {
  return addressesText(
    isUnknown(addresses) ? addresses : addresses.filter((address) => !linkLocal.test(address)),
  )
}

/** `= redis123 eth0` for a pair, `on host eth0` for what stands on another device. */
export function endText(link: Pick<LinkShape, 'peer' | 'lower' | 'netns'>): string {
  if (link.peer !== null) return `= ${oneEnd(link.peer, null)}`
  if (link.lower !== null) return `on ${oneEnd(link.lower, link.netns.id)}`
  return ''
}

function oneEnd(end: LinkRefShape | UnresolvedShape, near: string | null): string {
  if (!('unknown' in end)) {
    return end.netns.id === near ? clean(end.name) : `${clean(end.netns.name)} ${clean(end.name)}`
  }
  return `? ${clean(end.unknown)}${candidatesText(end.candidates)}`
}

export function candidatesText(candidates: readonly LinkRefShape[]): string {
  if (candidates.length === 0) return ''
  const shown = candidates.slice(0, 3).map((each) => `${clean(each.netns.name)} ${clean(each.name)}`)
  return `; could be ${shown.join(', ')}${candidates.length > 3 ? ' …' : ''}`
}

/** The kind, with what tells it from others of its kind: `vlan 10`, `vxlan 4097`, `macvlan bridge`. */
export function kindText(link: Link): string {
  const note = kindNote(link)
  return `${clean(link.kind === 'other' ? link.kindName : link.kind)}${note === null ? '' : ` ${clean(note)}`}`
}

function kindNote(link: Link): string | number | null {
  switch (link.kind) {
    case 'vlan':
      return isUnknown(link.vlan) ? null : link.vlan.id
    case 'vxlan':
      return isUnknown(link.vxlan) ? null : link.vxlan.vni
    case 'macvlan':
    case 'macvtap':
      return isUnknown(link.macvlan) ? null : link.macvlan.mode
    case 'ipvlan':
    case 'ipvtap':
      return isUnknown(link.ipvlan) ? null : link.ipvlan.mode
    case 'bond':
      return isUnknown(link.bond) ? null : link.bond.mode
    case 'vrf':
      return isUnknown(link.vrf) ? null : `table ${link.vrf.table}`
    default:
      return null
  }
}
