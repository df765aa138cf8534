/**
 * A ruleset is read again and again, and nearly all of it says what it said the last time. What does is kept as the object
 * that it was: then it is in memory once, and what was concluded from it still holds. Only counters are new.
 */
import { same } from '../../lib/same.ts'
import type { Backend, Chain, Firewall, NfFamily, NfTable, Rule } from '../../model/ruleset.ts'

export type Before = {
  /** No rule was touched since (the generation is the same), so handles are what they were. */
  readonly sameHandles: boolean
  readonly table: (backend: Backend, family: NfFamily, name: string) => TableBefore | null
}

export type TableBefore = { readonly table: NfTable; readonly chains: ReadonlyMap<string, Chain> }

/** A ruleset that was read, as the next reading of it looks things up. `generation`: as the kernel tells it now. */
export function asRead(firewall: Firewall, generation: number | null): Before {
  const made = new Map<NfTable, TableBefore>()
  return {
    sameHandles: generation !== null && generation === firewall.generation,
    table: (backend, family, name) => {
      const table = firewall.tables.find(
        (each) => each.backend === backend && each.family === family && each.name === name,
      )
      if (table === undefined) return null
      const kept = made.get(table) ?? {
        table,
        chains: new Map(table.chains.map((chain) => [chain.name, chain])),
      }
      made.set(table, kept)
      return kept
    },
  }
}

/** The old chain where it says the same; else the new one with those of the old rules that do. */
export function chainAsBefore(chain: Chain, before: TableBefore | null, sameHandles: boolean): Chain {
  const old = before?.chains.get(chain.name)
  if (old === undefined) return chain
  const rules = listAsBefore(chain.rules, old.rules)
  const { name, type, hook, priority, policy, packets, bytes } = chain
  const handle = chain.handle ?? (sameHandles ? old.handle : null)
  const devices =
    same(chain.devices, old.devices) || (sameHandles && hook === old.hook) ? old.devices : chain.devices
  const isSame =
    rules === old.rules &&
    devices === old.devices &&
    handle === old.handle &&
    type === old.type &&
    hook === old.hook &&
    priority === old.priority &&
    policy === old.policy &&
    packets === old.packets &&
    bytes === old.bytes
  return isSame ? old : { name, handle, type, hook, priority, devices, policy, packets, bytes, rules }
}

/** The old list, where every one of its objects is still there at its place. */
function listAsBefore<T>(list: readonly T[], old: readonly T[]): readonly T[] {
  return list.length === old.length && list.every((each, at) => each === old[at]) ? old : list
}

/** All of it: also tables that were read by a parser that knows nothing of last time. */
export function firewallAsBefore(firewall: Firewall, old: Firewall): Firewall {
  const before = asRead(old, firewall.generation)
  const tables = listAsBefore(
    firewall.tables.map((table) => {
      const { backend, family, name } = table
      return tableAsBefore(table, before.table(backend, family, name), before.sameHandles)
    }),
    old.tables,
  )
  const { generation } = firewall
  const unread = same(firewall.unread, old.unread) ? old.unread : firewall.unread
  const ipsets = same(firewall.ipsets, old.ipsets) ? old.ipsets : firewall.ipsets
  const ipvs = same(firewall.ipvs, old.ipvs) ? old.ipvs : firewall.ipvs
  const isSame =
    generation === old.generation &&
    tables === old.tables &&
    unread === old.unread &&
    ipsets === old.ipsets &&
    ipvs === old.ipvs
  return isSame ? old : { generation, tables, unread, ipsets, ipvs }
}

function tableAsBefore(table: NfTable, before: TableBefore | null, sameHandles: boolean): NfTable {
  if (before === null) return table
  const old = before.table
  const made = table.chains.map((chain) => {
    const rules = before.chains.get(chain.name)?.rules ?? []
    const shared = chain.rules.map((rule, at) => ruleAsBefore(rule, rules[at]))
    const isSame = shared.every((rule, at) => rule === chain.rules[at])
    return chainAsBefore(isSame ? chain : { ...chain, rules: shared }, before, sameHandles)
  })
  const chains = listAsBefore(made, old.chains)
  const sets = same(table.sets, old.sets) ? old.sets : table.sets
  const { backend, family, name, handle, flags, flowtables } = table
  const isSame =
    chains === old.chains &&
    sets === old.sets &&
    handle === old.handle &&
    same(flags, old.flags) &&
    same(flowtables, old.flowtables)
  return isSame ? old : { backend, family, name, handle, flags, chains, sets, flowtables }
}

function ruleAsBefore(rule: Rule, old: Rule | undefined): Rule {
  if (old === undefined || rule === old || rule.statements === old.statements) return rule
  const { number, handle, text, packets, bytes, comment } = rule
  const isSame =
    text === old.text &&
    number === old.number &&
    handle === old.handle &&
    comment === old.comment &&
    same(rule.matches, old.matches) &&
    same(rule.statements, old.statements)
  if (!isSame) return rule
  if (packets === old.packets && bytes === old.bytes) return old
  const { matches, statements } = old
  return { number, handle, matches, statements, text: old.text, packets, bytes, comment }
}
