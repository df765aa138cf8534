/** What the user may call a namespace, on the command line and on the `:` line. */
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { findContainers } from './containers.ts'
import { displayNames } from './netns-name.ts'

/**
 * `host`, any name, a container's id prefix, `pid:123`, `ino:4026532177`, `net:[4026532177]` or a path. Two that
 * fit are refused with the list: a guess would act on the wrong one.
 */
export function resolveNetns(world: World, text: string): Outcome<Netns> {
  const found = candidates(world, text)
  const [first] = found
  if (first !== undefined && found.length === 1) return succeeded(first)
  const names = displayNames(world.netns)
  const describe = (netns: Netns): string => `${names.get(netns.id) ?? netns.id} (ino:${netns.id})`
  if (first === undefined) {
    const near = nearNames(world, text)
    return failed({
      kind: 'not-found',
      what: notFound(world, text),
      subject: text,
      hint: near.length > 0 ? `did you mean ${near.join(', ')}?` : 'vethscope ls netns lists them all',
    })
  }
  return failed({
    kind: 'ambiguous',
    what: `"${text}" could mean ${found.map(describe).join(' or ')}`,
    subject: text,
    hint: 'name it by ino: or pid:',
  })
}

function candidates(world: World, text: string): readonly Netns[] {
  const byId = (id: string): readonly Netns[] => world.netns.filter((netns) => netns.id === id)
  if (text === 'host') return byId(world.host)
  const inode = /^(?:ino:(\d+)|net:\[(\d+)\])$/.exec(text)
  if (inode !== null) return byId(inode[1] ?? inode[2] ?? '')
  const pid = /^pid:(\d+)$/.exec(text) ?? /^\/proc\/(\d+)(?:\/task\/\d+)?\/ns\/net$/.exec(text)
  if (pid !== null) return ofPid(world, Number(pid[1]))
  if (text.startsWith('/')) return world.netns.filter((netns) => leadsTo(netns, text))
  const names = displayNames(world.netns)
  const exact = world.netns.filter(
    (netns) =>
      netns.id === text || names.get(netns.id) === text || netns.names.some((name) => name.name === text),
  )
  const inside = ofContainers(world, text)
  // By an id's beginning only where nothing has that name: a container may be called `cafe`.
  if (exact.length > 0) return [...new Set([...exact, ...inside.byName])]
  if (inside.byName.length > 0 || !/^[0-9a-f]{3,64}$/.test(text)) return inside.byName
  const byFile = world.netns.filter((netns) =>
    netns.names.some((name) => isId(name.name) && name.name.startsWith(text)),
  )
  return [...new Set([...byFile, ...inside.byId])]
}

/** Those of mode host and those that joined another are in a namespace that has another's name. */
function ofContainers(
  world: World,
  text: string,
): { readonly byName: readonly Netns[]; readonly byId: readonly Netns[] } {
  const found = findContainers(world, text)
  const netnsOf = (wanted: typeof found): readonly Netns[] => {
    const ids = new Set(wanted.map(({ container }) => container.netns))
    return world.netns.filter(({ id }) => ids.has(id))
  }
  const byName = found.filter(({ container }) => container.name === text || container.id === text)
  return { byName: netnsOf(byName), byId: byName.length > 0 ? [] : netnsOf(found) }
}

const isId = (name: string): boolean => /^[0-9a-f]{12,64}$/.test(name)

function ofPid(world: World, pid: number): readonly Netns[] {
  const netns = listOf(world.processes).find((process) => process.pid === pid)?.netns
  const id: NetnsId | null = netns === undefined || isUnknown(netns) ? null : netns
  return world.netns.filter((each) => (id === null ? each.holders.processes.includes(pid) : each.id === id))
}

/** /var/run is a link to /run on every host of today. */
const usual = (path: string): string => path.replace(/^\/var\/run\//, '/run/').replace(/\/+$/, '')

function leadsTo(netns: Netns, path: string): boolean {
  const wanted = usual(path)
  return (
    netns.names.some((name) => name.path !== null && usual(name.path) === wanted) ||
    netns.holders.mounts.some((mount) => usual(mount.path) === wanted)
  )
}

function notFound(world: World, text: string): string {
  if (text.startsWith('pid:')) {
    return isUnknown(world.processes)
      ? `cannot tell the netns of ${text}: the processes could not be read: ${world.processes.unknown}`
      : `there is no process ${text.slice(4)} in any netns that was found`
  }
  const [only] = findContainers(world, text)
  if (only === undefined) return `there is no netns "${text}"`
  const { name, state, netns } = only.container
  return isUnknown(netns)
    ? `cannot tell the netns of container "${name}": ${netns.unknown}`
    : `container "${name}" has no netns: it does not run (${state})`
}

/** Names that differ by little, for the hint. */
function nearNames(world: World, text: string): readonly string[] {
  const number = /^\d+$/.test(text) ? Number(text) : null
  if (number !== null && ofPid(world, number).length > 0) return [`pid:${text}`]
  const wanted = text.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return [...displayNames(world.netns).values()]
    .map((name) => ({ name, distance: nearness(wanted, name.toLowerCase(), limit) }))
    .filter((each) => each.distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 5)
    .map((each) => each.name)
}

/** 0 for a part of the name; else how many characters differ (Levenshtein), given up above the limit. */
function nearness(wanted: string, name: string, limit: number): number {
  if (wanted.length >= 2 && name.includes(wanted)) return 0
  if (Math.abs(wanted.length - name.length) > limit) return Infinity
  let row = Array.from({ length: name.length + 1 }, (_, at) => at)
  for (let i = 0; i < wanted.length; i += 1) {
    const next = [i + 1]
    for (let j = 0; j < name.length; j += 1) {
      const change = (row[j] ?? 0) + (wanted[i] === name[j] ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? Infinity
}
