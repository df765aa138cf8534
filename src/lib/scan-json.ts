/**
 * Looks over JSON text before anything is built from it: is it JSON, where is it not, how deep and how large would
 * it become. `JSON.parse` alone tells the place only sometimes, takes any depth, and a small file can ask for more
 * memory than Node has (`[{},{},…`), which no program survives.
 */

export type JsonSize = {
  readonly ok: true
  readonly depth: number
  /** Objects and arrays. */
  readonly containers: number
  /** Everything inside them: elements and members. */
  readonly values: number
}
export type JsonProblem = { readonly ok: false; readonly says: string; readonly offset: number }

const object = 1
const array = 2

type Expect = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing'

const expected: { readonly [E in Expect]: string } = {
  value: 'a value',
  'value-or-end': 'a value or "]"',
  key: 'a name in quotes',
  'key-or-end': 'a name in quotes or "}"',
  colon: '":"',
  'comma-or-end': '"," or the end of the list',
  nothing: 'nothing more',
}

const badText = 'a character that a text in quotes cannot have'

/**
 * Names in one object. A World's largest hold some thousand sysctls; V8 keeps very large ones at a price out of all
 * proportion to the text.
 */
const maxMembers = 100_000

/** One pass over UTF-8 bytes, RFC 8259; never recursive. */
export function scanJson(bytes: Uint8Array, maxDepth: number): JsonSize | JsonProblem {
  const stack = new Uint8Array(maxDepth)
  const members = new Uint32Array(maxDepth)
  let depth = 0
  let deepest = 0
  let containers = 0
  let values = 0
  let expect: Expect = 'value'
  let at = 0

  const wrong = (offset: number, says: string): JsonProblem => ({
    ok: false,
    offset,
    says: offset >= bytes.length ? 'the file ends too early' : says,
  })
  const problem = (offset: number) => wrong(offset, `expected ${expected[expect]}${found(bytes, offset)}`)

  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      at += 1
      continue
    }
    switch (expect) {
      case 'key-or-end':
      case 'key':
        if (byte === 0x22) {
          const end = endOfString(bytes, at)
          if (end < 0) return wrong(~end, badText)
          const names = (members[depth - 1] ?? 0) + 1
          if (names > maxMembers)
            return { ok: false, offset: at, says: `an object with more than ${maxMembers} names` }
          members[depth - 1] = names
          at = end
          expect = 'colon'
        } else if (byte === 0x7d && expect === 'key-or-end') {
          at += 1
          depth -= 1
          expect = depth === 0 ? 'nothing' : 'comma-or-end'
        } else return problem(at)
        break
      case 'colon':
        if (byte !== 0x3a) return problem(at)
        at += 1
        expect = 'value'
        break
      case 'comma-or-end': {
        const inside = stack[depth - 1]
        if (byte === 0x2c) {
          expect = inside === object ? 'key' : 'value'
        } else if (byte === (inside === object ? 0x7d : 0x5d)) {
          depth -= 1
          expect = depth === 0 ? 'nothing' : 'comma-or-end'
        } else return problem(at)
        at += 1
        break
      }
      case 'value-or-end':
      case 'value':
        if (byte === 0x5d && expect === 'value-or-end') {
          at += 1
          depth -= 1
          expect = depth === 0 ? 'nothing' : 'comma-or-end'
          break
        }
        values += 1
        if (byte === 0x7b || byte === 0x5b) {
          if (depth === maxDepth) return { ok: false, offset: at, says: `nested more than ${maxDepth} deep` }
          stack[depth] = byte === 0x7b ? object : array
          members[depth] = 0
          depth += 1
          deepest = Math.max(deepest, depth)
          containers += 1
          at += 1
          expect = byte === 0x7b ? 'key-or-end' : 'value-or-end'
          break
        }
        {
          const end = endOfScalar(bytes, at)
          if (end < 0) return byte === 0x22 ? wrong(~end, badText) : problem(~end)
          at = end
          expect = depth === 0 ? 'nothing' : 'comma-or-end'
        }
        break
      case 'nothing':
        return problem(at)
    }
  }
  if (expect !== 'nothing') return problem(bytes.length)
  return { ok: true, depth: deepest, containers, values }
}

function found(bytes: Uint8Array, offset: number): string {
  const byte = bytes[offset] ?? 0
  return byte >= 0x20 && byte < 0x7f ? `, found "${String.fromCharCode(byte)}"` : ''
}

/** Offset behind the value; where it is wrong, `~offset` of that place, which is always negative. */
function endOfScalar(bytes: Uint8Array, start: number): number {
  const first = bytes[start] ?? 0
  if (first === 0x22) return endOfString(bytes, start)
  if (first === 0x74) return endOfWord(bytes, start, 'true')
  if (first === 0x66) return endOfWord(bytes, start, 'false')
  if (first === 0x6e) return endOfWord(bytes, start, 'null')
  return endOfNumber(bytes, start)
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1
  for (;;) {
    const byte = bytes[at]
    if (byte === undefined || byte < 0x20) return ~at
    if (byte === 0x22) return at + 1
    if (byte !== 0x5c) {
      at += 1
      continue
    }
    const escape = bytes[at + 1] ?? 0
    if (escape === 0x75) {
      for (let digit = at + 2; digit < at + 6; digit += 1) if (!isHex(bytes[digit] ?? 0)) return ~digit
      at += 6
    } else if ('"\\/bfnrt'.includes(String.fromCharCode(escape))) at += 2
    else return ~(at + 1)
  }
}

function endOfWord(bytes: Uint8Array, start: number, word: string): number {
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[start + index] !== word.charCodeAt(index)) return ~(start + index)
  }
  return start + word.length
}

function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = start
  const digits = (): boolean => {
    const from = at
    while (isDigit(bytes[at] ?? 0)) at += 1
    return at > from
  }
  const wrong = () => ~at
  if (bytes[at] === 0x2d) at += 1
  if (bytes[at] === 0x30) at += 1
  else if (!digits()) return wrong()
  if (bytes[at] === 0x2e) {
    at += 1
    if (!digits()) return wrong()
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at += 1
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at += 1
    if (!digits()) return wrong()
  }
  return at
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46)
}
