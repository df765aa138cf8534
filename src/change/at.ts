/** How the namespaces of a plan are named and entered. */
import { placeOf } from '../derive/probe/place.ts'
import { resolveNetns } from '../derive/resolve-netns.ts'
import { listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { Command } from '../model/plan.ts'
import type { World } from '../model/world.ts'
import { planned, refused, type PlanContext, type Planned } from './planner.ts'

const namedFolder = '/run/netns/'

/** The one text for a namespace in touches and facts (model/plan.ts). */
export function atOf(world: World, netns: Netns): string {
  if (netns.id === world.host) return 'host'
  const named = netns.names.find(({ source, path }) => source === 'named' && path?.startsWith(namedFolder))
  return named?.path ?? `ino:${netns.id}`
}

/** The same for one that is named, or will be once the plan ran. */
export function atNamed(name: string): string {
  return namedFolder + name
}

/** A namespace of the plan: where it is, what is in it, and how a command gets there. */
export type Spot = {
  readonly at: string
  /** null: the plan itself makes it. */
  readonly netns: Netns | null
  /** `ip`, in there: `ip`, `ip -n web`, `nsenter --net=/proc/812/ns/net ip`. */
  readonly ip: (...args: readonly string[]) => Command
  /** Any other tool in there. */
  readonly inside: (argv: readonly string[], more?: Omit<Command, 'argv'>) => Command
}

/** What the user calls a namespace, as a spot. */
export function spotOf(world: World, text: string, context: PlanContext): Planned<Spot> {
  const found = resolveNetns(world, text)
  if (!found.ok) return refused(found.failure)
  return spotIn(world, found.value, context)
}

export function spotIn(world: World, netns: Netns, context: PlanContext): Planned<Spot> {
  const at = atOf(world, netns)
  if (at === 'host') return planned(hostSpot(world, context))
  if (at.startsWith(namedFolder))
    return planned({ ...namedSpot(at.slice(namedFolder.length), context), netns })
  const place = placeOf(world, netns)
  if (!place.ok) return refused(place.failure)
  const [path] = place.value.paths
  if (path === undefined) {
    return refused({
      kind: 'refused',
      what: `cannot change netns "${place.value.netns.name}": no file leads there`,
      subject: place.value.netns.name,
    })
  }
  const enters = [{ path, id: String(netns.id) }]
  return planned(through(at, netns, ['nsenter', `--net=${path}`], ['nsenter', `--net=${path}`, 'ip'], enters))
}

export function hostSpot(world: World, { hostPath }: PlanContext): Spot {
  const netns = world.netns.find(({ id }) => id === world.host) ?? null
  if (hostPath === null) return through('host', netns, [], ['ip'], [])
  const prefix = ['nsenter', `--net=${hostPath}`]
  const enters = [{ path: hostPath, id: String(world.host) }]
  return through('host', netns, prefix, [...prefix, 'ip'], enters)
}

/** One below /run/netns, there or made by the plan. */
export function namedSpot(name: string, _context: PlanContext): Spot {
  const path = atNamed(name)
  return through(path, null, ['nsenter', `--net=${path}`], ['ip', '-n', name], [])
}

function through(
  at: string,
  netns: Netns | null,
  prefix: readonly string[],
  ip: readonly string[],
  enters: NonNullable<Command['enters']>,
): Spot {
  const more = enters.length === 0 ? {} : { enters }
  return {
    at,
    netns,
    ip: (...args) => ({ argv: [...ip, ...args], ...more }),
    inside: (argv, rest = {}) => ({ argv: [...prefix, ...argv], ...more, ...rest }),
  }
}

export function linkNamed(spot: Spot, name: string): Link | null {
  return listOf(spot.netns?.links ?? []).find((link) => link.name === name) ?? null
}
