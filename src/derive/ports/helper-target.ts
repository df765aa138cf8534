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
    const helper = byPid.get(pid)
    if (helper === undefined) return nowhere
    // RootlessKit has slirp4netns move its packets, and may have it listen for it.
    const parent = byPid.get(helper.ppid)
    const process = parent?.comm === 'rootlesskit' ? parent : helper
    return {
      netns: otherNetns(processes, process, from) ?? namedNetns(world, byPid, process),
      port: portThere(process, protocol, port),
    }
  }
}

function portThere({ comm, args }: Process, protocol: string, port: number): number | null {
  if (args === undefined) return null
  if (/^pas(?:ta|st)/.test(comm)) return passtTarget(args, protocol, port)
  return comm === 'rootlesskit' ? kitTarget(args, protocol, port) : null
}

/** `127.0.0.1:8080:80/tcp`, `8080:80/tcp4`; a port that was added later is not among the arguments. */
function kitTarget(args: readonly string[], protocol: string, port: number): number | null {
  for (const arg of args) {
    const [, host, there, kind] = /(?:^|:)(\d+):(\d+)\/([a-z]+)[46]?$/.exec(arg) ?? []
    if (kind === protocol && Number(host) === port) return Number(there)
  }
  return null
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
 * pasta and slirp4netns are told a namespace's file or a process in it: `--netns PATH`, `--netns-type=path PATH tap0`,
 * `PID tap0`, or a number at the end (passt(1), slirp4netns(1)).
 */
function namedNetns(world: World, byPid: ReadonlyMap<number, Process>, process: Process): NetnsId | null {
  const { args = [] } = process
  const at = args.indexOf('--netns')
  const told =
    at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith('--netns='))?.slice('--netns='.length)
  const [last = '', beforeLast = ''] = args.slice(1).toReversed()
  const word = told ?? (process.comm === 'slirp4netns' ? beforeLast : last)
  const pid = /^(?:\/proc\/)?(\d{1,9})(?:\/ns\/net)?$/.exec(word)?.[1]
  if (pid === undefined)
    return word.startsWith('/') ? netnsOfFile(world, word, namespaceOf(process, 'mnt')) : null
  // The number is one of the helper's own pid namespace.
  const init = byPid.get(1)
  if (init === undefined || namespaceOf(init, 'pid') !== namespaceOf(process, 'pid')) return null
  const netns = byPid.get(Number(pid))?.netns
  return netns === undefined || isUnknown(netns) ? null : netns
}

function namespaceOf({ namespaces }: Process, type: string): string | null {
  return isUnknown(namespaces) ? null : (namespaces[type] ?? null)
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
