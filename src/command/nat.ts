import { displayNames, netnsRef } from '../derive/netns-name.ts'
import { resolveNetns } from '../derive/resolve-netns.ts'
import { chainNote } from '../derive/rules/chain-notes.ts'
import { chainsByCall, inOrder } from '../derive/rules/chain-order.ts'
import { ruleContext } from '../derive/rules/rule-context.ts'
import { ruleTarget } from '../derive/rules/rule-line.ts'
import { ruleWords } from '../derive/rules/rule-words.ts'
import { failed, succeeded, type Failure } from '../lib/failure.ts'
import type { Netns } from '../model/netns.ts'
import type { Firewall, NfTable } from '../model/ruleset.ts'
import type { World } from '../model/world.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'
import type { RulesTableShape, UnreadTableShape } from './rules-shapes.ts'

type Wanted = { readonly table: string | undefined; readonly chain: string | undefined }

export const nat = command({
  name: 'nat',
  summary: 'NAT and filter chains with their counters, each rule also in plain words',
  description: [
    'Of every table: iptables-nft, iptables-legacy and nftables, IPv4 and IPv6. NETNS is host where none is given.',
    'Needs root, and reads what is there: no table is made by looking.',
  ],
  examples: ['vethscope nat', 'vethscope nat --table nat --chain DOCKER', 'vethscope nat web --json'],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'default: host', required: false },
  },
  options: {
    table: { type: 'text', value: 'T', summary: 'only tables of this name' },
    chain: { type: 'text', value: 'C', summary: 'only chains of this name' },
  },
  run: async ({ source }, { netns: asked, table, chain }) => {
    const read = await source.readWorld({ details: false })
    if (!read.ok) return read
    const chosen = resolveNetns(read.value, asked ?? 'host')
    if (!chosen.ok) return chosen
    const { id } = chosen.value
    const whole = await source.withFirewall(read.value, [id])
    if (!whole.ok) return whole
    const world = whole.value
    const netns = world.netns.find((each) => each.id === id) ?? chosen.value
    const ref = netnsRef(displayNames(world.netns), id)
    const wanted = { table, chain }
    const tables = tablesOf(world, netns, wanted, source.kind)
    const shown = tables.filter((each): each is RulesTableShape => !('unknown' in each))
    const isUnread = shown.length < tables.length
    const asksForMore = table !== undefined || chain !== undefined
    if (asksForMore && shown.length === 0 && !isUnread) return failed(noneSuch(netns, wanted, ref.name))
    return succeeded({
      kind: 'nat',
      data: { netns: ref, tables },
      world,
      id,
      answer: isUnread && shown.length === 0 ? 'unknown' : 'yes',
      gaps: gapsOf(world),
    })
  },
})

function tablesOf(
  world: World,
  netns: Netns,
  { table, chain }: Wanted,
  kind: 'live' | 'file',
): readonly (RulesTableShape | UnreadTableShape)[] {
  const { firewall } = netns
  if (firewall === null) {
    const reason = kind === 'file' ? 'the file holds no rules of it' : 'its rules could not be read'
    return [{ backend: null, family: null, name: null, unknown: reason }]
  }
  const unread = firewall.unread
    .filter((each) => table === undefined || each.table === null || each.table === table)
    .map(({ backend, family, table: name, unknown }) => ({ backend, family, name, unknown }))
  const shapes = inOrder(firewall.tables)
    .filter(({ name }) => table === undefined || name === table)
    .map((each) => tableShape(world, netns, firewall, each, chain))
    .filter(({ chains }) => chain === undefined || chains.length > 0)
  return [...shapes, ...unread]
}

function tableShape(
  world: World,
  netns: Netns,
  firewall: Firewall,
  table: NfTable,
  only: string | undefined,
): RulesTableShape {
  const chains = chainsByCall(table).filter(({ name }) => only === undefined || name === only)
  return {
    family: table.family,
    name: table.name,
    backend: table.backend,
    chains: chains.map((chain) => {
      const context = ruleContext(world, netns.id, firewall, { table, chain })
      const { name, type, hook, priority, policy, packets, bytes } = chain
      return {
        name,
        type,
        hook,
        priority,
        policy,
        packets,
        bytes,
        note: chainNote(name),
        rules: chain.rules.map((rule) => ({
          number: rule.number,
          handle: rule.handle,
          text: rule.text,
          target: ruleTarget(rule),
          packets: rule.packets,
          bytes: rule.bytes,
          comment: rule.comment,
          words: ruleWords(rule, context),
        })),
      }
    }),
    sets: table.sets,
    flowtables: table.flowtables,
  }
}

function noneSuch({ firewall }: Netns, { table, chain }: Wanted, name: string): Failure {
  const what = [
    ...(chain === undefined ? [] : [`chain "${chain}"`]),
    ...(table === undefined ? [] : [`table "${table}"`]),
  ].join(' in a ')
  const names = [...new Set(firewall?.tables.map((each) => each.name))]
  const known =
    names.length === 0 ? 'it has no rules at all' : `it has the tables ${names.slice(0, 8).join(', ')}`
  return {
    kind: 'not-found',
    what: `there is no ${what} in ${name}`,
    subject: chain ?? table ?? '',
    hint: known,
  }
}
