/** Whether a node can be put on networks and taken off. */
import type { Failure } from '../../lib/failure.ts'
import { isUnknown } from '../../model/known.ts'
import type { LabNode } from '../../model/lab.ts'
import type { World } from '../../model/world.ts'
import { refusal } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { netnsNamed } from './joined.ts'

export function whyNotChanged(world: World, { name, mode, of }: LabNode): Failure | null {
  const cannot = (why: string, hint?: string): Failure =>
    refusal(name, `node ${name} cannot be on a network of its own: ${why}`, hint)
  if (mode === 'host') return cannot('it is in the host’s namespace')
  if (mode === 'container') return cannot(`it is in the namespace of ${of ?? ''}`, `connect ${of ?? 'that'}`)
  if (mode === 'none') return cannot('it was made to have only lo', 'make it with mode bridge')
  const netns = netnsNamed(world, name)
  if (netns === null) {
    const what = `node ${name} is broken: its namespace is not there any more`
    return refusal(name, what, `vethscope node rm ${name} takes the rest away`)
  }
  const unread = [netns.links, netns.routes].find(isUnknown)
  return unread === undefined ? null : unreadable(name, `what is in node ${name}`, unread.unknown)
}
