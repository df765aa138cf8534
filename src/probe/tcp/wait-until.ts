import type { Sockets } from '../socket/sockets.ts'

type Events = { readonly readable?: boolean; readonly writable?: boolean }

/**
 * Waits until `look` answers something else than null: it is asked whenever the descriptor is ready, and may be asked once
 * more than that. null: time is up, or the signal came.
 */
export function waitUntil<T>(
  { readiness }: Sockets,
  fd: number,
  events: Events,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
  look: () => T | null,
): Promise<T | null> {
  return new Promise((resolve) => {
    const end = (value: T | null): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      watch.close()
      resolve(value)
    }
    const stop = (): void => end(null)
    const timer = setTimeout(stop, ms)
    const watch = readiness.watch(fd, events, () => {
      const value = look()
      if (value !== null) end(value)
    })
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })
}
