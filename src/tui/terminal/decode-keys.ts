/**
 * Bytes of a terminal → keys and pastes, by name (msg.ts `Key`). Own decoder, because blessed's takes a sequence that
 * arrives in two reads for single keys, knows no bracketed paste and reports Enter twice.
 *
 * It knows no clock: `feed` says how long the rest may be waited for, `flush` says that the wait is over.
 * Sequences that name no key (releases of the mouse, focus, answers of the terminal) are swallowed whole.
 * Sources: xterm's ctlseqs; console_codes(4) for `CSI [ A`; rxvt's key table for `$ ^ @` and lower-case finals.
 */
import { StringDecoder } from 'node:string_decoder'
import type { MouseInput } from '../msg.ts'
import { mouseReport } from './mouse-report.ts'
import { controlKey, csiKey, printableKey, ss3Key } from './key-names.ts'

export type Input =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'mouse'; readonly mouse: MouseInput }

export type KeyDecoder = {
  feed(bytes: Uint8Array): readonly Input[]
  /** The wait was in vain: what is left is a lone Escape, an Alt key, or nothing. */
  flush(): readonly Input[]
  /** Milliseconds after which to call `flush`, unless more bytes come; null: nothing is pending. */
  pendingMs(): number | null
}

/** An Escape key and a sequence begin alike: this long a slow line may take to bring the next byte. */
const escapeMs = 40
/** No key of a keyboard begins like this, so a line may stall longer before the piece is dropped. */
const sequenceMs = 500
const pasteMs = 2000
const pasteEnd = '\x1b[201~'
/** More than a person means to paste into one line; the rest is dropped, the end still found. */
const pasteLimit = 64 * 1024
const sequenceLimit = 4096

/** What the front of the pending text is: `null` needs more bytes. */
type Token = {
  readonly length: number
  readonly key: string | null
  readonly paste?: boolean
  readonly mouse?: MouseInput
} | null

export function keyDecoder(): KeyDecoder {
  const utf8 = new StringDecoder('utf8')
  let pending = ''
  let paste: string | null = null
  let afterReturn = false

  const takePaste = (): Input | null => {
    const text = paste ?? ''
    const end = pending.indexOf(pasteEnd)
    if (end < 0) {
      // The end mark itself may be split: keep what could be its beginning.
      const keep = partialEnd(pending)
      paste = (text + pending.slice(0, pending.length - keep)).slice(0, pasteLimit)
      pending = pending.slice(pending.length - keep)
      return null
    }
    const whole = (text + pending.slice(0, end)).slice(0, pasteLimit)
    pending = pending.slice(end + pasteEnd.length)
    paste = null
    return { type: 'paste', text: lineEnds(whole) }
  }

  const drain = (): Input[] => {
    const inputs: Input[] = []
    while (pending !== '') {
      if (paste !== null) {
        const pasted = takePaste()
        if (pasted === null) break
        inputs.push(pasted)
        continue
      }
      const token = nextToken(pending)
      if (token === null) break
      const raw = pending.slice(0, token.length)
      pending = pending.slice(token.length)
      // CR LF is one Enter; a lone LF is one as well.
      const doubled = afterReturn && raw === '\n'
      afterReturn = raw === '\r'
      if (token.paste === true) paste = ''
      else if (token.mouse !== undefined) inputs.push({ type: 'mouse', mouse: token.mouse })
      else if (token.key !== null && !doubled) inputs.push({ type: 'key', key: token.key })
    }
    return inputs
  }

  return {
    feed: (bytes) => {
      pending += utf8.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
      return drain()
    },
    flush: () => {
      if (paste !== null) {
        const text = lineEnds(paste)
        paste = null
        pending = ''
        return text === '' ? [] : [{ type: 'paste', text }]
      }
      const rest = pending
      pending = ''
      if (rest === '\x1b') return [{ type: 'key', key: 'escape' }]
      // ESC and one of `P X ] ^ _` begin a string of the terminal, or are that key with Alt.
      if (/^\x1b[PX\]^_]$/.test(rest)) return [{ type: 'key', key: `M-${rest.slice(1)}` }]
      return []
    },
    pendingMs: () => {
      if (paste !== null) return pasteMs
      if (pending === '') return null
      return /^\x1b[PX\]^_]?$/.test(pending) ? escapeMs : sequenceMs
    },
  }
}

function nextToken(text: string): Token {
  if (text.startsWith('\x1b')) return escapeToken(text)
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0)
  return { length: character.length, key: controlKey(character) ?? printableKey(character) }
}

function escapeToken(text: string): Token {
  const second = text[1]
  if (second === undefined) return null
  if (second === '[') return csiToken(text)
  if (second === 'O') return ss3Token(text)
  if ('PX]^_'.includes(second)) return stringToken(text)
  // Escape pressed before another sequence: rxvt also sends this for Alt with an arrow.
  if (second === '\x1b') return { length: 1, key: 'escape' }
  const character = String.fromCodePoint(text.codePointAt(1) ?? 0)
  const key = controlKey(character) ?? printableKey(character)
  return { length: 1 + character.length, key: key === null ? null : withAlt(key) }
}

/** `C-a` with Alt is `C-M-a`: modifiers stand in the order C, M, S. */
function withAlt(key: string): string {
  return key.startsWith('C-') ? `C-M-${key.slice(2)}` : `M-${key}`
}

function csiToken(text: string): Token {
  // The Linux console's F1 to F5.
  if (text[2] === '[') {
    const letter = text[3]
    if (letter === undefined) return null
    const at = 'ABCDE'.indexOf(letter)
    return { length: 4, key: at < 0 ? null : `f${at + 1}` }
  }
  // A mouse report of old: three bytes follow, whatever they are.
  if (text[2] === 'M') return text.length < 6 ? null : { length: 6, key: null }
  let at = 2
  while (text.charCodeAt(at) >= 0x20 && text.charCodeAt(at) <= 0x3f) {
    // rxvt ends shifted keys with a character that others put in front of the last one.
    if (text[at] === '$' && /^\d+$/.test(text.slice(2, at))) break
    at += 1
  }
  const final = text[at]
  if (final === undefined) return text.length > sequenceLimit ? { length: text.length, key: null } : null
  // A control byte inside breaks the sequence off; it is looked at again by itself.
  if (final < '\x20' || final > '\x7e') return { length: at, key: null }
  const parameters = text.slice(2, at)
  if (parameters === '200' && final === '~') return { length: at + 1, key: null, paste: true }
  const mouse = mouseReport(parameters, final)
  if (mouse !== null) return { length: at + 1, key: null, mouse }
  return { length: at + 1, key: csiKey(parameters, final) }
}

function ss3Token(text: string): Token {
  const match = /^\x1bO([0-9;]*)([^0-9;])/.exec(text)
  const final = match?.[2]
  if (match === null || final === undefined) return text.length > 16 ? { length: 2, key: null } : null
  if (final < '\x20' || final > '\x7e') return { length: match[0].length - 1, key: null }
  return { length: match[0].length, key: ss3Key(match[1] ?? '', final) }
}

/** DCS, SOS, OSC, PM, APC: answers of the terminal, up to ST or BEL. */
function stringToken(text: string): Token {
  const end = /\x07|\x1b\\|\x9c/.exec(text.slice(2))
  if (end !== null) return { length: 2 + end.index + end[0].length, key: null }
  return text.length > sequenceLimit ? { length: text.length, key: null } : null
}

function partialEnd(text: string): number {
  for (let length = Math.min(text.length, pasteEnd.length - 1); length > 0; length -= 1) {
    if (pasteEnd.startsWith(text.slice(-length))) return length
  }
  return 0
}

function lineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}
