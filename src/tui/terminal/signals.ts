/**
 * Signals and crashes while a screen is open. Installed before the first frame, because blessed's own handlers
 * leave with code 0 and Node's default leaves the terminal raw.
 */
import { constants } from 'node:os'

export type SignalEvents = {
  /** `exitCode` is 128 + n, as a shell reports a death by signal. */
  onEnd(exitCode: number): void
  /** Stop signal of the terminal, sent from outside (in raw mode Ctrl-Z is a key). */
  onStop(): void
  onContinue(): void
  /** An exception or a rejection that nobody caught: a bug. */
  onCrash(error: unknown): void
}

export type SignalWatch = {
  /** Stops this process and those it was started with (npm, sudo), as Ctrl-Z does; returns after `fg`. */
  stopSelf(): void
  /** Listens for the stop signal again. */
  rearm(): void
  close(): void
}

const ending = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

const crashes = ['uncaughtException', 'unhandledRejection'] as const

export function watchSignals(events: SignalEvents): SignalWatch {
  const handlers = ending.map((name) => [name, () => events.onEnd(128 + constants.signals[name])] as const)
  const onStop = () => events.onStop()
  const onContinue = () => events.onContinue()
  const onCrash = (error: unknown) => events.onCrash(error)
  for (const [name, handler] of handlers) process.on(name, handler)
  process.on('SIGTSTP', onStop)
  process.on('SIGCONT', onContinue)
  const giveBack = crashes.map((event) => replaceListeners(event, onCrash))

  return {
    stopSelf: () => {
      // Without a handler the signal does what it does to any program. Pid 0: the whole process group, so that
      // a parent that waits (npm start) stops as well and the shell gets its prompt.
      process.off('SIGTSTP', onStop)
      process.kill(0, 'SIGTSTP')
    },
    rearm: () => {
      process.off('SIGTSTP', onStop)
      process.on('SIGTSTP', onStop)
    },
    close: () => {
      for (const [name, handler] of handlers) process.off(name, handler)
      process.off('SIGTSTP', onStop)
      process.off('SIGCONT', onContinue)
      for (const back of giveBack) back()
    },
  }
}

/** Alone, because the program's own handler would write its sentence on a screen that is about to vanish. */
function replaceListeners(event: (typeof crashes)[number], listener: (error: unknown) => void): () => void {
  const others = process.rawListeners(event) as ((error: unknown) => void)[]
  process.removeAllListeners(event)
  process.on(event, listener)
  return () => {
    process.off(event, listener)
    for (const other of others) process.on(event, other)
  }
}
