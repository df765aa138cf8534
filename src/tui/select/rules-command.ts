/** The command that prints the chain of a row of the Rules screen. */
import { insideCommand } from '../../derive/inside-command.ts'
import { chainCommand } from '../../derive/rules/chain-command.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { RuleRowView } from '../../model/rules-window.ts'
import type { World } from '../../model/world.ts'
import { netnsOf } from './shown.ts'

/** null: no command leads there. */
export function rulesCommand(world: World, id: NetnsId, row: RuleRowView): string | null {
  const netns = netnsOf(world, id)
  const command = row.kind === 'unread' ? null : commandOf(row)
  return netns === null || command === null ? null : insideCommand(world, netns, command)
}

/** A key begins with backend, family and table; what a row is about names table and chain. */
function commandOf({ key, kind, title, about }: RuleRowView): string {
  const [backend = '', family = '', table = ''] = key.split(' ')
  const chain = kind === 'table' ? '' : kind === 'chain' ? title : about.slice(table.length + 1)
  return chainCommand({ backend, family, table, chain: chain === '' ? null : chain })
}
