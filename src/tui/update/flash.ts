/** Which values of which links changed just now, so that they stand out once. */
import { addressesOf, indexOf } from '../../derive/netns-index.ts'
import { sameItems } from '../../derive/same-row.ts'
import type { Address } from '../../model/address.ts'
import { isUnknown } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { Flash, FlashField } from '../feed.ts'

export const flashMs = 1500

export function flashKey(netns: string, ifindex: number): string {
  return `${netns} ${ifindex}`
}

/** Links that are new have nothing to compare with: the row itself is the news. */
export function flashesBetween(
  before: Netns,
  after: Netns,
  now: number,
): readonly (readonly [string, Flash])[] {
  if (before.links === after.links && before.addresses === after.addresses) return []
  const old = indexOf(before).links
  const found: [string, Flash][] = []
  for (const [ifindex, link] of indexOf(after).links) {
    const was = old.get(ifindex)
    if (was === undefined) continue
    const moved = addressesMoved(addressesOf(before, ifindex), addressesOf(after, ifindex))
    if (was === link && !moved) continue
    const fields = new Set<FlashField>(linkFields(was, link))
    if (moved) fields.add('address')
    if (fields.size > 0) found.push([flashKey(after.id, ifindex), { fields, until: now + flashMs }])
  }
  return found
}

function linkFields(was: Link, is: Link): readonly FlashField[] {
  const fields: FlashField[] = []
  if (stateOf(was) !== stateOf(is)) fields.push('state')
  if (was.mtu !== is.mtu) fields.push('mtu')
  if (was.name !== is.name) fields.push('name')
  if (portOf(was) !== portOf(is)) fields.push('master')
  return fields
}

function stateOf(link: Link): string {
  return `${link.operstate} ${link.flags.join()}`
}

function portOf(link: Link): string {
  const state = link.port === null || isUnknown(link.port) ? '' : link.port.state
  return `${link.master ?? 'none'} ${state}`
}

function addressesMoved(before: readonly Address[], after: readonly Address[]): boolean {
  return !sameItems(before, after) && addressText(before) !== addressText(after)
}

/** Link-local ones are on no row: they come and go by themselves whenever a link does. */
function addressText(addresses: readonly Address[]): string {
  return addresses
    .filter((address) => address.scope !== 'link')
    .map((address) => `${address.local}/${address.prefixLen} ${address.flags.join()}`)
    .join()
}
