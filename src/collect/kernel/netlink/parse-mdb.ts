/** RTM_NEWMDB → MdbEntry: one message a bridge, all its groups within (linux/if_bridge.h). */
import type { MdbEntry } from '../../../model/neighbour.ts'
import {
  attributeEnd,
  attributes,
  attributeStep,
  attributeType,
  lengthOf,
  offsetOf,
  walk,
  type Bytes,
} from './bytes.ts'
import { hardwareAddress, ipv4, ipv6 } from './format.ts'

const MDBA_MDB = 1
const MDBA_MDB_ENTRY = 1
const MDBA_MDB_ENTRY_INFO = 1
const MDB_PERMANENT = 1
const ETH_P_IP = 0x0800
const ETH_P_IPV6 = 0x86dd

/** struct br_port_msg: family, ifindex at 4. */
const headerSize = 8
/** struct br_mdb_entry: ifindex, state at 4, flags, vid at 6, address (16 bytes) at 8, its ethertype at 24. */
const entrySize = 26
const table = attributes(MDBA_MDB)

export function parseMdb(bytes: Bytes, start: number, end: number): readonly MdbEntry[] | null {
  if (end - start < headerSize) {
    bytes.broken = true
    return null
  }
  walk(bytes, start + headerSize, end, table)
  const from = offsetOf(table, MDBA_MDB)
  const to = from === 0 ? 0 : from + lengthOf(table, MDBA_MDB)
  const bridge = bytes.view.getInt32(start + 4, true)
  const entries: MdbEntry[] = []
  for (let at = from; at < to;) {
    const step = attributeStep(bytes, at, to)
    if (step === 0) break
    if (attributeType(bytes, at) === MDBA_MDB_ENTRY)
      readEntries(bytes, at + 4, attributeEnd(bytes, at), bridge, entries)
    at += step
  }
  return entries
}

function readEntries(bytes: Bytes, start: number, end: number, bridge: number, into: MdbEntry[]): void {
  for (let at = start; at < end;) {
    const step = attributeStep(bytes, at, end)
    if (step === 0) return
    if (attributeType(bytes, at) === MDBA_MDB_ENTRY_INFO) {
      const entry = at + 4
      if (attributeEnd(bytes, at) - entry < entrySize) {
        bytes.broken = true
        return
      }
      into.push(readEntry(bytes, entry, bridge))
    }
    at += step
  }
}

function readEntry(bytes: Bytes, at: number, bridge: number): MdbEntry {
  const { view } = bytes
  const vlan = view.getUint16(at + 6, true)
  return {
    bridge,
    port: view.getInt32(at, true),
    group: group(bytes, at + 8, view.getUint16(at + 24)),
    vlan: vlan === 0 ? null : vlan,
    permanent: view.getUint8(at + 4) === MDB_PERMANENT,
  }
}

/** A group of a protocol other than IP is a hardware address. */
function group(bytes: Bytes, at: number, ethertype: number): string {
  if (ethertype === ETH_P_IP) return ipv4(bytes, at)
  return ethertype === ETH_P_IPV6 ? ipv6(bytes, at) : hardwareAddress(bytes, at, 6)
}
