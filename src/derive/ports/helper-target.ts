/**
 * Where a helper of a rootless engine passes packets on: into which namespace, and to which port there. Told by what the
 * kernel says of its processes, and by its arguments where it has its ports in them (pasta). Pure.
 */
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import type { World } from '../../model/world.ts'
import { passtTarget } from './passt-ports.ts'

/** comm is cut after 15 bytes. */
const helpers = new Set([
  'rootlessport',
  'rootlesskit',
  'pasta',
  'pasta.avx2',
  'passt',
  'passt.avx2',
  'slirp4netns',
])

export function isHelper(comm: string): boolean {
  return helpers.has(comm)
}

export type HelperTarget = {
  /** null: not told. */
  readonly netns: NetnsId | null
  readonly port: number | null
}

export type TargetOf = (pid: number, from: NetnsId, protocol: string, port: number) => HelperTarget

const nowhere: HelperTarget = { netns: null, port: null }

/** `from`: the namespace that it listens in. */
export function helperTargets(world: World): TargetOf {
  const processes = listOf(world.processes)
  const byPid = new Map(processes.map((process) => [process.pid, process]))
  return (pid, from, protocol, port) => {
    const process = byPid.get(pid)
    if (process === undefined) return nowhere
    return {
      netns: otherNetns(processes, process, from) ?? namedNetns(world, byPid, process),
      port:
        process.args !== undefined && /^pas(?:ta|st)/.test(process.comm)
          ? passtTarget(process.args, protocol, port)
          : null,
    }
  }
}

/** RootlessKit and Podman's rootlessport have a child on the other side; of rootlessport the first thread is there too. */
function otherNetns(processes: readonly Process[], process: Process, from: NetnsId): NetnsId | null {
  const family = [process, ...processes.filter(({ ppid }) => ppid === process.pid)]
  for (const { netns, comm } of family) {
    if (!isUnknown(netns) && netns !== from && comm !== 'slirp4netns') return netns
  }
  return null
}

/**
 * pasta and slirp4netns are told a namespace's file, its name or a process in it: `--netns PATH`,
 * `--netns-type=path PATH tap0`, `PID tap0`, or a number at the end (passt(1), slirp4netns(1)).
 */
function namedNetns(
  world: World,
  byPid: ReadonlyMap<number, Process>,
  { args = [], namespaces }: Process,
): NetnsId | null {
  const at = args.indexOf('--netns')
  const told =
    at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith('--netns='))?.slice('--netns='.length)
  const words = told === undefined ? args.slice(1).filter((arg) => !arg.startsWith('-')) : [told]
  for (const word of words) {
    if (/^\d{1,9}$/.test(word)) {
      const target = byPid.get(Number(word))?.netns
      if (target !== undefined && !isUnknown(target) && words.length <= 2) return target
    } else if (word.startsWith('/')) {
      const process = /^\/proc\/(\d+)\/ns\/net$/.exec(word)?.[1]
      if (process !== undefined) {
        const target = byPid.get(Number(process))?.netns
        if (target !== undefined && !isUnknown(target)) return target
      }
      const mnt = isUnknown(namespaces) ? null : (namespaces['mnt'] ?? null)
      const found = netnsOfFile(world, word, mnt)
      if (found !== null) return found
    }
  }
  return null
}

/** The helper may have left for a mount namespace of its own: then the path must lead to one place wherever it is known. */
function netnsOfFile({ netns }: World, file: string, mnt: string | null): NetnsId | null {
  const places = netns.flatMap(({ id, holders, names }) => [
    ...holders.mounts
      .filter(({ path }) => path === file)
      .map(({ mountNamespace }) => ({ id, mnt: mountNamespace })),
    ...names.filter(({ path }) => path === file).map(() => ({ id, mnt: null })),
  ])
  const own = places.find((each) => each.mnt === mnt)
  if (own !== undefined) return own.id
  const [only, ...more] = new Set(places.map(({ id }) => id))
  return only !== undefined && more.length === 0 ? only : null
}
