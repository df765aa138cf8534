/**
 * Tells when something happens in the folders where namespaces get their names. Only a hint to look around: a
 * name is made before the namespace is mounted on it, and folders come and go.
 */
import { watch, type FSWatcher } from 'node:fs'

const folders = ['/run/netns', '/run/docker/netns'] as const

export type NamesWatch = {
  /** Folders that were not there before are watched from now on. */
  refresh(): void
  close(): void
}

export function watchNames(happened: () => void): NamesWatch {
  const watches = new Map<string, FSWatcher>()
  const drop = (folder: string): void => {
    watches.get(folder)?.close()
    watches.delete(folder)
  }
  const refresh = (): void => {
    for (const folder of folders) {
      if (watches.has(folder)) continue
      try {
        const watcher = watch(folder, { persistent: false }, happened)
        watcher.on('error', () => drop(folder))
        watches.set(folder, watcher)
        happened()
      } catch {
        // Not there (yet), or no inotify instance is left: the periodic scan finds the names as well.
      }
    }
  }
  refresh()
  return {
    refresh,
    close: () => {
      for (const folder of folders) drop(folder)
    },
  }
}
