/** The steps that make a node's namespace, or bind its name to one that is there. */
import { isHidden } from '../../model/ids.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Command, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { atNamed, atOf, namedSpot } from '../at.ts'
import type { PlanContext } from '../planner.ts'

export function namespaceStep(name: string): Step {
  return {
    title: `make namespace ${name}`,
    command: { argv: ['ip', 'netns', 'add', name] },
    undo: [unbind(name)],
    after: [{ kind: 'netns', name, there: true }],
    before: [{ kind: 'netns', name, there: false }],
    touches: [{ path: [atNamed(name)], how: 'add' }],
  }
}

export function loopbackStep(name: string, context: PlanContext): Step {
  const { at, ip } = namedSpot(name, context)
  return {
    title: `set lo of ${name} up`,
    command: ip('link', 'set', 'lo', 'up'),
    undo: [],
    after: [{ kind: 'link', at, name: 'lo', there: true, is: { up: true } }],
    before: [{ kind: 'link', at, name: 'lo', there: true, is: { up: false } }],
    touches: [{ path: [at, 'link:lo'], how: 'change', what: 'up' }],
  }
}

/**
 * `name` for a namespace that is there. By a process where one is in it: `ip netns attach` makes /run/netns where that is missing, and
 * file and mount are one command. Else by a file that leads there, which only a mount can do.
 */
export function bindSteps(world: World, name: string, netns: Netns): readonly Step[] {
  const id = String(netns.id)
  const at = atOf(world, netns)
  const pid = firstProcess(world, netns)
  const whole: Pick<Step, 'undo' | 'after' | 'touches'> = {
    undo: [unbind(name)],
    after: [{ kind: 'netns', name, there: true }],
    // A part of it that nothing else is called by: it must not go, and may change.
    touches: [
      { path: [atNamed(name)], how: 'add' },
      ...(at === 'host' ? [] : [{ path: [at, 'name'], how: 'use' as const }]),
    ],
  }
  if (pid !== null) {
    const command: Command = {
      argv: ['ip', 'netns', 'attach', name, String(pid)],
      enters: [{ path: `/proc/${pid}/ns/net`, id }],
    }
    const before: Step['before'] = [{ kind: 'netns', name, there: false }]
    return [{ ...whole, title: `bind the name ${name} to the namespace of pid ${pid}`, command, before }]
  }
  const target = atNamed(name)
  // Its own name leads there too where it is taken away and must be brought back.
  const source = netns.names.find(({ path }) => path !== null && path !== target)?.path ?? ''
  return [
    {
      title: `make ${target} to mount on`,
      command: { argv: ['touch', target] },
      undo: [{ argv: ['rm', '-f', target] }],
      after: [],
      before: [{ kind: 'file', path: target, text: null }],
      touches: whole.touches,
    },
    {
      ...whole,
      title: `bind the name ${name} to ${source}`,
      command: { argv: ['mount', '--bind', source, target], enters: [{ path: source, id }] },
      before: [{ kind: 'netns', name, there: false }],
    },
  ]
}

/** Whether there is any way to give it a name. */
export function isBindable(world: World, netns: Netns): boolean {
  return (
    !isHidden(netns.id) &&
    (firstProcess(world, netns) !== null || netns.names.some(({ path }) => path !== null))
  )
}

/** Unmounts and removes the file; the namespace stays where anything else holds it (ip-netns(8)). */
export function unbind(name: string): Command {
  return { argv: ['ip', 'netns', 'del', name] }
}

/** The oldest: least likely to end soon. */
function firstProcess(world: World, { holders }: Netns): number | null {
  const inside = new Set(holders.processes)
  const oldest = listOf(world.processes)
    .filter(({ pid }) => inside.has(pid))
    .toSorted((a, b) => a.startTime - b.startTime || a.pid - b.pid)[0]
  return oldest?.pid ?? holders.processes[0] ?? null
}
