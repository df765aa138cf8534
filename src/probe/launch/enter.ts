/**
 * This process becomes another program, inside a namespace: exit code, signals, input and terminal are that program's by
 * nature. It comes back only where that was refused.
 */
import { CLONE_NEWNET, loadLibc, type Libc } from '../../collect/kernel/libc.ts'
import { openNamespace } from '../../collect/kernel/open-namespace.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Place } from '../../model/probe.ts'
import { become } from './become.ts'
import { launchArgv } from './inside-argv.ts'
import { launcherFile, type LaunchSpec } from './launch-spec.ts'
import { readOwnFiles } from './own-files.ts'
import { mountOwn } from './own-mounts.ts'
import { userNamespaceRefusal } from './user-namespace.ts'
import { bindProcessCalls, type ProcessCalls } from './process-calls.ts'
import { cannotEnter, notStarted, type Refused } from './refused.ts'
import { isAlive, isInside, remark, replaced } from './whereabouts.ts'

/** For `exec` and `shell`. */
export async function enter(place: Place, argv: readonly string[]): Promise<Refused> {
  return launch({ place, argv, files: true, parent: null, entered: false })
}

/** The program knows where it is by VETHSCOPE_NETNS, for prompts. */
export async function launch(spec: LaunchSpec): Promise<Refused> {
  const { place, argv, parent } = spec
  process.env['VETHSCOPE_NETNS'] = sanitise(place.netns.name)
  const [program = ''] = argv
  if (program === '' || argv.some((word) => word.includes('\0'))) return notStarted(program, 'ENOENT')
  const loaded = await loadLibc()
  if (!loaded.ok) {
    const { launchChild } = await import('./launch-child.ts')
    return launchChild(spec)
  }
  const libc = loaded.value
  const calls = bindProcessCalls(await import('koffi'))
  if (parent !== null && !dieWith(parent, calls)) return cannotEnter(place, 'who asked for it has ended', '')
  const isHere = isInside(place)
  if (spec.entered && !isHere) return replaced(place)
  if (!isHere && place.user !== null && process.geteuid?.() !== 0 && launcherFile !== null) {
    const problem = userNamespaceRefusal(libc, place.user.pid)
    if (problem !== null) return cannotEnter(place, `${problem} (EPERM)`, 'EPERM')
    return become(launchArgv(launcherFile, spec), calls)
  }
  // In its own namespace from the start (`exec host`): nothing is to be put in place.
  const files = spec.files && (!isHere || spec.entered) ? await readOwnFiles(place.files) : null
  const refusal = isHere ? null : moveInto(place, libc)
  if (refusal !== null) return refusal
  if (files !== null) {
    for (const problem of [...files.problems, ...mountOwn(libc, calls, files.files)]) remark(place, problem)
  }
  return become(argv, calls)
}

const SIGKILL = 9

/** False: it has ended already, and the kernel will not tell. */
function dieWith(parent: number, calls: ProcessCalls): boolean {
  calls.dieWithParent(SIGKILL)
  return process.ppid === parent || isAlive(parent)
}

/** Device and inode are compared before (openNamespace) and after. */
function moveInto(place: Place, libc: Libc): Refused | null {
  const { netns, dev, paths, sockets } = place
  const opened = openNamespace(libc, { dev, ino: BigInt(netns.id), paths, holders: { sockets } })
  if (!opened.ok) return cannotEnter(place, opened.failure.unknown, opened.failure.errno)
  const moved = libc.setns(opened.value, CLONE_NEWNET)
  const errno = libc.errno()
  libc.close(opened.value)
  if (moved !== 0) return cannotEnter(place, errno === 'EPERM' ? 'permission denied (EPERM)' : errno, errno)
  return isInside(place) ? null : replaced(place)
}
