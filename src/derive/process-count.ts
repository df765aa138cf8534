/**
 * How many processes are in a namespace. Without root the namespace of other users' processes is not told, so that none
 * seen in one does not mean that there is none.
 */
import { isUnknown, unknown, type Known, type Unknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'

/** Known where one was seen in it: others of the same namespace are told by the same sign (refused-processes.ts). */
export function processCount(world: World, { holders, id }: Netns): Known<number> {
  const seen = holders.processes.length
  // One of which threads alone are in it: known by them, so whoever else is in it would be known as well.
  if (seen > 0 || id.startsWith('unreadable:')) return seen
  return processesUnread(world) ?? seen
}

const reasons = new WeakMap<World, Unknown | null>()

/** Why some process may be in any namespace; null: it is known of each where it is. */
function processesUnread(world: World): Unknown | null {
  const known = reasons.get(world)
  if (known !== undefined) return known
  const reason = reasonOf(world)
  reasons.set(world, reason)
  return reason
}

function reasonOf({ processes, gaps }: World): Unknown | null {
  if (isUnknown(processes)) return processes
  // Its first thread has ended: then the others tell, and they are among the holders.
  const lost = processes.filter(({ netns }) =>
    isUnknown(netns) ? netns.unknown === 'permission denied' : netns.startsWith('unreadable:'),
  )
  const [first] = lost
  const about = gaps.find(
    ({ what }) => what === (first === undefined ? 'processes' : 'namespaces of processes'),
  )
  if (first === undefined && about === undefined) return null
  const who =
    first === undefined
      ? (about?.subject ?? '')
      : `${first.comm} ${first.pid}${lost.length === 1 ? '' : ` and ${lost.length - 1} more`}`
  const help = about?.hint ?? 'run as root or grant cap_sys_ptrace'
  return unknown(`the namespace of ${who} could not be read, and may be this one; ${help}`)
}
