/** Rules, and policies of chains, whose counters grew. A rule without a counter tells nothing. */
import type { NetnsId, NetnsRef } from '../../model/ids.ts'
import type { Chain, Firewall, NfTable, Rule } from '../../model/ruleset.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { insideCommand } from '../inside-command.ts'
import { displayNames, netnsRef } from '../netns-name.ts'
import { chainCommand } from '../rules/chain-command.ts'
import { ruleContext } from '../rules/rule-context.ts'
import { ruleTarget } from '../rules/rule-line.ts'
import { ruleWords } from '../rules/rule-words.ts'
import type { Grown } from './growth.ts'

export function grownRules(before: World, after: World, id: NetnsId): readonly Grown[] {
  const netns = after.netns.find((each) => each.id === id)
  const then = before.netns.find((each) => each.id === id)?.firewall ?? null
  if (netns === undefined || netns.firewall === null || then === null) return []
  const was = countersOf(then)
  const firewall = netns.firewall
  const at = { world: after, netns, ref: netnsRef(displayNames(after.netns), id), firewall }
  return firewall.tables.flatMap((table) =>
    table.chains.flatMap((chain) => {
      const rules = chain.rules.flatMap((rule): readonly Grown[] => {
        const by = grownBy(rule.packets, was.get(keyOf(table, chain, rule)))
        return by === 0 ? [] : [ofRule({ ...at, table, chain }, rule, by)]
      })
      const by = grownBy(chain.packets, was.get(keyOf(table, chain, null)))
      return by === 0 || chain.policy?.toLowerCase() !== 'drop'
        ? rules
        : [...rules, ofPolicy({ ...at, table, chain }, by)]
    }),
  )
}

/** What stands there instead by now has another text, and is not compared. */
function keyOf({ backend, family, name }: NfTable, chain: Chain, rule: Rule | null): string {
  const which = rule === null ? ['policy'] : [String(rule.handle ?? rule.number), rule.text]
  return JSON.stringify([backend, family, name, chain.name, ...which])
}

function countersOf({ tables }: Firewall): ReadonlyMap<string, number> {
  const counters = new Map<string, number>()
  for (const table of tables)
    for (const chain of table.chains) {
      // A policy's counter that iptables-nft prints as 0 reads as none (model/policy-counter.ts): one that counts by now was there.
      const policy = chain.packets ?? (table.backend === 'iptables-nft' && chain.policy !== null ? 0 : null)
      if (policy !== null) counters.set(keyOf(table, chain, null), policy)
      for (const rule of chain.rules)
        if (rule.packets !== null) counters.set(keyOf(table, chain, rule), rule.packets)
    }
  return counters
}

function grownBy(now: number | null, before: number | undefined): number {
  return now === null || before === undefined ? 0 : Math.max(0, now - before)
}

type RulePlace = {
  readonly world: World
  readonly netns: Netns
  readonly ref: NetnsRef
  readonly firewall: Firewall
  readonly table: NfTable
  readonly chain: Chain
}

function ofRule(place: RulePlace, rule: Rule, by: number): Grown {
  const { world, netns, firewall, table, chain } = place
  const stops = rule.statements.some(({ kind }) => kind === 'drop' || kind === 'reject')
  const target = ruleTarget(rule)
  const name = `${chainName(place)} ${rule.number}${target === null ? '' : ` ${target}`}`
  const words = ruleWords(rule, ruleContext(world, netns.id, firewall, { table, chain }))
  return { ...grown(place, name, by), says: words, means: stops ? 'stops' : 'passes' }
}

function ofPolicy(place: RulePlace, by: number): Grown {
  const name = `${chainName(place)} policy DROP`
  return {
    ...grown(place, name, by),
    says: 'packets that no rule of the chain decided about are dropped',
    means: 'stops',
  }
}

/** `filter FORWARD`, as iptables speaks of it; other families are named. */
function chainName({ table, chain }: RulePlace): string {
  const family = table.family === 'ip' ? '' : `${table.family} `
  return `${family}${table.name} ${chain.name}`
}

function grown({ world, netns, ref, table, chain }: RulePlace, name: string, by: number) {
  const { backend, family } = table
  const command = chainCommand({ backend, family, table: table.name, chain: chain.name })
  return { netns: ref, what: 'rule', name, by, command: insideCommand(world, netns, command) } as const
}
