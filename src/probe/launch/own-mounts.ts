/**
 * A mount namespace of the program's own, in which the network namespace's files stand over those of /etc and /sys shows its
 * links. Nothing of it reaches the host's mounts, and it ends with the program. All calls act on the calling thread.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Libc } from '../../collect/kernel/libc.ts'
import type { OwnFile } from './own-files.ts'
import {
  CLONE_NEWNS,
  MNT_DETACH,
  MS_BIND,
  MS_MOVE,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_REC,
  MS_SLAVE,
  type ProcessCalls,
} from './process-calls.ts'

/** Covered by a file system of ours while that is made ready, and uncovered again. */
const stage = '/tmp'
const safe = MS_NOSUID | MS_NODEV | MS_NOEXEC

/** What could not be done, each a sentence; the program runs without it. */
export function mountOwn(libc: Libc, calls: ProcessCalls, files: readonly OwnFile[]): readonly string[] {
  if (libc.unshare(CLONE_NEWNS) !== 0) return [`no mount namespace of its own: ${libc.errno()}`]
  // What the host mounts later is seen; what is mounted here does not go back.
  if (calls.mount('none', '/', null, MS_REC | MS_SLAVE, null) !== 0) {
    return [`its mounts cannot be kept apart from the host's: ${calls.errno()}`]
  }
  const problems = bindFiles(calls, files)
  mountSys(calls)
  return problems
}

function bindFiles(calls: ProcessCalls, files: readonly OwnFile[]): readonly string[] {
  const problems: string[] = []
  const bind = (source: string, name: string): void => {
    if (calls.mount(source, `/etc/${name}`, null, MS_BIND, null) === 0) return
    const errno = calls.errno()
    problems.push(
      errno === 'ENOENT'
        ? `its own ${name} has no place: the host has no /etc/${name}`
        : `its own ${name} cannot stand over /etc/${name}: ${errno}`,
    )
  }
  for (const file of files) if ('path' in file) bind(file.path, file.name)
  const copies = files.flatMap((file) => ('content' in file ? [file] : []))
  if (copies.length === 0) return problems
  if (calls.mount('vethscope', stage, 'tmpfs', safe, 'mode=755,size=1m') !== 0) {
    return [...problems, `no place for its own files: ${calls.errno()}`]
  }
  for (const { name, content } of copies) {
    writeFileSync(`${stage}/${name}`, content, { mode: 0o644 })
    bind(`${stage}/${name}`, name)
  }
  // What is bound holds on to it.
  calls.umount(stage, MNT_DETACH)
  return problems
}

/**
 * /sys/class/net shows the links of the namespace that it was mounted from. What stands in the host's /sys (control groups,
 * debugfs) stays there, which `ip netns exec` takes away. Where it is refused, as in a user namespace, /sys stays as it is.
 */
function mountSys(calls: ProcessCalls): void {
  const below = mountsBelowSys(readFileSync('/proc/thread-self/mountinfo', 'utf8'))
  if (calls.mount('sysfs', stage, 'sysfs', safe, null) !== 0) return
  for (const path of below) calls.mount(`/sys${path}`, `${stage}${path}`, null, MS_BIND | MS_REC, null)
  if (calls.mount(stage, '/sys', null, MS_MOVE, null) !== 0) calls.umount(stage, MNT_DETACH)
}

/** `/fs/cgroup`, `/kernel/debug`: those that stand in no other of them. */
export function mountsBelowSys(mountinfo: string): readonly string[] {
  const paths = mountinfo.split('\n').flatMap((line) => {
    const path = line.split(' ')[4] ?? ''
    return path.startsWith('/sys/') ? [path.slice('/sys'.length)] : []
  })
  const unique = [...new Set(paths)]
  return unique.filter((path) => !unique.some((other) => path.startsWith(`${other}/`)))
}
