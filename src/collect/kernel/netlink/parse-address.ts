/** RTM_NEWADDR → Address. */
import type { Address } from '../../../model/address.ts'
import { attributes, has, lengthOf, offsetOf, payload, text, u32, u8, walk, type Bytes } from './bytes.ts'
import { address, AF_INET, AF_INET6 } from './format.ts'
import { flagNames, scopeName } from './names.ts'

const IFA_ADDRESS = 1
const IFA_LOCAL = 2
const IFA_LABEL = 3
const IFA_BROADCAST = 4
const IFA_CACHEINFO = 6
const IFA_FLAGS = 8
const IFA_PROTO = 11

/** struct ifaddrmsg (linux/if_addr.h): family, prefixlen, flags, scope, index at 4. */
const headerSize = 8
const table = attributes(IFA_PROTO)

/** IFA_F_* in the order iproute2 prints them. Bit 0 means another thing for each family. */
const otherFlags = [
  [0x02, 'nodad'],
  [0x04, 'optimistic'],
  [0x08, 'dadfailed'],
  [0x10, 'home'],
  [0x20, 'deprecated'],
  [0x40, 'tentative'],
  [0x80, 'permanent'],
  [0x100, 'mngtmpaddr'],
  [0x200, 'noprefixroute'],
  [0x400, 'autojoin'],
  [0x800, 'stable-privacy'],
] as const
const inetFlags = flagNames([[0x01, 'secondary'], ...otherFlags])
const inet6Flags = flagNames([[0x01, 'temporary'], ...otherFlags])

/** IFAPROT_* (linux/if_addr.h); 0 is "not told". */
const protocols = ['unspec', 'kernel_lo', 'kernel_ra', 'kernel_ll']

/** INFINITY_LIFE_TIME: for ever. */
const infinity = 0xffffffff

export function parseAddress(bytes: Bytes, start: number, end: number): Address | null {
  if (end - start < headerSize) {
    bytes.broken = true
    return null
  }
  const { view } = bytes
  const family = view.getUint8(start)
  if (family !== AF_INET && family !== AF_INET6) return null
  walk(bytes, start + headerSize, end, table)
  const whole = addressOf(bytes, IFA_ADDRESS)
  const local = addressOf(bytes, IFA_LOCAL) ?? whole ?? ''
  const flags = u32(bytes, table, IFA_FLAGS) ?? view.getUint8(start + 2)
  const cacheInfo = payload(bytes, table, IFA_CACHEINFO, 8)
  const protocol = u8(bytes, table, IFA_PROTO) ?? 0
  return {
    ifindex: view.getUint32(start + 4, true),
    family: family === AF_INET ? 'inet' : 'inet6',
    local,
    peer: whole === local ? null : whole,
    prefixLen: view.getUint8(start + 1),
    broadcast: addressOf(bytes, IFA_BROADCAST),
    scope: scopeName(view.getUint8(start + 3)),
    label: text(bytes, table, IFA_LABEL),
    flags: family === AF_INET ? inetFlags(flags) : inet6Flags(flags),
    validLifetime: cacheInfo === 0 ? null : lifetime(view.getUint32(cacheInfo + 4, true)),
    preferredLifetime: cacheInfo === 0 ? null : lifetime(view.getUint32(cacheInfo, true)),
    protocol: protocol === 0 ? null : (protocols[protocol] ?? `${protocol}`),
  }
}

function lifetime(seconds: number): number | null {
  return seconds === infinity ? null : seconds
}

function addressOf(bytes: Bytes, type: number): string | null {
  return has(table, type) ? address(bytes, offsetOf(table, type), lengthOf(table, type)) : null
}
