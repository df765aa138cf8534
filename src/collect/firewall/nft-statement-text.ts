/** Statements of `nft -j` in the words of nft(8). */
import type { NfFamily } from '../../model/ruleset.ts'
import { expressionText, styleOf } from './nft-text.ts'
import { isObject, numberIn, stringIn, stringsIn, type Json } from './nft-json.ts'

/** The whole rule, as `nft list ruleset` prints it; with the comment, without counters. */
export function ruleText(expressions: readonly unknown[], comment: string | null, family: NfFamily): string {
  const words = expressions.map((each) => (isPlainReject(each, family) ? 'reject' : statementText(each)))
  if (comment !== null) words.push(`comment "${comment}"`)
  return words.join(' ')
}

/** What nft leaves out, because it is meant where nothing is said. */
function isPlainReject(statement: unknown, family: NfFamily): boolean {
  const reject = isObject(statement) ? statement['reject'] : null
  if (!isObject(reject) || reject['expr'] !== 'port-unreachable') return false
  return reject['type'] === (family === 'ip' ? 'icmp' : family === 'ip6' ? 'icmpv6' : 'icmpx')
}

export function statementText(statement: unknown): string {
  if (!isObject(statement)) return JSON.stringify(statement)
  const [key = ''] = Object.keys(statement)
  const value = statement[key]
  const inner = isObject(value) ? value : {}
  return written[key]?.(inner, value) ?? fallback(statement, key, value)
}

/** `{"accept": null}` is the word alone, and expressions can write themselves. */
function fallback(statement: Json, key: string, value: unknown): string {
  const text = expressionText(statement)
  if (!text.startsWith('{')) return text
  return value === null ? key : `${key} ${JSON.stringify(value)}`
}

type Writer = (inner: Json, value: unknown) => string

const signs: Readonly<Record<string, string>> = { '==': '', in: '' }

const written: Readonly<Record<string, Writer>> = {
  match: ({ op, left, right }) => {
    const key = expressionText(left)
    const value = expressionText(right, styleOf(left))
    const sign = signs[String(op)] ?? String(op)
    const masked = isObject(left) && '&' in left
    if (masked && key.startsWith('tcp flags & ')) {
      return `tcp flags ${sign === '' ? '' : `${sign} `}${value} / ${key.slice('tcp flags & '.length)}`
    }
    return [key, masked && sign === '' ? '==' : sign, value].filter((word) => word !== '').join(' ')
  },
  counter: (_, value) => (typeof value === 'string' ? `counter name "${value}"` : 'counter'),
  vmap: ({ key, data }) => `${expressionText(key)} vmap ${expressionText(data, styleOf(key))}`,
  mangle: ({ key, value }) => `${expressionText(key)} set ${expressionText(value, styleOf(key))}`,
  dnat: (inner) => translation('dnat', inner),
  snat: (inner) => translation('snat', inner),
  masquerade: (inner) => translation('masquerade', inner),
  redirect: (inner) => translation('redirect', inner),
  tproxy: (inner) => translation('tproxy', inner),
  reject: (inner) => {
    const type = stringIn(inner, 'type')
    const reason = inner['expr']
    if (type === null) return 'reject'
    return `reject with ${type}${reason === undefined ? '' : ` ${expressionText(reason)}`}`
  },
  log: (inner) => {
    const words = ['log']
    for (const key of ['prefix', 'group', 'snaplen', 'queue-threshold', 'level', 'flags'] as const) {
      const value = inner[key]
      if (value === undefined) continue
      words.push(key, key === 'prefix' ? `"${expressionText(value)}"` : expressionText(value))
    }
    return words.join(' ')
  },
  limit: (inner, value) =>
    typeof value === 'string' ? `limit name "${value}"` : `limit ${limitText(inner)}`,
  'ct count': (inner) => `ct count ${inner['inv'] === true ? 'over ' : ''}${numberIn(inner, 'val')}`,
  fwd: (inner) => `fwd to "${stringIn(inner, 'dev') ?? expressionText(inner['dev'])}"`,
  dup: (inner) => `dup to "${stringIn(inner, 'addr') ?? expressionText(inner['addr'])}"`,
  flow: (inner) => `flow add ${stringIn(inner, 'flowtable')}`,
  set: (inner) => `${stringIn(inner, 'op')} ${stringIn(inner, 'set')} { ${expressionText(inner['elem'])} }`,
  synproxy: (inner) =>
    ['synproxy', ...Object.entries(inner).flatMap(([key, value]) => [key, String(value)])].join(' '),
  'ct helper': (_, value) => `ct helper set ${expressionText(value, 'quoted')}`,
  'ct timeout': (_, value) => `ct timeout set ${expressionText(value, 'quoted')}`,
  'ct expectation': (_, value) => `ct expectation set ${expressionText(value, 'quoted')}`,
  notrack: () => 'notrack',
  /** What iptables-nft wrote and nft cannot say: the JSON has only its name. */
  xt: (inner) => `xt ${stringIn(inner, 'type')} "${stringIn(inner, 'name')}"`,
}

function translation(word: string, inner: Json): string {
  const family = stringIn(inner, 'family')
  const { addr, port } = inner
  const flags = stringsIn(inner, 'flags').filter((flag) => flag !== 'netmap')
  const isPrefix = stringsIn(inner, 'type_flags').includes('prefix')
  const to = `${addr === undefined ? '' : addressText(addr, port)}${port === undefined ? '' : `:${expressionText(port)}`}`
  return [
    word,
    family,
    ...(isPrefix ? ['prefix'] : []),
    ...(to === '' ? [] : ['to', to]),
    ...(flags.length === 0 ? [] : [flags.join(',')]),
  ]
    .filter(Boolean)
    .join(' ')
}

/** An IPv6 address stands in brackets before a port. */
function addressText(address: unknown, port: unknown): string {
  const text = expressionText(address)
  if (port === undefined || !text.includes(':') || isObject(address)) return text
  return `[${text}]`
}

/** `rate over 5/minute burst 9 packets`, in nft's words. */
export function limitText(inner: Json): string {
  const unit = stringIn(inner, 'rate_unit') ?? 'packets'
  const amount = `${numberIn(inner, 'rate')}${unit === 'packets' ? '' : ` ${unit}`}/${stringIn(inner, 'per')}`
  const burst = numberIn(inner, 'burst')
  const burstUnit = stringIn(inner, 'burst_unit') ?? 'packets'
  const isDefault = burst === null || (unit === 'packets' && burst === 5) || burst === 0
  return `rate ${inner['inv'] === true ? 'over ' : ''}${amount}${isDefault ? '' : ` burst ${burst} ${burstUnit}`}`
}
