/**
 * Text as a row of addresses, identifiers, numbers and words. What is not known to tell nothing is replaced, so a
 * secret cannot hide in a place that nobody thought of.
 */
import type { Addresses } from './ip-addresses.ts'
import type { Hash } from './hashing.ts'
import type { NameKind, TextKind } from './decisions.ts'
import { mapIpText } from './ip-text.ts'
import type { Identifiers } from './identifiers.ts'
import type { PseudonymKind, Pseudonyms } from './pseudonyms.ts'
import { isSyntax, isUsualLink, isUsualName, isUsualProcess, isWord } from './vocabulary.ts'

export type Replacers = {
  readonly hash: Hash
  readonly addresses: Addresses
  readonly identifiers: Identifiers
  readonly names: Pseudonyms
}

/** Other scripts and symbols count as letters: whatever they spell, somebody wrote it. */
const letter = '[A-Za-z0-9_\\u0080-\\u{10ffff}]'
/** Found wherever they stand, also within what looks like a word: `docker-192.0.2.1.scope`, `ip-192-0-2-1`. */
const wholes = [
  ['time', '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z?'],
  ['uuid', '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'],
  ['bridge', '[0-9a-f]{4}\\.[0-9a-f]{12}'],
  ['mac', '[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5,31}'],
  ['ip6', '[0-9a-fA-F]{0,4}:[0-9a-fA-F:]*:[0-9a-fA-F:]*(?:\\d{1,3}(?:\\.\\d{1,3}){3})?(?:/\\d{1,3})?'],
  ['reverse', '(?:\\d{1,3}\\.){4}in-addr\\.arpa'],
  ['ip4', '\\d{1,3}(?:\\.\\d{1,3}){3}(?!\\.?\\d)(?:/(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\d{1,2}))?'],
  ['dashes', '\\d{1,3}(?:-\\d{1,3}){3}(?!-?\\d)'],
  ['key', '[A-Za-z0-9+/]{43}='],
] as const
const whole = new RegExp(
  wholes.map(([name, pattern]) => `(?<${name}>(?<!${letter})${pattern}(?!${letter}))`).join('|'),
  'gu',
)
const word = new RegExp(`(?<word>${letter}(?:[.\\-]*${letter})*)|[ \\t\\n!-/:-@[-\`{-~]`, 'gu')

/** Characters that are none of these (controls, among them those that move a cursor) are left out. */
export function redactText(text: string, kind: TextKind, by: Replacers): string {
  let result = ''
  let at = 0
  for (const match of text.matchAll(whole)) {
    result += redactWords(text.slice(at, match.index), kind, by) + redactWhole(match, kind, by)
    at = match.index + match[0].length
  }
  return result + redactWords(text.slice(at), kind, by)
}

function redactWords(text: string, kind: TextKind, by: Replacers): string {
  let result = ''
  for (const match of text.matchAll(word)) {
    result += match.groups?.['word'] === undefined ? match[0] : redactWord(match[0], kind, by)
  }
  return result
}

function redactWhole(match: RegExpMatchArray, kind: TextKind, by: Replacers): string {
  const [token] = match
  const { time, uuid, bridge, mac, reverse, dashes, key } = match.groups ?? {}
  if (time !== undefined) return token
  if (uuid !== undefined) return by.identifiers.uuid(uuid)
  if (bridge !== undefined) return `${bridge.slice(0, 5)}${macText(bridge.slice(5), '', by)}`
  if (mac !== undefined) return macText(mac, ':', by)
  if (key !== undefined) return by.identifiers.key(key)
  const mapped =
    reverse !== undefined
      ? turned(reverse, by)
      : dashes !== undefined
        ? mapIpText(dashes.replaceAll('-', '.'), by.addresses)?.replaceAll('.', '-')
        : (mapIpText(token, by.addresses) ?? withPort(token, kind, by))
  return mapped ?? redactWords(token, kind, by)
}

/** `2001:db8::1:443` without brackets, as some tools write it; null: too short to be, or to hide, an address. */
function withPort(token: string, kind: TextKind, by: Replacers): string | null {
  const colons = token.split(':').length - 1
  if (colons < 4) return null
  const at = token.lastIndexOf(':')
  const mapped = mapIpText(token.slice(0, at), by.addresses)
  return mapped === null ? by.names.of(token, kind) : `${mapped}${token.slice(at)}`
}

/** `1.2.0.192.in-addr.arpa`. */
function turned(reverse: string, by: Replacers): string | null {
  const octets = reverse.split('.').slice(0, 4)
  const mapped = mapIpText(octets.toReversed().join('.'), by.addresses)
  return mapped === null ? null : `${mapped.split('.').toReversed().join('.')}.in-addr.arpa`
}

function macText(text: string, separator: string, { addresses }: Replacers): string {
  const bytes = Buffer.from(separator === '' ? text : text.replaceAll(separator, ''), 'hex')
  const mapped = Buffer.from(addresses.macs.map(bytes)).toString('hex')
  return separator === '' ? mapped : (mapped.match(/../g) ?? []).join(separator)
}

/** `docker-<id>.scope`, `nginx`, `100ms`, `0x2a`; what is made of several is looked at in parts. */
function redactWord(word: string, kind: TextKind, by: Replacers): string {
  return redactParts(word, kind, by, ['.', '-', '_'])
}

function redactParts(word: string, kind: TextKind, by: Replacers, separators: readonly string[]): string {
  if (word === '' || isSyntax(word)) return word
  if (by.names.isExpected(word)) return renamed(word, kind, by)
  const kept = harmless(word, kind, by)
  if (kept !== null) return kept
  const [separator, ...finer] = separators
  if (separator === undefined) return by.names.of(word, kind)
  return word
    .split(separator)
    .map((part) => redactParts(part, kind, by, finer))
    .join(separator)
}

const number =
  /^v?\d{1,11}([.-]\d{1,11})*(ms|us|ns|s|m|h|d|w|b|k|kb|kib|mib|gib|kbit|mbit|gbit|bit|byte|bytes|p|ip|pkts)?$/i
/** What people write: a long number in it may be a telephone's or a customer's. */
const personal: ReadonlySet<string> = new Set<TextKind>(['alias', 'label', 'comment', 'argument'])
const shortHex = /^(?=.*\d)[0-9a-f]{1,4}$/
const mark = /^0x[0-9a-f]{1,8}$/i
/** `enx001122334455`: a device is called after its hardware address. */
const namedAfterMac = /^(enx|wlx)([0-9a-f]{12})$/
const ownBridge = /^(br|dm)-([0-9a-f]{12})$/
const identifier = /^[0-9a-f]{12,128}$/i

/** What may stay, or what an identifier becomes; null: somebody's word. */
function harmless(word: string, kind: PseudonymKind, by: Replacers): string | null {
  if (word.length === 1 && word.charCodeAt(0) < 128) return word
  const isNumber = number.test(word) && (!personal.has(kind) || !/\d{6}/.test(word))
  if (isNumber || shortHex.test(word) || mark.test(word)) return word
  if (isSyntax(word) || isWord(word) || isUsualLink(word) || isUsualName(word) || isUsualProcess(word))
    return word
  if (identifier.test(word)) return by.identifiers.hex(word)
  const [, prefix, mac] = namedAfterMac.exec(word) ?? []
  if (prefix !== undefined && mac !== undefined) return `${prefix}${macText(mac, '', by)}`
  const [, bridge, id] = ownBridge.exec(word) ?? []
  if (bridge !== undefined && id !== undefined) return `${bridge}-${by.identifiers.hex(id)}`
  return null
}

/** Names that programs give to what belongs to the system: rules, tables, links. */
const structural: ReadonlySet<string> = new Set<NameKind>(['chain', 'table', 'set', 'program', 'link'])

/** A name that gives nothing away. `DOCKER-USER` is one for a chain, not for a container. */
export function stays(name: string, kind: PseudonymKind): boolean {
  if (name === '' || isUsualName(name) || /^\d{1,11}$/.test(name)) return true
  // A namespace without a name is called after what runs in it.
  if (kind === 'process' || kind === 'netns') return isUsualProcess(name)
  if (!structural.has(kind)) return false
  if (/\d{1,3}(?:[.-]\d{1,3}){3}/.test(name)) return false
  return isSyntax(name) || name.split(/[.\-_]+/).every((part) => isSyntax(part) || /^\d{1,5}$/.test(part))
}

/** `/run/netns/web`, `PID 21 fd 9 (sleep)`: what stands in for a name where there is none. */
export function isSentence(name: string): boolean {
  return /[\s/()[\]]/.test(name)
}

/** One name as a whole: `container1`, `link2`, by the kind of thing that has it. */
export function redactName(name: string, kind: PseudonymKind, by: Replacers): string {
  if (stays(name, kind)) return name
  if (isSentence(name)) return redactText(name, 'word', by)
  return renamed(name, kind, by)
}

function renamed(name: string, kind: PseudonymKind, by: Replacers): string {
  const address = mapIpText(name, by.addresses)
  if (address !== null) return address
  if (identifier.test(name) || namedAfterMac.test(name) || ownBridge.test(name)) {
    return harmless(name, kind, by) ?? by.names.of(name, kind)
  }
  return by.names.of(name, kind)
}
