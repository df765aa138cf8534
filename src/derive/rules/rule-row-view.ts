/** A row of a ruleset with everything that is shown of it, as plain text and numbers. */
import { listOf } from '../../model/known.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Chain, Firewall, NfTable, Rule } from '../../model/ruleset.ts'
import type { RuleRowView } from '../../model/rules-window.ts'
import type { World } from '../../model/world.ts'
import { chainNote } from './chain-notes.ts'
import { ruleContext, withoutHostPrefix, type RuleContext } from './rule-context.ts'
import { ruleLine } from './rule-line.ts'
import { ruleWords, singleAddress } from './rule-words.ts'
import type { RuleRow } from './rules-tree.ts'

const empty = {
  title: '',
  about: '',
  number: null,
  target: null,
  detail: '',
  note: null,
  words: '',
  text: '',
  packets: null,
  bytes: null,
  unfolds: null,
  owner: null,
} as const

export function ruleRowView(row: RuleRow, world: World, netns: NetnsId, firewall: Firewall): RuleRowView {
  const { key, depth, kind } = row
  switch (kind) {
    case 'unread': {
      const { backend, family, table, unknown, hint } = row.unread
      const what = [backend, family ?? '', table === null ? '' : `table ${table}`].filter(Boolean).join(' ')
      return { ...empty, key, depth, kind, title: what, about: unknown, note: hint }
    }
    case 'table': {
      const { backend, family, name } = row.table
      return { ...empty, key, depth, kind, title: name, about: `${backend} ${family}` }
    }
    case 'chain': {
      const { chain, unfolds } = row
      const about = hookText(chain, row.called)
      const { packets, bytes } = chain
      const note = chainNote(chain.name)
      return { ...empty, key, depth, kind, title: chain.name, about, note, packets, bytes, unfolds }
    }
    case 'rule': {
      const { table, chain, rule, unfolds } = row
      const context = ruleContext(world, netns, firewall, { table, chain })
      const { target, detail, note } = ruleLine(rule, context)
      return {
        key,
        depth,
        kind,
        title: '',
        about: placeOf(table, chain),
        number: rule.number,
        target,
        detail,
        note: note ?? (target === null ? null : chainNote(target)),
        words: ruleWords(rule, context),
        text: rule.text,
        packets: rule.packets,
        bytes: rule.bytes,
        unfolds,
        owner: ownerOf(rule, context, world),
      }
    }
    case 'element': {
      const { element, unfolds, table, chain, rule } = row
      const { key: detail, verdict } = element
      const target = verdict.replace(/^(?:jump|goto) /, '')
      const words = `what is ${detail} gets the verdict: ${verdict}`
      const about = placeOf(table, chain)
      return { ...empty, key, depth, kind, about, target, detail, words, text: rule.text, unfolds }
    }
    default:
      return row satisfies never
  }
}

function placeOf(table: NfTable, chain: Chain): string {
  return `${table.name} ${chain.name}`
}

/** `policy ACCEPT  hook postrouting 100`. */
function hookText({ hook, priority, policy, devices }: Chain, called: boolean): string {
  if (hook === null) return called ? '' : 'no rule leads here'
  return [
    policy === null ? '' : `policy ${policy.toUpperCase()}`,
    `hook ${hook.toLowerCase()}${priority === null ? '' : ` ${priority}`}`,
    devices.length === 0 ? '' : `on ${devices.join(', ')}`,
  ]
    .filter(Boolean)
    .join('  ')
}

/** Where it sends packets; else the one address that it asks for, the destination first. */
function ownerOf(rule: Rule, { names, netns }: RuleContext, world: World): RuleRowView['owner'] {
  const sent = rule.statements.flatMap((each) =>
    each.kind === 'dnat' && each.address !== null ? [withoutHostPrefix(each.address)] : [],
  )
  const asked = (['destination', 'source'] as const).flatMap(
    (side) => singleAddress(rule.matches, side) ?? [],
  )
  for (const address of [...sent, ...asked]) {
    const owner = names.ownersOf(address, netns).find((each) => each.netns !== null)
    if (owner === undefined || owner.netns === null) continue
    const there = world.netns.find(({ id }) => id === owner.netns)
    const held = there === undefined ? [] : listOf(there.addresses)
    const ifindex = held.find(({ local }) => local === address)?.ifindex ?? null
    return { netns: owner.netns, ifindex, name: owner.name }
  }
  return null
}
