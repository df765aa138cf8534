/**
 * How a program of the host is started inside a namespace: the argument vector that a parent spawns. It dies with its
 * parent, sees the namespace's own resolv.conf and hosts where that is asked for, and ends with the program's own exit code;
 * 125: could not enter, 126: not executable, 127: not found.
 */
import { fileURLToPath } from 'node:url'
import type { Place } from '../../model/probe.ts'
import { launcherFile, type LaunchSpec } from './launch-spec.ts'

export type InsideOptions = {
  /** With the namespace's own files over those of /etc, and /sys with its links, as `ip netns exec` does. */
  readonly files?: boolean
}

export function insideArgv(
  place: Place,
  argv: readonly string[],
  { files = false }: InsideOptions = {},
): readonly [string, ...string[]] {
  // From the sources only tests run: nothing there compares the inode.
  if (launcherFile === null) {
    const dying = ['setpriv', '--pdeathsig=KILL', '--'] as const
    return [...dying, 'nsenter', `--net=${place.paths[0] ?? ''}`, '--', ...argv]
  }
  return launchArgv(launcherFile, { place, argv, files, parent: process.pid })
}

/** Who is not root gets in only as part of the user namespace: into that setns(2) takes no process with threads, nsenter does. */
export function launchArgv(launcher: URL, spec: Omit<LaunchSpec, 'entered'>): readonly [string, ...string[]] {
  const { user } = spec.place
  const entered = user !== null && process.geteuid?.() !== 0
  const told = { ...spec, place: brief(spec.place), entered } satisfies LaunchSpec
  const launch = [process.execPath, fileURLToPath(launcher), JSON.stringify(told)] as const
  return entered ? [...enterUserNamespace(user.pid), ...launch] : launch
}

/** Into user and network namespace of a process, as the same user (nsenter(1)). */
export function enterUserNamespace(pid: number): readonly [string, ...string[]] {
  return ['nsenter', `--target=${pid}`, '--user', '--net', '--preserve-credentials', '--']
}

/** One argument may be 128 KiB long (MAX_ARG_STRLEN): of a thousand sockets that lead there a few do. */
const mostWays = 16

function brief(place: Place): Place {
  return { ...place, paths: place.paths.slice(0, mostWays), sockets: place.sockets.slice(0, mostWays) }
}
