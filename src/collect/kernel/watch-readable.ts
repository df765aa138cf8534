/**
 * Tells when descriptors can be read. Node watches only what it opened itself, and koffi.node.poll is no way: a worker that is
 * terminated while such a handle is open takes the whole process with it (SIGSEGV, koffi 3.3.4). So the kernel is asked to send
 * the process a signal (fcntl(2), F_SETSIG); only the main thread of Node hears signals, and says so to whoever watches. Where nobody
 * does, they are looked at now and then.
 */
import type { Libc } from './libc.ts'

export type ReadableWatch = {
  /** The signal came: they are looked at now, or as soon as the last look is long enough ago. */
  look(): void
  close(): void
}

/** How late it may be seen where no signal tells: the first one after a while, and those that come after it. */
const untoldMs = 40
const untoldSoonMs = 10
const soonForMs = 300
/** Where one does, this is for the case that it got lost. */
const toldMs = 2000
/** What comes without pause is looked at this often. */
const gatherMs = 4

/** `readable` is called in the event loop. `isTold`: somebody calls `look` when the process gets SIGURG. */
export function watchReadable(
  libc: Pick<Libc, 'readable' | 'signalWhenReadable'>,
  fds: readonly number[],
  readable: () => void,
  isTold: boolean,
): ReadableWatch {
  const told = isTold && fds.every((fd) => libc.signalWhenReadable(fd))
  let lookedAt = -Infinity
  let seenAt = -Infinity
  let closed = false
  let timer: NodeJS.Timeout | null = null

  const arm = (ms: number): void => {
    if (timer !== null) clearTimeout(timer)
    timer = closed ? null : setTimeout(look, ms)
  }

  const look = (): void => {
    lookedAt = performance.now()
    const seen = libc.readable(fds) !== 0
    if (seen) seenAt = lookedAt
    const untold = lookedAt < seenAt + soonForMs ? untoldSoonMs : untoldMs
    arm(told ? toldMs : untold)
    if (seen) readable()
  }

  // What came before the signal was asked for.
  arm(0)
  return {
    look: () => {
      const rest = lookedAt + gatherMs - performance.now()
      if (closed) return
      if (rest > 0) arm(rest)
      else look()
    },
    close: () => {
      closed = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
