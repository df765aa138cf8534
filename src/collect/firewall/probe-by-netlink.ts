/** The probe over netlink and /proc, from within the namespace; nothing is asked that could load a module. */
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import { readModules, type KernelModules } from '../facts/modules.ts'
import { NETLINK_NETFILTER, protocolsEverywhere } from '../kernel/details/netlink-protocols.ts'
import { readProc, reasonOf } from '../kernel/details/read-proc.ts'
import { inside } from '../kernel/inside.ts'
import type { Libc } from '../kernel/libc.ts'
import type { NetlinkError } from '../kernel/netlink/error.ts'
import { describeNetlinkError, openNetlink, type Netlink } from '../kernel/netlink/socket.ts'
import {
  ipsetNames,
  nftChains,
  nftGeneration,
  nftRuleHandles,
  nftTables,
  type NftChainSeen,
} from '../kernel/nfnetlink.ts'
import type { Entrance, Opened } from '../kernel/open-namespace.ts'
import { legacyFiles, legacyTables, type NftSeen, type Probe } from './probe.ts'

type NetlinkProbe = Pick<Probe, 'generation' | 'nft' | 'ipsets'>

export function probeByNetlink(libc: Libc, entrance: Entrance): Opened<Probe> {
  return inside(libc, entrance, () => ({ ...askNetfilter(libc), ...readFiles() }))
}

/** Alone, to see whether anything changed since; null: not told. */
export function generationOf(libc: Libc, entrance: Entrance): number | null {
  const asked = inside(libc, entrance, () => {
    const opened = openNetlink(libc, NETLINK_NETFILTER)
    if (!opened.ok) return null
    const generation = nftGeneration(opened.value)
    opened.value.close()
    return typeof generation === 'number' ? generation : null
  })
  return asked.ok ? asked.value : null
}

const nothing: NetlinkProbe = {
  generation: null,
  nft: { tables: [], chains: [], compat: false },
  ipsets: false,
}

function askNetfilter(libc: Libc): NetlinkProbe {
  const found = readModules()
  const modules = isUnknown(found) ? null : found
  const protocols = protocolsEverywhere(readProc, modules)
  if (protocols === null || modules === null) {
    const reason = unknown('not known whether the kernel has nf_tables: asking could load it')
    return { generation: null, nft: reason, ipsets: reason }
  }
  // No nfnetlink: neither nf_tables nor ip_set.
  if (!protocols.has(NETLINK_NETFILTER)) return nothing
  const opened = openNetlink(libc, NETLINK_NETFILTER)
  if (!opened.ok) {
    const reason = unknown(opened.failure.unknown)
    return { generation: null, nft: reason, ipsets: reason }
  }
  try {
    return { ...askNft(opened.value, modules), ipsets: askIpset(opened.value, modules) }
  } finally {
    opened.value.close()
  }
}

/** Whether it is there; unknown: it may be built in, or else be loaded by the question. */
function isThere(modules: KernelModules, module: string): Known<boolean> {
  if (!modules.loadable) return true
  return modules.has(module) ?? unknown(`not known whether the kernel has ${module}: asking could load it`)
}

function askNft(socket: Netlink, modules: KernelModules): Pick<Probe, 'generation' | 'nft'> {
  const there = isThere(modules, 'nf_tables')
  if (there === false) return { generation: null, nft: nothing.nft }
  if (isUnknown(there)) return { generation: null, nft: there }
  const generation = nftGeneration(socket)
  if (typeof generation !== 'number') {
    return { generation: null, nft: isAbsent(generation) ? nothing.nft : refusal(generation) }
  }
  return { generation, nft: seenOf(socket, modules.has('nft_compat') !== false) }
}

/** nfnetlink says EINVAL of a subsystem that it does not have. */
function isAbsent({ errno }: NetlinkError): boolean {
  return errno === 'EINVAL' || errno === 'EOPNOTSUPP'
}

function refusal(error: NetlinkError): { readonly unknown: string } {
  return unknown(describeNetlinkError(error))
}

/** In all; more than these, and only chains that look wrong are counted. */
const mostCounted = 2000

function seenOf(socket: Netlink, compat: boolean): Known<NftSeen> {
  const tables = nftTables(socket)
  if (!tables.ok) return refusal(tables.error)
  if (tables.values.length === 0) return { tables: [], chains: [], compat }
  const chains = nftChains(socket)
  // The tables are there; without a count nothing can be checked, but the tools may read them all the same.
  if (!chains.ok || chains.interrupted) return { tables: tables.values, chains: null, compat }
  const uses = chains.values.reduce((sum, { use }) => sum + use, 0)
  return {
    tables: tables.values,
    compat,
    chains: chains.values.map((chain) => ({
      ...chain,
      rules: uses > mostCounted ? null : handlesOf(socket, chain),
    })),
  }
}

function handlesOf(socket: Netlink, chain: NftChainSeen): readonly number[] | null {
  if (chain.use === 0) return []
  const rules = nftRuleHandles(socket, chain)
  return rules.ok && !rules.interrupted ? rules.values : null
}

/** The kernel's own count of one chain; null: it does not tell. */
export function countRules(libc: Libc, entrance: Entrance, chain: NftChainSeen): number | null {
  const asked = inside(libc, entrance, () => {
    const opened = openNetlink(libc, NETLINK_NETFILTER)
    if (!opened.ok) return null
    const handles = handlesOf(opened.value, chain)
    opened.value.close()
    return handles?.length ?? null
  })
  return asked.ok ? asked.value : null
}

function askIpset(socket: Netlink, modules: KernelModules): Known<boolean> {
  const there = isThere(modules, 'ip_set')
  if (there !== true) return there
  const names = ipsetNames(socket)
  if (names.ok) return names.values.length > 0
  return isAbsent(names.error) ? false : refusal(names.error)
}

function readFiles(): Pick<Probe, 'legacy' | 'ipvs'> {
  const lists = legacyFiles.map(({ family, file }) => {
    const content = readProc(`thread-self/net/${file}`)
    if (typeof content === 'string') return legacyTables(family, content)
    return content.errno === 'ENOENT' ? [] : unknown(`/proc/net/${file}: ${reasonOf(content)}`)
  })
  const services = readProc('thread-self/net/ip_vs')
  return {
    legacy: lists.find(isUnknown) ?? lists.flatMap((list) => (isUnknown(list) ? [] : list)),
    ipvs:
      typeof services === 'string'
        ? services
        : services.errno === 'ENOENT'
          ? null
          : unknown(`/proc/net/ip_vs: ${reasonOf(services)}`),
  }
}
