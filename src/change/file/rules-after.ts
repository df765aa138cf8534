/** Rules of a namespace as a step of a plan leaves them. */
import type { Netns } from '../../model/netns.ts'
import type { Fact, Step } from '../../model/plan.ts'
import type { Chain, Firewall, NfTable } from '../../model/ruleset.ts'
import { chainOf, chainsOfIptables, chainsOfNft, ruleOf } from './own-rules.ts'

type FactOf<K extends Fact['kind']> = Extract<Fact, { readonly kind: K }>
type Where = Pick<NfTable, 'backend' | 'family' | 'name'>

/** Ours, replaced as a whole: what is in it stands in the command. */
export function afterTable(
  netns: Netns,
  { family, name, rules }: FactOf<'nft-table'>,
  { command }: Step,
): Netns {
  const where: Where = { backend: 'nft', family, name }
  return withFirewall(netns, (firewall) =>
    rules === null
      ? { ...firewall, tables: firewall.tables.filter((each) => !isSame(each, where)) }
      : withTable(firewall, where, () => chainsOfNft(command.input ?? '')),
  )
}

/** One that is known by its comment; in ours and in those of others. */
export function afterRule(netns: Netns, fact: FactOf<'rule'>): Netns {
  const { backend, family, table: name, chain: chainName, comment, there } = fact
  return withFirewall(netns, (firewall) =>
    withTable(firewall, { backend, family, name }, (chains) =>
      chains.map((chain) => {
        if (chain.name !== chainName) return chain
        const others = chain.rules.filter((rule) => rule.comment !== comment)
        return { ...chain, rules: there ? [ruleOf({ comment }), ...others] : others }
      }),
    ),
  )
}

/** What tells of itself by no fact: chains of iptables, zones of firewalld. */
export function afterUntold(netns: Netns, { command, touches }: Step): Netns {
  const { argv, input = '' } = command
  const restore = argv.find((word) => word === 'iptables-restore' || word === 'ip6tables-restore')
  const zone = touches.find(({ path }) => path[1] === 'firewalld')?.path[2]?.replace(/^zone:/, '')
  if (zone !== undefined)
    return withFirewall(netns, (firewall) => inZone(firewall, zone, touches[0]?.how !== 'delete'))
  if (restore === undefined) return netns
  const family = restore.startsWith('ip6') ? 'ip6' : 'ip'
  return withFirewall(netns, (firewall) =>
    [...chainsOfIptables(input)].reduce((left, [name, chains]) => {
      const there = left.tables.find(
        (each) => each.backend !== 'nft' && each.family === family && each.name === name,
      )
      const where: Where = { backend: there?.backend ?? 'iptables-nft', family, name }
      return withTable(left, where, (had) => [
        ...had.filter((chain) => !chains.has(chain.name)),
        ...[...chains.values()].filter((chain) => chain !== null),
      ])
    }, firewall),
  )
}

function inZone(firewall: Firewall, link: string, there: boolean): Firewall {
  const table = firewall.tables.find(({ name }) => name === 'firewalld')
  if (table === undefined) return firewall
  const name = `zone of ${link}`
  const match = { kind: 'interface', side: 'in', not: false, values: [link] } as const
  return withTable(firewall, table, (chains) => [
    ...chains.filter((chain) => chain.name !== name),
    ...(there ? [chainOf(name, [ruleOf({ matches: [match] })])] : []),
  ])
}

/** Rules that were not read stay unread. */
function withFirewall(netns: Netns, change: (firewall: Firewall) => Firewall): Netns {
  return netns.firewall === null ? netns : { ...netns, firewall: change(netns.firewall) }
}

function withTable(
  firewall: Firewall,
  where: Where,
  change: (chains: readonly Chain[]) => readonly Chain[],
): Firewall {
  const isThere = firewall.tables.some((each) => isSame(each, where))
  const { backend, family, name } = where
  const tables: readonly NfTable[] = isThere
    ? firewall.tables
    : [
        ...firewall.tables,
        { backend, family, name, handle: null, flags: [], chains: [], sets: [], flowtables: [] },
      ]
  return {
    ...firewall,
    tables: tables.map((each) => (isSame(each, where) ? { ...each, chains: change(each.chains) } : each)),
  }
}

function isSame(table: NfTable, { backend, family, name }: Where): boolean {
  return table.backend === backend && table.family === family && table.name === name
}
