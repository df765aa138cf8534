/** How a tool gets into a namespace: `nsenter --net=PATH`, with a path that leads there and still does afterwards. */
import { statSync } from 'node:fs'
import { codeOf } from '../../lib/failure.ts'
import type { Libc } from '../kernel/libc.ts'
import { openNamespace, refused, type Entrance } from '../kernel/open-namespace.ts'
import { nothingLeadsThere, type ReadFailure } from '../reader.ts'

export type WayIn = {
  /** null: we are there. */
  readonly path: string | null
  /** Whether it led there all the time. */
  holds(): boolean
  end(): void
}

/**
 * Paths are preferred, because nothing of ours is then open while tools run. A namespace that only sockets hold has
 * none; its file stays open for as long as the tools, which are inside of it themselves, take.
 */
export function wayInto(target: Entrance, libc: Libc | null): WayIn | ReadFailure {
  const leads = (path: string) => leadsTo(path, target)
  if (leads('/proc/thread-self/ns/net') === null) return { path: null, holds: () => true, end: () => {} }
  let failure = nothingLeadsThere
  for (const path of target.paths) {
    const refusal = leads(path)
    if (refusal === null) return { path, holds: () => leads(path) === null, end: () => {} }
    failure = refusal
  }
  if (libc === null || target.holders.sockets.length === 0) return failure
  const opened = openNamespace(libc, { ...target, paths: [] })
  if (!opened.ok) return opened.failure
  const fd = opened.value
  return { path: `/proc/${process.pid}/fd/${fd}`, holds: () => true, end: () => libc.close(fd) }
}

function leadsTo(path: string, { dev, ino }: Entrance): ReadFailure | null {
  try {
    const status = statSync(path, { bigint: true })
    if (status.ino === ino && Number(status.dev) === dev) return null
    return { unknown: 'was replaced by another namespace', errno: 'ESTALE' }
  } catch (error) {
    return refused('cannot open', codeOf(error) ?? 'EIO').failure
  }
}
