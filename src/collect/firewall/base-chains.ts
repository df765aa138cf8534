/** Where the kernel's own chains of iptables hang (NF_IP_PRI_* of linux/netfilter_ipv4.h); legacy does not say. */
export type BaseChain = { readonly type: string; readonly hook: string; readonly priority: number }

const priorities: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 }

/** null where the table or the chain is none of iptables' own. */
export function baseChain(table: string, chain: string): BaseChain | null {
  const hook = chain.toLowerCase()
  if (!/^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(chain)) return null
  if (table === 'nat') {
    // Destinations are translated before routing, sources after it.
    return { type: 'nat', hook, priority: hook === 'prerouting' || hook === 'output' ? -100 : 100 }
  }
  const priority = priorities[table]
  if (priority === undefined) return null
  return { type: table === 'mangle' && hook === 'output' ? 'route' : 'filter', hook, priority }
}
