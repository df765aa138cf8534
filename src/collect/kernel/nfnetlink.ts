/**
 * What nf_tables and ip_set tell over NETLINK_NETFILTER without any tool: which tables there are, how many rules each
 * chain has, whether anything changed. Asking a subsystem that is not there makes the kernel load its module
 * (nfnetlink-subsys-N): whoever calls must know that it is.
 */
import type { NfFamily } from '../../model/ruleset.ts'
import {
  attributes,
  attributeEnd,
  attributeStep,
  attributeType,
  be32,
  lengthOf,
  offsetOf,
  payload,
  text,
  textAt,
  walk,
  walkNested,
  type Bytes,
} from './netlink/bytes.ts'
import { attribute } from './netlink/build.ts'
import type { Answer, Netlink, NetlinkError } from './netlink/socket.ts'

const NFNL_SUBSYS_IPSET = 6 << 8
const NFNL_SUBSYS_NFTABLES = 10 << 8
const NFT_MSG_GETTABLE = 1
const NFT_MSG_GETCHAIN = 4
const NFT_MSG_GETRULE = 7
const NFT_MSG_GETGEN = 16
const NFTA_GEN_ID = 1
const NFTA_TABLE_NAME = 1
const NFTA_TABLE_FLAGS = 2
const NFTA_TABLE_HANDLE = 4
const NFTA_CHAIN_TABLE = 1
const NFTA_CHAIN_HANDLE = 2
const NFTA_CHAIN_NAME = 3
const NFTA_CHAIN_HOOK = 4
const NFTA_CHAIN_USE = 6
const NFTA_HOOK_DEV = 3
const NFTA_HOOK_DEVS = 4
/** Linux 6.16 and later: any name that begins so. */
const NFTA_DEVICE_PREFIX = 2
const NFTA_RULE_TABLE = 1
const NFTA_RULE_CHAIN = 2
const NFTA_RULE_HANDLE = 3
const IPSET_CMD_LIST = 7
const IPSET_ATTR_PROTOCOL = 1
const IPSET_ATTR_SETNAME = 2
const IPSET_ATTR_FLAGS = 6
const IPSET_FLAG_LIST_SETNAME = 2
/** All kernels since 2.6.39 speak it; newer ones also 7. */
const ipsetProtocol = 6

/** struct nfgenmsg: family, version, resource. */
const headerSize = 4

/** NFPROTO_* of linux/netfilter.h. */
const families: Readonly<Record<number, NfFamily>> = {
  1: 'inet',
  2: 'ip',
  3: 'arp',
  5: 'netdev',
  7: 'bridge',
  10: 'ip6',
}

/** enum nft_table_flags. */
const tableFlags = [
  { bit: 1, name: 'dormant' },
  { bit: 2, name: 'owner' },
  { bit: 4, name: 'persist' },
]

export type NftTableSeen = {
  readonly family: NfFamily
  readonly name: string
  readonly handle: number
  readonly flags: readonly string[]
}

export type NftChainSeen = {
  readonly family: NfFamily
  readonly table: string
  readonly name: string
  readonly handle: number
  readonly devices: readonly string[]
  /** How many rules it has, and how many jumps lead to it: one sum (nft_chain.use of the kernel). */
  readonly use: number
}

/** Goes up with each change of anything in nf_tables. */
export function nftGeneration(socket: Netlink): number | NetlinkError {
  const answer = socket.request(NFNL_SUBSYS_NFTABLES | NFT_MSG_GETGEN, 0, request(), (bytes, start, end) => {
    walk(bytes, Math.min(start + headerSize, end), end, generationTable)
    return be32(bytes, generationTable, NFTA_GEN_ID)
  })
  if (!answer.ok) return answer.error
  return answer.values[0] ?? { errno: 'EBADMSG', says: null }
}

const generationTable = attributes(NFTA_GEN_ID)

export function nftTables(socket: Netlink): Answer<NftTableSeen> {
  return socket.dump(NFNL_SUBSYS_NFTABLES | NFT_MSG_GETTABLE, request(), (bytes, start, end) => {
    const family = familyOf(bytes, start, end, tableTable)
    if (family === undefined) return null
    const flags = be32(bytes, tableTable, NFTA_TABLE_FLAGS) ?? 0
    return {
      family,
      name: text(bytes, tableTable, NFTA_TABLE_NAME) ?? '',
      handle: be64(bytes, tableTable, NFTA_TABLE_HANDLE),
      flags: tableFlags.filter(({ bit }) => (flags & bit) !== 0).map(({ name }) => name),
    }
  })
}

const tableTable = attributes(NFTA_TABLE_HANDLE)

export function nftChains(socket: Netlink): Answer<NftChainSeen> {
  return socket.dump(NFNL_SUBSYS_NFTABLES | NFT_MSG_GETCHAIN, request(), (bytes, start, end) => {
    const family = familyOf(bytes, start, end, chainTable)
    if (family === undefined) return null
    walkNested(bytes, chainTable, NFTA_CHAIN_HOOK, hookTable)
    return {
      family,
      table: text(bytes, chainTable, NFTA_CHAIN_TABLE) ?? '',
      name: text(bytes, chainTable, NFTA_CHAIN_NAME) ?? '',
      handle: be64(bytes, chainTable, NFTA_CHAIN_HANDLE),
      devices: devicesOf(bytes),
      use: be32(bytes, chainTable, NFTA_CHAIN_USE) ?? 0,
    }
  })
}

const chainTable = attributes(NFTA_CHAIN_USE)
const hookTable = attributes(NFTA_HOOK_DEVS)

/** A single device is told alone, several as a list, in which the single one stands again. */
function devicesOf(bytes: Bytes): string[] {
  const start = offsetOf(hookTable, NFTA_HOOK_DEVS)
  const names: string[] = []
  for (let at = start, end = start + (start === 0 ? 0 : lengthOf(hookTable, NFTA_HOOK_DEVS)); at < end;) {
    const step = attributeStep(bytes, at, end)
    if (step === 0) break
    const name = textAt(bytes, at + 4, attributeEnd(bytes, at) - at - 4)
    names.push(attributeType(bytes, at) === NFTA_DEVICE_PREFIX ? `${name}*` : name)
    at += step
  }
  const one = text(bytes, hookTable, NFTA_HOOK_DEV)
  return names.length === 0 && one !== null ? [one] : names
}

/**
 * Handles of one chain's rules, in their order; the expressions come along and are passed over. The kernel walks the
 * chain from its start for each 32 KiB of the answer: 30,000 rules take most of a second.
 */
export function nftRuleHandles(
  socket: Netlink,
  { family, table, name }: Pick<NftChainSeen, 'family' | 'table' | 'name'>,
): Answer<number> {
  const question = request(attribute(NFTA_RULE_TABLE, table), attribute(NFTA_RULE_CHAIN, name))
  question.writeUInt8(numberOf(family), 0)
  return socket.dump(NFNL_SUBSYS_NFTABLES | NFT_MSG_GETRULE, question, (bytes, start, end) => {
    const of = familyOf(bytes, start, end, ruleTable)
    // Kernels before 4.5 do not filter.
    const isWanted =
      of === family &&
      text(bytes, ruleTable, NFTA_RULE_TABLE) === table &&
      text(bytes, ruleTable, NFTA_RULE_CHAIN) === name
    return isWanted ? be64(bytes, ruleTable, NFTA_RULE_HANDLE) : null
  })
}

const ruleTable = attributes(NFTA_RULE_HANDLE)

function numberOf(family: NfFamily): number {
  return Number(Object.keys(families).find((each) => families[Number(each)] === family) ?? 0)
}

/** Names of the ipsets of the namespace. */
export function ipsetNames(socket: Netlink): Answer<string> {
  const flags = Buffer.alloc(4)
  flags.writeUInt32BE(IPSET_FLAG_LIST_SETNAME)
  const question = request(
    attribute(IPSET_ATTR_PROTOCOL, Uint8Array.of(ipsetProtocol)),
    attribute(IPSET_ATTR_FLAGS, flags),
  )
  return socket.dump(NFNL_SUBSYS_IPSET | IPSET_CMD_LIST, question, (bytes, start, end) => {
    walk(bytes, Math.min(start + headerSize, end), end, ipsetTable)
    return text(bytes, ipsetTable, IPSET_ATTR_SETNAME)
  })
}

const ipsetTable = attributes(IPSET_ATTR_SETNAME)

/** Family 0: of all. */
function request(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.alloc(headerSize), ...parts])
}

/** Finds the attributes, too. Families that later kernels may have are left out: nft has no word for them. */
function familyOf(
  bytes: Bytes,
  start: number,
  end: number,
  into: ReturnType<typeof attributes>,
): NfFamily | undefined {
  walk(bytes, Math.min(start + headerSize, end), end, into)
  return start < end ? families[bytes.view.getUint8(start)] : undefined
}

/** Handles count up from 1: they stay far below 2^53. */
function be64(bytes: Bytes, of: ReturnType<typeof attributes>, type: number): number {
  const at = payload(bytes, of, type, 8)
  return at === 0 ? 0 : bytes.view.getUint32(at) * 4294967296 + bytes.view.getUint32(at + 4)
}
