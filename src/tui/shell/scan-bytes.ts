/**
 * What of the bytes that a person types goes to the shell, and which of them are keys of the screen: the leave key, and
 * those that scroll. Nothing is held back to wait for more, so that Escape reaches the shell at once; only what is the
 * beginning of a paste's mark and no key is. Inside a paste nothing is a key of ours: a pasted text must not leave the shell
 * and go on as keys of the screen. So the terminal always marks pastes, and the marks are taken away where the shell's
 * program did not ask for them.
 */
import type { Key } from '../msg.ts'
import { controlByte } from './key-bytes.ts'

/** Of a chunk: what goes to the shell, the key of ours behind it, and what comes after that. */
export type Scanned = { readonly taken: Buffer; readonly key: Key | null; readonly rest: Buffer }

export type ByteScanner = {
  /** `marks`: the shell's program asked for the marks of pastes. */
  scan(bytes: Buffer, marks: boolean): Scanned
  /** Begins anew: what was held back is forgotten. */
  reset(): void
}

const pasteBegin = Buffer.from('\x1b[200~')
const pasteEnd = Buffer.from('\x1b[201~')
/** xterm's ctlseqs: modifiers 2 (Shift) and 3 (Alt) of PgUp and PgDn. */
const scrolling: readonly (readonly [Buffer, Key])[] = [
  [Buffer.from('\x1b[5;2~'), 'S-pageup'],
  [Buffer.from('\x1b[6;2~'), 'S-pagedown'],
  [Buffer.from('\x1b[5;3~'), 'M-pageup'],
  [Buffer.from('\x1b[6;3~'), 'M-pagedown'],
]
/** `ESC [` alone may be Alt and a bracket; what is longer is no key that anybody waits for. */
const heldFrom = 3

/** `leave`: one that is a single byte. */
export function byteScanner(leave: Key): ByteScanner {
  const leaveByte = controlByte(leave)
  let held = Buffer.alloc(0)
  let isPaste = false

  return {
    reset: () => {
      held = Buffer.alloc(0)
      isPaste = false
    },
    scan: (chunk, marks) => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      held = Buffer.alloc(0)
      const taken: Buffer[] = []
      let from = 0
      const upTo = (at: number) => taken.push(bytes.subarray(from, at))
      const ours = (at: number, length: number, key: Key): Scanned => {
        upTo(at)
        return { taken: Buffer.concat(taken), key, rest: bytes.subarray(at + length) }
      }
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at]
        if (byte === leaveByte && !isPaste) return ours(at, 1, leave)
        if (byte !== 0x1b) continue
        const mark = isPaste ? pasteEnd : pasteBegin
        if (startsAt(bytes, at, mark)) {
          isPaste = !isPaste
          upTo(marks ? at + mark.length : at)
          from = at + mark.length
          at = from - 1
          continue
        }
        const own = isPaste ? undefined : scrolling.find(([sequence]) => startsAt(bytes, at, sequence))
        if (own !== undefined) return ours(at, own[0].length, own[1])
        const left = bytes.subarray(at)
        if (left.length >= heldFrom && left.length < mark.length && mark.indexOf(left) === 0) {
          upTo(at)
          held = Buffer.from(left)
          return { taken: Buffer.concat(taken), key: null, rest: Buffer.alloc(0) }
        }
      }
      upTo(bytes.length)
      return { taken: Buffer.concat(taken), key: null, rest: Buffer.alloc(0) }
    },
  }
}

function startsAt(bytes: Buffer, at: number, part: Buffer): boolean {
  return bytes.length - at >= part.length && bytes.compare(part, 0, part.length, at, at + part.length) === 0
}
