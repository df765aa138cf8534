/** Rules of a lab that are certain to be needed, and of which nothing is left. */
import { labMark } from '../../model/lab-words.ts'
import type { HostLab } from '../../model/lab.ts'
import type { Firewall } from '../../model/ruleset.ts'

/** nftables' words of address families. */
const families = ['ip', 'ip6'] as const
type RuleFamily = (typeof families)[number]

/** Of which family; with what does not work without them, in words. */
export type LabLoss = { readonly family: RuleFamily; readonly what: readonly string[] }

/** Only a table that is gone as a whole: of what is in it the next change of the lab decides. */
export function labRulesGone(lab: HostLab, firewall: Firewall): readonly LabLoss[] {
  return families.flatMap((family) => {
    const what = neededFor(lab, family)
    return what.length === 0 || isThere(firewall, family) ? [] : [{ family, what }]
  })
}

function isThere({ tables }: Firewall, family: RuleFamily): boolean {
  return tables.some(
    (table) =>
      table.family === family &&
      (table.name === labMark ||
        table.chains.some(({ name, rules }) => name.startsWith('VETHSCOPE-') && rules.length > 0)),
  )
}

function neededFor({ networks, nodes, masquerades }: HostLab, family: RuleFamily): readonly string[] {
  const isOf = (address: string): boolean => address.includes(':') === (family === 'ip6')
  // Of macvlan and ipvlan the host sees nothing.
  const bridged = networks.filter(({ bridge }) => bridge !== null)
  const leaves = bridged.some(
    ({ masquerade, internal, subnets }) =>
      masquerade && !internal && subnets.some(({ subnet }) => isOf(subnet)),
  )
  const plain = masquerades.some(({ at, subnet }) => at === 'host' && isOf(subnet))
  const publishes = nodes.some(
    ({ ports, endpoints }) =>
      ports.some(({ hostIp }) => isOf(hostIp)) &&
      endpoints.some(
        ({ network, ipv4, ipv6 }) =>
          (family === 'ip' ? ipv4 : ipv6) !== null && bridged.some(({ name }) => name === network),
      ),
  )
  const closed = bridged.filter(({ internal, icc }) => internal || !icc)
  return [
    ...(leaves || plain ? ['the way out'] : []),
    ...(publishes ? ['published ports'] : []),
    ...(closed.length > 0 ? [`what closes ${closed.map(({ name }) => name).join(', ')}`] : []),
  ]
}
