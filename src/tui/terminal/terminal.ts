/**
 * The terminal as a resource with a lifetime: raw mode, bytes in, bytes out, and what happens when it goes away.
 * Knows nothing of what is drawn; blessed writes through `write`, so that bytes are counted and a terminal that
 * was closed is never written to again.
 */
import type { ReadStream, WriteStream } from 'node:tty'
import type { Size } from '../frame.ts'
import { keyboardModes, screenModes, type KeyboardModes } from './keyboard-modes.ts'
import { doubleClicks } from './double-clicks.ts'
import { keyDecoder, type Input } from './decode-keys.ts'
import { openTerminalWriter } from './terminal-writer.ts'

export type TerminalEvents = {
  /** What came in one read. */
  onInput(inputs: readonly Input[]): void
  /** The same as it came, while bytes are wanted; what it gives back is decoded as keys. */
  onBytes?(bytes: Buffer): Buffer
  onResize(size: Size): void
  /** The terminal was closed (hang-up, EIO, end of input): nothing can be shown or asked any more. */
  onHangup(): void
  /** It has taken all that was written, after `isBehind`. */
  onCaughtUp(): void
}

export type Terminal = {
  size(): Size
  /** Takes the keyboard: raw mode and bracketed paste. */
  enter(): void
  /** Gives the keyboard back. Safe to call twice and on a closed terminal. */
  leave(): void
  /** Off at first; kept over leave and enter. */
  useMouse(on: boolean): void
  /**
   * Bytes as they come, for a shell, from a keyboard in these modes, and the mouse left to the terminal; null: keys and
   * mouse again.
   */
  useBytes(modes: KeyboardModes | null): void
  /** The modes of the keyboard once more, after something else has set its own. */
  refreshModes(): void
  write(text: string): void
  /** It has not yet taken all that was written: nothing new is drawn meanwhile. */
  readonly isBehind: boolean
  readonly bytesWritten: number
  close(): void
}

/** A frame and what the kernel keeps of it, over the slowest line that anybody works on. */
const lastWordsMs = 2000
const pasteOn = '\x1b[?2004h'
const pasteOff = '\x1b[?2004l'
/** Buttons, in decimal numbers (xterm's ctlseqs: 1000, 1006). */
const mouseOn = '\x1b[?1000h\x1b[?1006h'
const mouseOff = '\x1b[?1006l\x1b[?1000l'
/** A serial line does not know its size. */
const usualSize: Size = { columns: 80, rows: 24 }

export function openTerminal(input: ReadStream, output: WriteStream, events: TerminalEvents): Terminal {
  const decoder = keyDecoder()
  let timer: NodeJS.Timeout | undefined
  let entered = false
  let gone = false
  let bytesWritten = 0
  let mouse = false
  let modes: KeyboardModes | null = null
  const clicks = doubleClicks()
  const writer = openTerminalWriter(output, {
    onCaughtUp: () => events.onCaughtUp(),
    onError: () => hangup(),
  })

  const hangup = () => {
    if (gone) return
    gone = true
    events.onHangup()
  }
  const report = (inputs: readonly Input[]) => {
    clearTimeout(timer)
    if (inputs.length > 0) events.onInput(inputs.map((each) => clicks(each, Date.now())))
    const wait = decoder.pendingMs()
    if (wait !== null) timer = setTimeout(() => report(decoder.flush()), wait)
  }
  const bytesWanted = () => modes !== null && events.onBytes !== undefined
  const onData = (bytes: Buffer) => {
    let rest = bytes
    // Each piece may change whose the next one is.
    while (rest.length > 0 && bytesWanted()) rest = events.onBytes?.(rest) ?? rest
    if (rest.length > 0) report(decoder.feed(rest))
  }
  const onResize = () => events.onResize(sizeOf(output))
  const write = (text: string) => {
    if (gone || text === '') return
    bytesWritten += Buffer.byteLength(text)
    writer.write(text)
  }
  const rawMode = (on: boolean) => {
    try {
      input.setRawMode(on)
    } catch {
      // EIO: the terminal is closed; its end is reported by the streams.
    }
  }

  input.on('data', onData)
  input.on('end', hangup)
  input.on('close', hangup)
  // Both stay after close: a write that fails late must not become an uncaught exception.
  input.on('error', hangup)
  output.on('error', hangup)
  output.on('resize', onResize)
  input.pause()

  return {
    size: () => sizeOf(output),
    enter: () => {
      // A stopped program's shell has set its own modes: off and on again, or Node takes it as already set.
      rawMode(false)
      rawMode(true)
      input.resume()
      write(mouse && modes === null ? pasteOn + mouseOn : pasteOn)
      entered = true
    },
    leave: () => {
      if (!entered) return
      entered = false
      clearTimeout(timer)
      write(mouse ? mouseOff + pasteOff : pasteOff)
      if (!gone) writer.flush(lastWordsMs)
      rawMode(false)
      input.pause()
    },
    useMouse: (on) => {
      if (on !== mouse && entered && modes === null) write(on ? mouseOn : mouseOff)
      mouse = on
    },
    useBytes: (wanted) => {
      const isTurn = (wanted === null) !== (modes === null)
      modes = wanted
      if (!entered) return
      if (isTurn && mouse) write(wanted === null ? mouseOn : mouseOff)
      write(keyboardModes(wanted ?? screenModes))
    },
    refreshModes: () => {
      if (entered && modes !== null) write(keyboardModes(modes))
    },
    write,
    get isBehind() {
      return !gone && writer.isBehind
    },
    get bytesWritten() {
      return bytesWritten
    },
    close: () => {
      input.off('data', onData)
      input.off('end', hangup)
      input.off('close', hangup)
      output.off('resize', onResize)
      clearTimeout(timer)
      writer.close()
      input.pause()
      // An open terminal keeps Node alive even when nothing listens.
      input.unref()
    },
  }
}

function sizeOf(output: WriteStream): Size {
  const { columns, rows } = output
  return columns > 0 && rows > 0 ? { columns, rows } : usualSize
}
