import type { Failure } from '../../lib/failure.ts'
import type { Place } from '../../model/probe.ts'
import type { ProbeContext } from '../context.ts'
import type { Sockets } from './sockets.ts'
import { lost } from './still-there.ts'

const everyMs = 500

export type WhileThere<T> = {
  readonly value: T
  /** Why it was ended: the namespace went away. */
  readonly gone: Failure | null
}

/** Runs `work` with a signal that also comes when the namespace goes away, which an open socket would keep alive. */
export async function whileThere<T>(
  sockets: Sockets,
  place: Place,
  context: ProbeContext,
  work: (context: ProbeContext) => Promise<T>,
): Promise<WhileThere<T>> {
  const left = new AbortController()
  let gone: Failure | null = null
  const timer = setInterval(() => {
    gone ??= lost(sockets, place)
    if (gone !== null) left.abort()
  }, everyMs)
  try {
    const value = await work({ ...context, signal: AbortSignal.any([context.signal, left.signal]) })
    return { value, gone }
  } finally {
    clearInterval(timer)
  }
}
