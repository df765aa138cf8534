/** The log of a live worker: from now on whatever this thread runs is in it too. */
import { statSync } from 'node:fs'
import { onRun } from '../lib/run.ts'
import { netnsId, type NetnsId } from '../model/ids.ts'
import { logBook, type LogBook } from './log-book.ts'
import type { FromWorker } from './protocol.ts'
import type { FoundNetns } from './reader.ts'

export function liveLog(
  send: (message: FromWorker) => void,
  found: () => readonly FoundNetns[],
  home = '/proc/thread-self/ns/net',
): LogBook {
  const own = ownNetns(home)
  const log = logBook({
    send: (entries) => send({ type: 'log', entries }),
    netnsAt: (path) =>
      path === null ? own : (found().find(({ paths }) => paths.includes(path))?.id ?? null),
  })
  const unheard = onRun(log.ran)
  return {
    ...log,
    close: () => {
      unheard()
      log.close()
    },
  }
}

function ownNetns(file: string): NetnsId | null {
  try {
    return netnsId(statSync(file, { bigint: true }).ino)
  } catch {
    return null
  }
}
