import { quoted } from '../../../lib/quoted.ts'
import type { RuleRef } from '../../../model/rule-ref.ts'

/** `DOCKER 3`, with the table where it is not nat. */
export function ruleText({ table, chain, number }: RuleRef): string {
  return `${table === 'nat' ? '' : `${table} `}${chain} ${number}`
}

/** `rule 3 of DOCKER in table nat (iptables-nft, ip)`. */
export function ruleSentence({ backend, family, table, chain, number }: RuleRef): string {
  return `rule ${number} of ${chain} in table ${table} (${backend}, ${family})`
}

/** Prints the chain that the rule is in. */
export function ruleCommand({ backend, family, table, chain }: RuleRef): string {
  if (backend === 'nft') return `nft -a list chain ${family} ${quoted(table)} ${quoted(chain)}`
  const program = family === 'ip6' ? backend.replace('iptables', 'ip6tables') : backend
  return `${program} -t ${quoted(table)} -vnL ${quoted(chain)} --line-numbers`
}
