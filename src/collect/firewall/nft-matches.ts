/** What a `match` of `nft -j` asks for. */
import type { Match, NfFamily } from '../../model/ruleset.ts'
import { isObject, numberIn, only, stringIn, stringsIn, type Json } from './nft-json.ts'
import { statementText } from './nft-statement-text.ts'
import { expressionText } from './nft-text.ts'

type Asked = {
  readonly not: boolean
  readonly values: string[]
  /** Of a comparison under a mask (`meta mark & 0xff == 1`). */
  readonly mask: unknown
  readonly right: unknown
}
/** null: not in this form. */
type Reading = (asked: Asked, operator: string) => Match | null

export function matchesOfNft(match: Json, family: NfFamily): readonly Match[] {
  const split = splitConcatenation(match)
  if (split !== null) return split.flatMap((each) => matchesOfNft(each, family))
  const typed = typedMatch(match)
  return typed === null
    ? [{ kind: 'opaque', text: statementText({ match }) }]
    : [...implied(match['left'], family), typed]
}

/** `ip saddr . tcp dport { 10.0.0.1 . 80 }` with one element is two matches. */
function splitConcatenation({ op, left, right }: Json): Json[] | null {
  const keys = only(left, 'concat')
  if (!Array.isArray(keys) || op === '!=') return null
  const set = only(right, 'set')
  const value: unknown = Array.isArray(set) && set.length === 1 ? set[0] : right
  const values = only(value, 'concat')
  if (!Array.isArray(values) || values.length !== keys.length) return null
  return keys.map((key: unknown, at) => ({ op, left: key, right: values[at] as unknown }))
}

function typedMatch({ op, left, right }: Json): Match | null {
  const operator = String(op)
  const masked = only(left, '&')
  const [key, mask] = Array.isArray(masked) ? (masked as readonly unknown[]) : [left, null]
  const reading = readings[keyOf(key)]
  const values = valuesOf(right)
  if (reading === undefined || values === null) return null
  return reading({ not: operator === '!=', values, mask, right }, operator)
}

/** `tcp dport`, `meta iifname`, `ct state`, `fib daddr type`: one word list for all that is understood. */
function keyOf(left: unknown): string {
  if (!isObject(left)) return ''
  // A direction or a family makes it another question.
  const ct = only(left, 'ct')
  if (isObject(ct)) return 'dir' in ct ? '' : `ct ${stringIn(ct, 'key')}`
  const meta = only(left, 'meta')
  if (isObject(meta)) return `meta ${stringIn(meta, 'key')}`
  const fib = only(left, 'fib')
  if (isObject(fib)) return `fib ${stringsIn(fib, 'flags').join(' ')} ${stringIn(fib, 'result')}`
  const payload = only(left, 'payload')
  return isObject(payload) ? `${stringIn(payload, 'protocol')} ${stringIn(payload, 'field')}` : ''
}

/** Any of them suffices. null: something that is no plain value. */
function valuesOf(right: unknown): string[] | null {
  if (typeof right === 'string' || typeof right === 'number') return [String(right)]
  if (Array.isArray(right)) return flat(right)
  if (!isObject(right)) return null
  if ('set' in right) return Array.isArray(right['set']) ? flat(right['set']) : null
  if ('prefix' in right || 'range' in right) return [expressionText(right)]
  // Flags, as versions before 1.0 print them.
  const or = only(right, '|')
  if (Array.isArray(or)) return flat(or)
  const elem = only(right, 'elem')
  return isObject(elem) ? valuesOf(elem['val']) : null
}

function flat(list: readonly unknown[]): string[] | null {
  const found = list.map(valuesOf)
  return found.includes(null) ? null : found.flatMap((each) => each ?? [])
}

const equals = new Set(['==', '!=', 'in'])

/** For what has no order and no mask. */
const plain =
  (make: (asked: Asked) => Match | null): Reading =>
  (asked, operator) =>
    equals.has(operator) && asked.mask === null ? make(asked) : null

const address = (side: 'source' | 'destination') =>
  plain(({ not, values }) => ({ kind: 'address', side, not, values }))

const interfaceName = (side: 'in' | 'out') =>
  plain(({ not, values }) => ({ kind: 'interface', side, not, values }))

const mac = (side: 'source' | 'destination') =>
  plain(({ not, values }) => ({ kind: 'mac', side, not, values }))

const addrtype = (side: 'source' | 'destination') =>
  plain(({ not, values }) => ({ kind: 'addrtype', side, not, values: upper(values) }))

const protocol = plain(({ not, values }) => ({ kind: 'protocol', not, values }))

const icmp = plain(({ not, values }) => ({ kind: 'icmp', not, values }))

const highestPort = 65535

const port =
  (side: 'source' | 'destination'): Reading =>
  ({ not, values, mask, right }, operator) => {
    if (mask !== null) return null
    if (equals.has(operator)) return { kind: 'port', side, not, values }
    const range = typeof right === 'number' ? compared(operator, right) : null
    return range === null ? null : { kind: 'port', side, not: false, values: [range] }
  }

function compared(operator: string, value: number): string | null {
  if (operator === '<') return `0-${value - 1}`
  if (operator === '<=') return `0-${value}`
  if (operator === '>') return `${value + 1}-${highestPort}`
  return operator === '>=' ? `${value}-${highestPort}` : null
}

const mark =
  (of: 'packet' | 'connection'): Reading =>
  ({ not, mask, right }, operator) => {
    if (typeof right !== 'number' || (operator !== '==' && operator !== '!=')) return null
    if (mask !== null && typeof mask !== 'number') return null
    return { kind: 'mark', of, not, value: hex(right), mask: typeof mask === 'number' ? hex(mask) : null }
  }

/** As iptables writes marks. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`
}

function upper(values: readonly string[]): string[] {
  return values.map((value) => (value.startsWith('@') ? value : value.toUpperCase()))
}

/** `tcp flags syn / fin,syn` tests under a mask; `tcp flags syn` alone asks for any of the flags. */
const tcpFlags: Reading = ({ not, values, mask, right }, operator) => {
  if (!equals.has(operator)) return null
  const set = right === 0 ? [] : upper(values)
  if (set.some((flag) => !/^[A-Z]+$/.test(flag))) return null
  if (mask !== null) {
    const names = valuesOf(mask)
    return names === null || operator === 'in' ? null : { kind: 'tcpflags', not, mask: upper(names), set }
  }
  return operator === 'in' && set.length === 1 ? { kind: 'tcpflags', not, mask: set, set } : null
}

const natStates = new Set(['snat', 'dnat'])

const readings: Readonly<Record<string, Reading>> = {
  'ip saddr': address('source'),
  'ip daddr': address('destination'),
  'ip6 saddr': address('source'),
  'ip6 daddr': address('destination'),
  'ether saddr': mac('source'),
  'ether daddr': mac('destination'),
  'meta iifname': interfaceName('in'),
  'meta iif': interfaceName('in'),
  'meta oifname': interfaceName('out'),
  'meta oif': interfaceName('out'),
  'meta l4proto': protocol,
  'ip protocol': protocol,
  'ip6 nexthdr': protocol,
  'icmp type': icmp,
  'icmpv6 type': icmp,
  'meta mark': mark('packet'),
  'ct mark': mark('connection'),
  'tcp flags': tcpFlags,
  'meta nfproto': plain(({ not, values }) => ({
    kind: 'family',
    not,
    values: values.map((value) => (value === 'ipv4' ? 'ip' : value === 'ipv6' ? 'ip6' : value)),
  })),
  'ct state': plain(({ not, values }) => ({ kind: 'ctstate', not, values: upper(values) })),
  'ct status': plain(({ not, values }) =>
    values.every((value) => natStates.has(value)) ? { kind: 'ctstate', not, values: upper(values) } : null,
  ),
  'fib saddr type': addrtype('source'),
  'fib daddr type': addrtype('destination'),
  ...Object.fromEntries(
    ['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'th'].flatMap((each) => [
      [`${each} dport`, port('destination')],
      [`${each} sport`, port('source')],
    ]),
  ),
}

const transports = new Set(['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'icmp', 'icmpv6'])

/** nft leaves out what follows: `tcp dport` is of TCP only, and `ip saddr` in an inet table of IPv4 only. */
function implied(left: unknown, family: NfFamily): readonly Match[] {
  const masked = only(left, '&')
  const payload = only(Array.isArray(masked) ? masked[0] : left, 'payload')
  const name = isObject(payload) && numberIn(payload, 'len') === null ? stringIn(payload, 'protocol') : null
  if (name === null) return []
  if (transports.has(name)) return [{ kind: 'protocol', not: false, values: [name] }]
  if (family === 'inet' && (name === 'ip' || name === 'ip6')) {
    return [{ kind: 'family', not: false, values: [name] }]
  }
  return []
}
