/**
 * Many settings below /proc/sys/net of one namespace. All namespaces' `/proc/sys/net/ipv4` have the same parent and
 * the same name in the kernel's cache of names, so each walk past it is compared with those of all the others
 * (proc_sys_compare in fs/proc/proc_sysctl.c): 30 µs a setting where there are 300 namespaces. A folder that was
 * opened once leads to its settings without.
 */
import { closeSync, constants, openSync } from 'node:fs'
import { errnoOf, readThrough, type ProcError, type ReadProc } from './read-proc.ts'

/** The kernel clears as much memory as is asked for, whatever the length of the value (proc_sys_call_handler). */
const value = Buffer.alloc(1023)

/** Runs `work` on a thread that is inside the namespace; the folders are closed when it returns. */
export function withSysNet<T>(work: (read: ReadProc) => T): T {
  const folders = new Map<string, number | ProcError>()
  const folderOf = (name: string): number | ProcError => {
    const opened = folders.get(name) ?? openFolder(name)
    folders.set(name, opened)
    return opened
  }
  try {
    return work((path) => {
      const [, name, rest] = /^sys\/net\/([^/]+)\/(.+)$/.exec(path) ?? []
      if (name === undefined || rest === undefined) return readThrough(path, value)
      const folder = folderOf(name)
      // Descriptors are the process's, whichever thread asks.
      return typeof folder === 'number' ? readThrough(`self/fd/${folder}/${rest}`, value) : folder
    })
  } finally {
    for (const folder of folders.values()) if (typeof folder === 'number') closeSync(folder)
  }
}

function openFolder(name: string): number | ProcError {
  try {
    return openSync(`/proc/sys/net/${name}`, constants.O_RDONLY | constants.O_DIRECTORY)
  } catch (error) {
    return { errno: errnoOf(error) }
  }
}
