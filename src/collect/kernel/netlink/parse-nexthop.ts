/** RTM_NEWNEXTHOP → NexthopObject (NHA_*, linux/nexthop.h). */
import type { NexthopObject } from '../../../model/route.ts'
import { attributes, has, lengthOf, offsetOf, u32, walk, type Bytes } from './bytes.ts'
import { address } from './format.ts'
import { familyName, routeFlags, routeProtocolName, scopeName } from './names.ts'

const NHA_ID = 1
const NHA_GROUP = 2
const NHA_BLACKHOLE = 4
const NHA_OIF = 5
const NHA_GATEWAY = 6
const NHA_FDB = 11

/** struct nhmsg: family, scope, protocol, reserved, flags at 4. */
const headerSize = 8
/** struct nexthop_grp: id, weight, weight_high (6.12), reserved. */
const memberSize = 8
const table = attributes(NHA_FDB)

export function parseNexthop(bytes: Bytes, start: number, end: number): NexthopObject | null {
  if (end - start < headerSize) {
    bytes.broken = true
    return null
  }
  const { view } = bytes
  walk(bytes, start + headerSize, end, table)
  const gateway = offsetOf(table, NHA_GATEWAY)
  return {
    id: u32(bytes, table, NHA_ID) ?? 0,
    family: familyName(view.getUint8(start)),
    oif: u32(bytes, table, NHA_OIF),
    gateway: gateway === 0 ? null : address(bytes, gateway, lengthOf(table, NHA_GATEWAY)),
    // Both are flags: they say it by being there.
    blackhole: has(table, NHA_BLACKHOLE),
    fdb: has(table, NHA_FDB),
    group: group(bytes),
    flags: routeFlags(view.getUint32(start + 4, true)),
    protocol: routeProtocolName(view.getUint8(start + 2)),
    scope: scopeName(view.getUint8(start + 1)),
  }
}

function group(bytes: Bytes): NexthopObject['group'] {
  const { view } = bytes
  const members: { readonly id: number; readonly weight: number }[] = []
  const start = offsetOf(table, NHA_GROUP)
  const length = start === 0 ? 0 : lengthOf(table, NHA_GROUP)
  if (length % memberSize !== 0) bytes.broken = true
  for (let at = start; at + memberSize <= start + length; at += memberSize) {
    // The weight is kept less one; older kernels send 0 in its high byte.
    const weight = view.getUint8(at + 4) + view.getUint8(at + 5) * 256 + 1
    members.push({ id: view.getUint32(at, true), weight })
  }
  return members
}
