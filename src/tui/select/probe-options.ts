/** The options that may stand behind a probe's target, named as the command line names them, and the line cut into both. */
import { wordsOf } from '../../lib/words.ts'
import { dnsTypes } from '../../model/probe.ts'
import type { FormKind } from './probe-kinds.ts'

export type FormOption = {
  /** Without its dashes. */
  readonly name: string
  readonly short?: string
  /** null: it stands alone. */
  readonly value:
    | null
    | { readonly type: 'integer' | 'seconds'; readonly min: number; readonly max: number }
    | { readonly type: 'text'; readonly what: string }
    | { readonly type: 'choice'; readonly choices: readonly string[] }
  readonly says: string
  /** It may stand there several times. */
  readonly repeats?: true
}

const integer = (min: number, max: number) => ({ type: 'integer', min, max }) as const
const seconds = (min: number, max: number) => ({ type: 'seconds', min, max }) as const

const family: readonly FormOption[] = [
  { name: 'ipv4', short: '4', value: null, says: 'only an IPv4 address will do' },
  { name: 'ipv6', short: '6', value: null, says: 'only an IPv6 address will do' },
]
const timeout = (says: string): FormOption => ({ name: 'timeout', value: seconds(0.05, 3600), says })

export const formOptions: Readonly<Record<FormKind, readonly FormOption[]>> = {
  ping: [
    { name: 'count', short: 'c', value: integer(0, 1_000_000_000), says: 'how many; 0: until stopped' },
    { name: 'interval', short: 'i', value: seconds(0.002, 86_400), says: 'seconds from one to the next' },
    { name: 'size', short: 's', value: integer(0, 65_507), says: 'bytes behind the ICMP header' },
    { name: 'timeout', short: 'W', value: seconds(0.001, 3600), says: 'how long an answer is waited for' },
    { name: 'df', value: null, says: 'never in fragments' },
    { name: 'mtu', value: null, says: 'looks for the largest packet that passes' },
    { name: 'ttl', short: 't', value: integer(1, 255), says: 'how many hops it may go' },
    { name: 'link', short: 'I', value: { type: 'text', what: 'LINK' }, says: 'leaves by this link' },
    ...family,
  ],
  http: [
    timeout('how long an answer is waited for'),
    { name: 'head', value: null, says: 'HEAD: no body' },
    { name: 'insecure', value: null, says: 'goes on where a certificate cannot be trusted' },
    {
      name: 'header',
      short: 'H',
      value: { type: 'text', what: '"NAME: VALUE"' },
      says: 'is sent too; several times for several',
      repeats: true,
    },
    { name: 'max-redirects', value: integer(0, 50), says: 'how many are followed; 0: none' },
  ],
  tcp: [
    timeout('how long a connection is waited for'),
    { name: 'banner', value: seconds(0, 60), says: 'how long a server that speaks first is listened to' },
    ...family,
  ],
  udp: [
    timeout('how long an answer is waited for'),
    { name: 'payload', value: { type: 'text', what: 'TEXT' }, says: 'what is sent' },
    ...family,
  ],
  dns: [
    { name: 'type', value: { type: 'choice', choices: dnsTypes }, says: 'the record' },
    { name: 'server', value: { type: 'text', what: 'SERVER' }, says: 'ask this one only' },
    { name: 'timeout', value: seconds(0.05, 300), says: 'how long a server is waited for, at most' },
  ],
  traceroute: [
    { name: 'icmp', short: 'I', value: null, says: 'with ICMP echo' },
    { name: 'tcp', short: 'T', value: null, says: 'with TCP connections, taken back at once' },
    { name: 'port', short: 'p', value: integer(1, 65_535), says: 'of UDP the first, of TCP the one' },
    { name: 'max-hops', short: 'm', value: integer(1, 255), says: 'how far, at most' },
    { name: 'probes', short: 'q', value: integer(1, 10), says: 'how many for each hop' },
    { name: 'timeout', short: 'w', value: seconds(0.01, 60), says: 'how long an answer is waited for' },
    { name: 'mtu', value: null, says: 'with packets as large as pass' },
    ...family,
  ],
  listen: [
    { name: 'udp', value: null, says: 'datagrams instead of connections' },
    { name: 'http', value: null, says: 'as a web server that tells who asked' },
    { name: 'count', value: integer(1, 1_000_000), says: 'ends after so many' },
    timeout('ends after so many seconds'),
  ],
  capture: [
    { name: 'way', value: null, says: 'along the way out: the pair, its bridge, the uplink' },
    { name: 'count', short: 'c', value: integer(1, 1e12), says: 'ends after so many packets' },
    { name: 'duration', value: seconds(0.1, 1_000_000), says: 'ends after so many seconds' },
    { name: 'bytes', value: integer(1, 1e15), says: 'ends after so many bytes of packets' },
    { name: 'snap', short: 's', value: integer(0, 262_144), says: 'bytes kept of each packet; 0: all' },
  ],
  tool: [],
  matrix: [
    { name: 'port', value: { type: 'text', what: '80,443' }, says: 'TCP ports that are tried too' },
    { name: 'no-ping', value: null, says: 'ports only' },
    { name: 'timeout', value: seconds(0.05, 60), says: 'how long one cell is waited for' },
    ...family,
  ],
}

/** Whatever stands there is the program's own. */
export const isVerbatim = (kind: FormKind): boolean => kind === 'tool'

const exclude: readonly (readonly [string, string])[] = [
  ['ipv4', 'ipv6'],
  ['udp', 'http'],
  ['icmp', 'tcp'],
  ['tcp', 'mtu'],
  ['icmp', 'port'],
]

export type FormLine = {
  readonly words: readonly string[]
  /** By name, in their order; what stands alone has an empty one. */
  readonly given: ReadonlyMap<string, readonly string[]>
}

/** A sentence, where the line cannot be meant. */
export function formLine(kind: FormKind, text: string): FormLine | string {
  const parts = wordsOf(text)
  if (parts === null) return 'a quote is left open'
  if (isVerbatim(kind)) return { words: parts, given: new Map() }
  const words: string[] = []
  const given = new Map<string, readonly string[]>()
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? ''
    if (!part.startsWith('-') || part === '-') {
      words.push(part)
      continue
    }
    const [name = '', ...after] = part.split('=')
    const option = optionOf(kind, name)
    if (option === null) return `${kind} has no ${name}; Tab shows what there is`
    const before = given.get(option.name) ?? []
    if (before.length > 0 && option.repeats !== true) return `${name} stands there twice`
    if (option.value === null) {
      given.set(option.name, [''])
      continue
    }
    const value = after.length > 0 ? after.join('=') : parts[(at += 1)]
    const problem = problemWith(option, name, value)
    if (problem !== null) return problem
    given.set(option.name, [...before, value ?? ''])
  }
  for (const [one, other] of exclude)
    if (given.has(one) && given.has(other)) return `--${one} and --${other} exclude each other`
  return { words, given }
}

/** As it is typed, `--count` or `-c`. */
export function optionOf(kind: FormKind, typed: string): FormOption | null {
  return (
    formOptions[kind].find(({ name, short }) => typed === `--${name}` || typed === `-${short ?? ' '}`) ?? null
  )
}

function problemWith({ value }: FormOption, name: string, given: string | undefined): string | null {
  if (value === null) return null
  if (given === undefined || given === '') return `${name} what? ${wantedOf(value)}`
  if (value.type === 'text') return null
  if (value.type === 'choice') return value.choices.includes(given) ? null : `${name}: ${wantedOf(value)}`
  const isNumber =
    value.type === 'integer' ? /^\d{1,16}$/.test(given) : /^(?:\d{1,9}(?:\.\d{1,6})?|\.\d{1,6})$/.test(given)
  return isNumber && Number(given) >= value.min && Number(given) <= value.max
    ? null
    : `${name}: ${wantedOf(value)}`
}

export function wantedOf(value: NonNullable<FormOption['value']>): string {
  switch (value.type) {
    case 'text':
      return value.what
    case 'choice':
      return `one of ${value.choices.join(', ')}`
    case 'integer':
      return `a number from ${value.min} to ${value.max}`
    case 'seconds':
      return `seconds, from ${value.min} to ${value.max}`
    default:
      return value satisfies never
  }
}
