/** The command line that prints a chain with its counters, or a whole table where no chain is named. */
import { quoted } from '../../lib/quoted.ts'

export type ChainPlace = {
  readonly backend: string
  readonly family: string
  readonly table: string
  readonly chain: string | null
}

export function chainCommand({ backend, family, table, chain }: ChainPlace): string {
  if (backend.startsWith('iptables-') && (family === 'ip' || family === 'ip6')) {
    const program = family === 'ip6' ? backend.replace('iptables', 'ip6tables') : backend
    const which = chain === null ? '-vnL' : `-vnL ${quoted(chain)}`
    return `${program} -t ${quoted(table)} ${which} --line-numbers`
  }
  const names = [table, ...(chain === null ? [] : [chain])].map(quoted).join(' ')
  return `nft -a list ${chain === null ? 'table' : 'chain'} ${family} ${names}`
}
