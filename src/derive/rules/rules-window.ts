/** The rows of a ruleset that a screen has room for, each with its words: made by who holds the rules. */
import type { NetnsId } from '../../model/ids.ts'
import type { RuleRef } from '../../model/rule-ref.ts'
import type { Firewall } from '../../model/ruleset.ts'
import type { RuleRowView, RulesFilter, RulesWindow } from '../../model/rules-window.ts'
import type { World } from '../../model/world.ts'
import { inOrder } from './chain-order.ts'
import { ruleRowView } from './rule-row-view.ts'
import { keysAbove, locateRule } from './locate-rule.ts'
import { matchingRules } from './matching-rules.ts'
import { rulesTree, type RuleRow, type RulesTree } from './rules-tree.ts'

export type RulesAsked = {
  readonly filter: RulesFilter
  /** Keys of rows whose lower rows are not wanted. */
  readonly folded: readonly string[]
  readonly from: number
  readonly count: number
  /** The window around that rule instead, with what hides it unfolded. */
  readonly locate?: RuleRef
}

/** Of a namespace whose firewall was read. */
export function rulesWindow(
  world: World,
  netns: NetnsId,
  { filter, folded, from, count, locate }: RulesAsked,
): RulesWindow | { readonly unknown: string; readonly netns: NetnsId } {
  const own = world.netns.find(({ id }) => id === netns)
  if (own === undefined) return { netns, unknown: 'this namespace is gone' }
  const { firewall } = own
  if (firewall === null) return { netns, unknown: 'its rules were not read' }
  const wanted = locate === undefined ? null : keyOf(firewall, filter, locate)
  const above = wanted === null ? [] : keysAbove(wanted)
  const tree = treeOf(
    firewall,
    filter,
    above.length === 0 ? folded : folded.filter((key) => !above.includes(key)),
  )
  const at = wanted === null ? null : tree.positionOf(wanted)
  const view = (row: RuleRow): RuleRowView => ruleRowView(row, world, netns, firewall)
  // Rows that are gone since they were asked for: the last ones there are.
  const first = at === null ? from : at - Math.floor(count / 2)
  const begin = Math.max(0, Math.min(first, tree.size - 1))
  const rows = tree.rows(begin, count)
  return {
    netns,
    size: tree.size,
    from: begin,
    rows: rows.map(view),
    above: aboveOf(tree, rows[0]).map(({ at, row }) => ({ at, row: view(row) })),
    tables: inOrder(firewall.tables).map(({ backend, family, name }) => ({ backend, family, name })),
    ...(locate === undefined ? {} : { located: wanted === null || at === null ? null : { at, key: wanted } }),
    readAt: Date.parse(world.at),
  }
}

/** Where words are looked for, a rule stands below its own chain only. */
function keyOf(firewall: Firewall, filter: RulesFilter, ref: RuleRef): string | null {
  if (!isText(filter)) return locateRule(firewall, ref)
  return `${ref.backend} ${ref.family} ${ref.table} ${ref.chain}/#${ref.number - 1}`
}

const isText = ({ text }: RulesFilter): boolean => text !== undefined && text.trim() !== ''

/** `head/#3/#0` stands below `head/#3`, which stands below `head`. */
function aboveOf(
  tree: RulesTree,
  first: RuleRow | undefined,
): readonly { readonly at: number; readonly row: RuleRow }[] {
  if (first === undefined) return []
  return keysAbove(first.key).flatMap((key) => {
    const at = tree.positionOf(key)
    const row = at === null ? undefined : tree.rows(at, 1)[0]
    return at === null || row === undefined ? [] : [{ at, row }]
  })
}

const memo = new WeakMap<Firewall, { readonly asked: string; readonly tree: RulesTree }>()

/** The next window is nearly always of the same rows. */
function treeOf(firewall: Firewall, filter: RulesFilter, folded: readonly string[]): RulesTree {
  const asked = JSON.stringify([filter, folded])
  const kept = memo.get(firewall)
  if (kept?.asked === asked) return kept.tree
  const tree = isText(filter)
    ? matchingRules(firewall, filter, filter.text ?? '')
    : rulesTree(firewall, filter, new Set(folded))
  memo.set(firewall, { asked, tree })
  return tree
}
