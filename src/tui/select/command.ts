/** The command that shows the same thing, so that nobody has to believe this screen. */
import { insideCommand } from '../../derive/inside-command.ts'
import { quoted } from '../../lib/quoted.ts'
import type { World } from '../../model/world.ts'
import type { Subject } from './subject.ts'

/** null: no command leads there. */
export function commandOf(world: World, subject: Subject): string | null {
  if (subject?.kind === 'link') {
    return insideCommand(world, subject.netns, `ip -d link show ${quoted(subject.link.name)}`)
  }
  if (subject?.kind === 'netns') return insideCommand(world, subject.netns, 'ip addr')
  return null
}
