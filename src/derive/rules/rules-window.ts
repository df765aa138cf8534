/** The rows of a ruleset that a screen has room for, each with its words: made by who holds the rules. */
import type { NetnsId } from '../../model/ids.ts'
import type { Firewall } from '../../model/ruleset.ts'
import type { RuleRowView, RulesFilter, RulesWindow } from '../../model/rules-window.ts'
import type { World } from '../../model/world.ts'
import { inOrder } from './chain-order.ts'
import { ruleRowView } from './rule-row-view.ts'
import { matchingRules } from './matching-rules.ts'
import { rulesTree, type RuleRow, type RulesTree } from './rules-tree.ts'

export type RulesAsked = {
  readonly filter: RulesFilter
  /** Keys of rows whose lower rows are not wanted. */
  readonly folded: readonly string[]
  readonly from: number
  readonly count: number
}

/** Of a namespace whose firewall was read. */
export function rulesWindow(
  world: World,
  netns: NetnsId,
  { filter, folded, from, count }: RulesAsked,
): RulesWindow | { readonly unknown: string; readonly netns: NetnsId } {
  const own = world.netns.find(({ id }) => id === netns)
  if (own === undefined) return { netns, unknown: 'this namespace is gone' }
  const { firewall } = own
  if (firewall === null) return { netns, unknown: 'its rules were not read' }
  const tree = treeOf(firewall, filter, folded)
  const view = (row: RuleRow): RuleRowView => ruleRowView(row, world, netns, firewall)
  // Rows that are gone since they were asked for: the last ones there are.
  const begin = Math.max(0, Math.min(from, tree.size - 1))
  const rows = tree.rows(begin, count)
  return {
    netns,
    size: tree.size,
    from: begin,
    rows: rows.map(view),
    above: aboveOf(tree, rows[0]).map(({ at, row }) => ({ at, row: view(row) })),
    tables: inOrder(firewall.tables).map(({ backend, family, name }) => ({ backend, family, name })),
    readAt: Date.parse(world.at),
  }
}

/** `head/#3/#0` stands below `head/#3`, which stands below `head`. */
function aboveOf(
  tree: RulesTree,
  first: RuleRow | undefined,
): readonly { readonly at: number; readonly row: RuleRow }[] {
  if (first === undefined) return []
  const parts = first.key.split('/#')
  return parts.slice(1).flatMap((_, depth) => {
    const at = tree.positionOf(parts.slice(0, depth + 1).join('/#'))
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
  const isFiltered = filter.text !== undefined && filter.text.trim() !== ''
  const tree = isFiltered
    ? matchingRules(firewall, filter, filter.text)
    : rulesTree(firewall, filter, new Set(folded))
  memo.set(firewall, { asked, tree })
  return tree
}
