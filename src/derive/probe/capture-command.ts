/** The command that shows the same packets of one link: what `y` copies. */
import { quoted } from '../../lib/quoted.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { insideCommand } from '../inside-command.ts'

/** null: no file leads into the namespace. */
export function captureCommand(world: World, netns: Netns, link: string, filter: string): string | null {
  const what = filter === '' ? '' : ` ${quoted(filter)}`
  return insideCommand(world, netns, `tcpdump -n -i ${quoted(link)}${what}`)
}
