/**
 * Bytes to the terminal, without ever waiting for it. Node writes to a terminal in blocking mode: over a slow line the
 * program would stand still in each write, and keys with it. So the terminal is opened once more for writing (a file
 * of our own, because O_NONBLOCK on the one that the shell shares would be the shell's too), and what it does not
 * take now is kept and offered again. Who draws asks `isBehind` first: frames are dropped, never queued.
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import type { WriteStream } from 'node:tty'
import { debug } from '../../lib/debug-log.ts'

export type TerminalWriter = {
  write(text: string): void
  /** The terminal has not yet taken all of what was written. */
  readonly isBehind: boolean
  /** Waits until it has, at most this long. */
  flush(limitMs: number): void
  /** What the terminal has not taken is lost: flush first. */
  close(): void
}

export type WriterEvents = {
  /** It had been behind, and has taken everything. */
  onCaughtUp(): void
  /** It is gone. Never called from within `write`. */
  onError(): void
}

/** A line that carries 20 kB/s takes 200 bytes in this time. */
const againMs = 10

export function openTerminalWriter(output: WriteStream, events: WriterEvents): TerminalWriter {
  const fd = ownFile(output)
  return fd === null ? streamWriter(output, events) : fileWriter(fd, events)
}

function ownFile(output: WriteStream & { readonly fd?: unknown }): number | null {
  const { fd } = output
  if (typeof fd !== 'number') return null
  try {
    // Through /proc it is the same terminal, whatever it is called here; no controlling one is to be got by it.
    return openSync(
      `/proc/self/fd/${fd}`,
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY, // oxlint-disable-line no-bitwise
    )
  } catch (error) {
    // After su(1) the terminal belongs to somebody else, and only what is open already can be used.
    debug('terminal', `written to in blocking mode: ${String(error)}`)
    return null
  }
}

function fileWriter(fd: number, events: WriterEvents): TerminalWriter {
  let left: readonly Buffer[] = []
  let timer: NodeJS.Timeout | undefined
  let isOpen = true

  /** Offers what is left; true once all is taken. */
  const offer = (): boolean => {
    try {
      for (;;) {
        const [first, ...others] = left
        if (first === undefined) return true
        const taken = writeSync(fd, first)
        left = taken === first.length ? others : [first.subarray(taken), ...others]
      }
    } catch (error) {
      if (isAgain(error)) return false
      left = []
      setImmediate(() => {
        if (isOpen) events.onError()
      })
      return true
    }
  }
  const later = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      if (offer()) events.onCaughtUp()
      else later()
    }, againMs)
  }

  return {
    write: (text) => {
      if (!isOpen) return
      const isFirst = left.length === 0
      left = [...left, Buffer.from(text)]
      // In order: what waits goes first.
      if (isFirst && !offer()) later()
    },
    get isBehind() {
      return left.length > 0
    },
    flush: (limitMs) => {
      const end = Date.now() + limitMs
      if (!isOpen) return
      while (!offer() && Date.now() < end) pause(againMs)
    },
    close: () => {
      if (!isOpen) return
      isOpen = false
      left = []
      clearTimeout(timer)
      closeSync(fd)
    },
  }
}

/** Through the stream that everybody shares: it waits for the terminal within each write. */
function streamWriter(output: WriteStream, events: WriterEvents): TerminalWriter {
  const onDrain = () => events.onCaughtUp()
  output.on('drain', onDrain)
  return {
    write: (text) => void output.write(text),
    get isBehind() {
      return output.writableNeedDrain
    },
    flush: () => {},
    close: () => void output.off('drain', onDrain),
  }
}

function isAgain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
}

/** Nothing else may happen meanwhile: the program is on its way out, or to the shell. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
