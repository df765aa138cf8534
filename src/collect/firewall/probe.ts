/** What there is to read in a namespace, before any tool is run: tools are run only where there are rules. */
import { isUnknown, type Known } from '../../model/known.ts'
import type { NfFamily } from '../../model/ruleset.ts'
import type { NftChainSeen, NftTableSeen } from '../kernel/nfnetlink.ts'

export type NftSeen = {
  readonly tables: readonly NftTableSeen[]
  /** null: not counted, so what the tools print cannot be checked. */
  readonly chains: readonly CountedChain[] | null
  /** nft_compat is there. Without it no rule can hold an extension of iptables, so nft hides nothing. */
  readonly compat: boolean
}

/** `rules`: their handles, in order; null: counting so many takes too long where nothing looks wrong. */
export type CountedChain = NftChainSeen & { readonly rules: readonly number[] | null }

export type LegacyTable = { readonly family: 'ip' | 'ip6' | 'arp'; readonly name: string }

export type Probe = {
  /** null: nf_tables is not there, or does not tell. */
  readonly generation: number | null
  readonly nft: Known<NftSeen>
  readonly legacy: Known<readonly LegacyTable[]>
  /** Whether there are any. */
  readonly ipsets: Known<boolean>
  /** /proc/net/ip_vs; null: not there. */
  readonly ipvs: Known<string | null>
}

export const legacyFiles = [
  { family: 'ip', file: 'ip_tables_names' },
  { family: 'ip6', file: 'ip6_tables_names' },
  { family: 'arp', file: 'arp_tables_names' },
] as const

/** `filter` and `nat`, a line each. */
export function legacyTables(family: LegacyTable['family'], content: string): readonly LegacyTable[] {
  return content
    .split('\n')
    .filter((name) => name !== '')
    .map((name) => ({ family, name }))
}

const iptablesTables = new Set(['filter', 'nat', 'mangle', 'raw', 'security'])

const baseChains = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'])

/**
 * Tables that iptables-nft may have made, as their names and chains go. Others are not shown to iptables-save, which can
 * load nft_compat and xt modules when it looks at rules.
 */
export function mayBeOfIptables({ chains, compat }: NftSeen, { family, name }: TableName): boolean {
  if (!compat || (family !== 'ip' && family !== 'ip6') || !iptablesTables.has(name)) return false
  return (
    chains === null ||
    chains.some((each) => each.family === family && each.table === name && baseChains.has(each.name))
  )
}

/** Whether there is any table that is known of. */
export function hasAny({ nft, legacy }: Probe): boolean {
  return (!isUnknown(nft) && nft.tables.length > 0) || (!isUnknown(legacy) && legacy.length > 0)
}

export type TableName = { readonly family: NfFamily; readonly name: string }
