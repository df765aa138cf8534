/**
 * All that netfilter does in one namespace. First the kernel is asked what there is, so that tools are run only where
 * there are rules, and nothing is created or loaded by looking. Seconds where there are 30,000 rules: lazily, please.
 */
import { which } from '../../lib/which.ts'
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { Firewall } from '../../model/ruleset.ts'
import type { Libc } from '../kernel/libc.ts'
import type { Entrance } from '../kernel/open-namespace.ts'
import { asRead, firewallAsBefore } from './as-before.ts'
import { readLegacyTables } from './legacy-tables.ts'
import { readNftTables, type NftContext, type TablesRead } from './nft-tables.ts'
import { parseIpset } from './parse-ipset.ts'
import { parseIpvs } from './parse-ipvs.ts'
import { countRules, generationOf, probeByNetlink } from './probe-by-netlink.ts'
import { probeByTools } from './probe-by-tools.ts'
import type { CountedChain, Probe } from './probe.ts'
import { runTool, type ToolContext } from './run-tool.ts'
import { wayInto } from './way-in.ts'

export type FirewallOptions = {
  /** null: koffi does not load; the tools alone must do. */
  readonly libc: Libc | null
  readonly signal?: AbortSignal
  /** Where the tools are: `which`, unless a test has others. */
  readonly find?: (name: string) => string | null
  /** What was read last time: of what says the same again, its objects are given. */
  readonly before?: Firewall | null
}

/** Rules that change while they are read are read again, this often in all. */
const attempts = 3

/** Never throws for what the kernel or a tool does: what could not be read is in `unread`, with what would help. */
export async function readFirewall(target: Entrance, options: FirewallOptions): Promise<Firewall> {
  const way = wayInto(target, options.libc)
  if ('unknown' in way) return nothingRead(way.unknown)
  try {
    const { libc } = options
    const context = {
      count: (chain: CountedChain) => (libc === null ? null : countRules(libc, target, chain)),
      path: way.path,
      signal: options.signal,
      find: options.find ?? ((name) => which(name)),
    }
    for (let attempt = 1; ; attempt++) {
      const probe = await probed(target, options.libc, context)
      if ('errno' in probe) return nothingRead(probe.unknown)
      const before = options.before ?? null
      const firewall = await readAll(probe, context, before)
      if (!way.holds()) return nothingRead('went away while it was read')
      const isDone = attempt === attempts || options.signal?.aborted === true
      if (isDone || isStill(probe, target, options.libc)) return firewall
    }
  } finally {
    way.end()
  }
}

async function probed(
  target: Entrance,
  libc: Libc | null,
  context: ToolContext,
): Promise<Probe | { readonly unknown: string; readonly errno: string }> {
  if (libc === null) return probeByTools(context)
  const opened = probeByNetlink(libc, target)
  return opened.ok ? opened.value : opened.failure
}

function isStill({ generation }: Probe, target: Entrance, libc: Libc | null): boolean {
  return libc === null || generation === null || generationOf(libc, target) === generation
}

async function readAll(
  probe: Probe,
  tools: Omit<NftContext, 'before'>,
  old: Firewall | null,
): Promise<Firewall> {
  const context = { ...tools, before: old === null ? null : asRead(old, probe.generation) }
  const [nft, legacy, ipsets] = await Promise.all([
    isUnknown(probe.nft) ? unreadBackend('nft', probe.nft.unknown) : readNftTables(probe.nft, context),
    isUnknown(probe.legacy)
      ? unreadBackend('iptables-legacy', probe.legacy.unknown)
      : readLegacyTables(probe.legacy, context),
    readIpsets(probe.ipsets, context),
  ])
  const read = {
    generation: probe.generation,
    tables: [...nft.tables, ...legacy.tables],
    unread: [...nft.unread, ...legacy.unread],
    ipsets,
    ipvs: isUnknown(probe.ipvs) ? probe.ipvs : parseIpvs(probe.ipvs ?? ''),
  }
  return old === null ? read : firewallAsBefore(read, old)
}

function unreadBackend(backend: Firewall['unread'][number]['backend'], reason: string): TablesRead {
  return {
    tables: [],
    unread: [{ backend, family: null, table: null, unknown: reason, hint: hintFor(reason) }],
  }
}

function hintFor(reason: string): string | null {
  if (/permission denied|not permitted/i.test(reason)) return 'run as root'
  const tool = /^(nft) is not installed/.exec(reason)?.[1]
  return tool === undefined ? null : 'apt-get install nftables'
}

async function readIpsets(any: Known<boolean>, context: ToolContext): Promise<Firewall['ipsets']> {
  if (isUnknown(any)) return any
  if (!any) return []
  const tool = { names: ['ipset'], package: 'ipset', arguments: ['save'] }
  const { stdout, failure } = await runTool(tool, context)
  if (failure === null) return parseIpset(stdout)
  return unknown(failure.hint === null ? failure.unknown : `${failure.unknown} (${failure.hint})`)
}

function nothingRead(reason: string): Firewall {
  return {
    generation: null,
    tables: [],
    unread: [...unreadBackend('nft', reason).unread, ...unreadBackend('iptables-legacy', reason).unread],
    ipsets: unknown(reason),
    ipvs: unknown(reason),
  }
}
