/** Tables as `iptables-save -c` and its siblings print them, with what could not be had from them. */
import type { Firewall, NfTable } from '../../model/ruleset.ts'
import { backendThatSaved, parseInTurns } from './parse-iptables-save.ts'
import type { Before } from './as-before.ts'
import { runTool, type ToolContext, type ToolFailure } from './run-tool.ts'

export type Saved = {
  readonly tables: readonly NfTable[]
  readonly unread: Firewall['unread']
  /** Why there may be more tables than these. */
  readonly failure: ToolFailure | null
}

export type SavedFamily = 'ip' | 'ip6'

/**
 * Which iptables `iptables-save` leads to is up to the host, so the names that tell come first. Without `-t`: with it,
 * the legacy one creates the table.
 */
const programs = {
  'iptables-nft': {
    ip: ['iptables-nft-save', 'iptables-save'],
    ip6: ['ip6tables-nft-save', 'ip6tables-save'],
  },
  'iptables-legacy': {
    ip: ['iptables-legacy-save', 'iptables-save'],
    ip6: ['ip6tables-legacy-save', 'ip6tables-save'],
  },
} as const

export async function readSaved(
  backend: keyof typeof programs,
  family: SavedFamily,
  context: ToolContext & { readonly before: Before | null },
): Promise<Saved> {
  const names = programs[backend][family]
  const { stdout, failure } = await runTool({ names, package: 'iptables', arguments: ['-c'] }, context)
  const by = backendThatSaved(stdout)
  if (by !== null && by !== backend) {
    const unknown = `${names[1]} here is that of ${by}`
    return { tables: [], unread: [], failure: { unknown, hint: 'apt-get install iptables' } }
  }
  return { ...(await parseInTurns(stdout, backend, family, context.before)), failure }
}
