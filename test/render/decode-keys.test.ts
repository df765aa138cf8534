import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyDecoder, type Input } from '../../src/tui/terminal/decode-keys.ts'

/** Everything at once, and then the wait is over. */
function decode(...chunks: readonly (string | Uint8Array)[]): string[] {
  const decoder = keyDecoder()
  const inputs: Input[] = chunks.flatMap((chunk) => [...decoder.feed(Buffer.from(chunk as string))])
  return [...inputs, ...decoder.flush()].map(show)
}

function show(input: Input): string {
  if (input.type === 'mouse') return `${input.mouse.event}@${input.mouse.row},${input.mouse.column}`
  return input.type === 'key' ? input.key : `paste:${input.text}`
}

test.each([
  ['p', ['p']],
  ['P', ['P']],
  ['/', ['/']],
  ['ä', ['ä']],
  ['容', ['容']],
  [' ', ['space']],
  ['\t', ['tab']],
  ['\r', ['enter']],
  ['\n', ['enter']],
  ['\r\n', ['enter']],
  ['\r\r', ['enter', 'enter']],
  ['\x7f', ['backspace']],
  ['\b', ['backspace']],
  ['\x03', ['C-c']],
  ['\x1a', ['C-z']],
  ['\x1d', ['C-]']],
  ['\0', ['C-space']],
  ['\x1b', ['escape']],
  ['\x1b\x1b', ['escape', 'escape']],
  ['\x1b[A', ['up']],
  ['\x1bOB', ['down']],
  ['\x1b[1;5C', ['C-right']],
  ['\x1b[1;2D', ['S-left']],
  ['\x1b[1;8A', ['C-M-S-up']],
  ['\x1b[H', ['home']],
  ['\x1bOF', ['end']],
  ['\x1b[1~\x1b[4~\x1b[7~\x1b[8~', ['home', 'end', 'home', 'end']],
  ['\x1b[2~\x1b[3~\x1b[5~\x1b[6~', ['insert', 'delete', 'pageup', 'pagedown']],
  ['\x1b[3;5~', ['C-delete']],
  ['\x1b[Z', ['S-tab']],
  ['\x1bOP\x1b[11~\x1b[[A', ['f1', 'f1', 'f1']],
  ['\x1b[15~\x1b[24~\x1b[[E', ['f5', 'f12', 'f5']],
  ['\x1b[15;2~', ['S-f5']],
  ['\x1bp', ['M-p']],
  ['\x1b\x01', ['C-M-a']],
  ['\x1b\r', ['M-enter']],
  ['\x1b]', ['M-]']],
  ['\x1b[a\x1bOa\x1b[3$\x1b[3^\x1b[3@', ['S-up', 'C-up', 'S-delete', 'C-delete', 'C-S-delete']],
  ['\x1bOM\x1bOp\x1bOk', ['enter', '0', '+']],
  ['\x1b[27;5;105~', ['C-i']],
  ['\x1b[97;5u\x1b[13;2u\x1b[27u', ['C-a', 'S-enter', 'escape']],
  // Answers and reports of the terminal name no key.
  ['\x1b[<0;10;5M\x1b[<0;10;5m', ['click@4,9']],
  ['\x1b[M !!a', ['a']],
  ['\x1b[I\x1b[O', []],
  ['\x1b[?1;2c\x1b[>0;276;0c', []],
  ['\x1b]11;rgb:0000/0000/0000\x1b\\q', ['q']],
  ['\x1bP1$r0m\x1b\\q', ['q']],
  ['\x1b]0;title\x07q', ['q']],
  ['\x1b[?2026;1$yq', ['q']],
  ['\x1b[99~q', ['q']],
  ['\x1b[201~q', ['q']],
  ['\x9b\x85q', ['q']],
  ['\u202e\u200bq', ['q']],
  // A control byte breaks a sequence off.
  ['\x1b[1;\x03', ['C-c']],
] as const)('%j', (bytes, keys) => {
  expect(decode(bytes)).toEqual(keys)
})

test('a sequence split over two reads is one key', () => {
  expect(decode('\x1b', '[A')).toEqual(['up'])
  expect(decode('\x1b[', 'A')).toEqual(['up'])
  expect(decode('\x1b[1', ';5', 'A')).toEqual(['C-up'])
  expect(decode('\x1bO', 'P')).toEqual(['f1'])
})

test('a lone Escape is waited for shortly, the rest of a sequence longer, a key not at all', () => {
  const decoder = keyDecoder()
  expect(decoder.pendingMs()).toBeNull()
  decoder.feed(Buffer.from('\x1b'))
  expect(decoder.pendingMs()).toBeGreaterThanOrEqual(30)
  expect(decoder.pendingMs()).toBeLessThanOrEqual(50)
  decoder.feed(Buffer.from('['))
  expect(decoder.pendingMs()).toBeGreaterThan(200)
  expect(decoder.feed(Buffer.from('A')).map(show)).toEqual(['up'])
  expect(decoder.pendingMs()).toBeNull()
})

test('a sequence that never ends becomes no key', () => {
  expect(decode('\x1b[1;')).toEqual([])
  expect(decode('\x1bO')).toEqual([])
  expect(decode(`\x1b]0;${'x'.repeat(5000)}`)).toEqual([])
})

test('letters of two and three bytes may be split', () => {
  const bytes = Buffer.from('ä容')
  expect(decode(bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3))).toEqual(['ä', '容'])
})

test('bytes that are no UTF-8 become no key', () => {
  expect(decode(Buffer.from([0xff, 0xc3, 0x28]))).toEqual(['('])
})

test('a paste is one message, with its line ends', () => {
  expect(decode('\x1b[200~veth195490d\r\nq\rz\x1b[201~q')).toEqual(['paste:veth195490d\nq\nz', 'q'])
  expect(decode('\x1b[200~\x1b[A\x1b[201~')).toEqual(['paste:\x1b[A'])
})

test('a paste whose end never comes is given when the wait is over', () => {
  expect(decode('\x1b[200~docker0')).toEqual(['paste:docker0'])
})

test('a paste of any length keeps its end', () => {
  const [pasted, after] = decode(`\x1b[200~${'x'.repeat(200_000)}\x1b[201~q`)
  expect(pasted?.length).toBe(64 * 1024 + 'paste:'.length)
  expect(after).toBe('q')
})

const piece = fc.constantFrom(
  'q',
  'ä',
  '容',
  '\r',
  '\t',
  '\x1b[A',
  '\x1bOP',
  '\x1b[1;5C',
  '\x1b[15~',
  '\x1b[<0;1;1M',
  '\x1b]0;t\x07',
  '\x1b[200~pasted\rtext\x1b[201~',
  '\x1b[3$',
  '\x1b[[B',
)

test('however the bytes are cut into reads, the keys are the same', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(''))
      const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
      const chunks = [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length))
      expect(decode(...chunks)).toEqual(decode(bytes))
    }),
    { numRuns: 500 },
  )
})

test('no input makes a key with a control or format character in its name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      for (const key of decode(bytes)) {
        if (!key.startsWith('paste:')) expect(key).toMatch(/^[^\p{Cc}\p{Cf}]+$/u)
      }
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['\x1b[<0;3;2M\x1b[<0;3;2m', ['click@1,2']],
  ['\x1b[<64;80;24M', ['wheel-up@23,79']],
  ['\x1b[<65;1;1M', ['wheel-down@0,0']],
  ['\x1b[<2;1;1M', []],
  ['\x1b[<16;1;1M', []],
  ['\x1b[<0;0;1M', []],
  ['\x1b[<0;99999999;1M', []],
])('mouse report %j', (bytes, names) => {
  expect(decode(bytes)).toEqual(names)
  expect(decode(...Array.from(bytes))).toEqual(names)
})
