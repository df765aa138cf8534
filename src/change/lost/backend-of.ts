/** Which iptables an engine's rules belong to: the one in which some of them are left, else the one that the host has. */
import type { Firewall } from '../../model/ruleset.ts'
import { planned, refusal, refused, type PlanContext, type Planned } from '../planner.ts'

export type IptablesBackend = 'iptables-nft' | 'iptables-legacy'

const backends = ['iptables-nft', 'iptables-legacy'] as const

export function backendOf({ tables }: Firewall, { tools, iptables }: PlanContext): Planned<IptablesBackend> {
  const left = backends.filter((backend) =>
    tables.some(
      (table) => table.backend === backend && table.chains.some(({ name }) => /^DOCKER(?:-|$)/.test(name)),
    ),
  )
  const [only, ...others] = left
  if (others.length > 0)
    return refused(
      refusal(
        'iptables',
        'chains of Docker are in iptables-nft and in iptables-legacy: which of them it uses cannot be told',
        'see F04: vethscope findings',
      ),
    )
  if (only !== undefined) return planned(only)
  if (!tools.has('iptables'))
    return refused(refusal('iptables', 'iptables is not installed', 'apt-get install iptables'))
  if (iptables === undefined)
    return refused(
      refusal('iptables', 'whether iptables of this host is that of nft or the legacy one is not known'),
    )
  return planned(iptables)
}

/** The program that restores rules there; null: it is not installed. */
export function restoreTool(
  backend: IptablesBackend,
  family: 'ip' | 'ip6',
  { tools, iptables }: PlanContext,
): string | null {
  const base = family === 'ip' ? 'iptables' : 'ip6tables'
  if (iptables === backend && tools.has(base)) return `${base}-restore`
  const named = backend === 'iptables-nft' ? `${base}-nft` : `${base}-legacy`
  return tools.has(named) ? `${named}-restore` : null
}
