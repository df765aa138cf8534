/** What the statements of `nft -j` do. */
import type { Statement } from '../../model/ruleset.ts'
import { isObject, listIn, only, stringIn, stringsIn, type Json } from './nft-json.ts'
import { hex } from './nft-matches.ts'
import { statementText } from './nft-statement-text.ts'
import { expressionText, styleOf } from './nft-text.ts'

export function statementOfNft(statement: Json): Statement {
  const [key = ''] = Object.keys(statement)
  const value = statement[key]
  return readings[key]?.(isObject(value) ? value : {}) ?? { kind: 'opaque', text: statementText(statement) }
}

type Reading = (inner: Json) => Statement | null

const verdict =
  (kind: 'accept' | 'drop' | 'return' | 'continue' | 'notrack'): Reading =>
  () => ({ kind })

const toChain =
  (kind: 'jump' | 'goto'): Reading =>
  (inner) => {
    const chain = stringIn(inner, 'target')
    return chain === null ? null : { kind, chain }
  }

const translation =
  (kind: 'dnat' | 'snat'): Reading =>
  (inner) => {
    const { addr, port } = inner
    const flags = [...stringsIn(inner, 'flags'), ...stringsIn(inner, 'type_flags')]
    const map = [addr, port].find((each) => only(each, 'map') !== null || isChosen(each))
    return {
      kind,
      address: addr === undefined || map === addr ? null : expressionText(addr),
      ports: port === undefined || map === port ? null : expressionText(port),
      map: map === undefined ? null : expressionText(map),
      flags,
    }
  }

/** Neither a plain value nor a range: found for each packet. */
function isChosen(value: unknown): boolean {
  return isObject(value) && !('range' in value) && !('prefix' in value)
}

const portTarget =
  (kind: 'masquerade' | 'redirect'): Reading =>
  (inner) => {
    const { port } = inner
    return {
      kind,
      ports: port === undefined ? null : expressionText(port),
      flags: stringsIn(inner, 'flags'),
    }
  }

/** `meta mark set …`: a number, or the mark itself with some bits cleared and some set. */
const mangle: Reading = ({ key, value }) => {
  const of = markOf(key)
  if (of === null) return null
  if (typeof value === 'number') return { kind: 'mark', of, value: hex(value), mask: null }
  const set = setBits(value, of)
  return set === null ? null : { kind: 'mark', of, value: hex(set.value), mask: hex(set.mask) }
}

function markOf(key: unknown): 'packet' | 'connection' | null {
  const meta = only(key, 'meta')
  if (isObject(meta)) return stringIn(meta, 'key') === 'mark' ? 'packet' : null
  const ct = only(key, 'ct')
  return isObject(ct) && stringIn(ct, 'key') === 'mark' && !('dir' in ct) ? 'connection' : null
}

/** `mark & KEPT | SET` clears what is not kept: the bits SET within a mask of the two. */
function setBits(value: unknown, of: 'packet' | 'connection'): { value: number; mask: number } | null {
  const or = only(value, '|')
  if (Array.isArray(or)) {
    const [left, set] = or as readonly unknown[]
    if (typeof set !== 'number') return null
    if (markOf(left) === of) return { value: set, mask: set }
    const cleared = setBits(left, of)
    return cleared === null || cleared.value !== 0 ? null : { value: set, mask: (cleared.mask | set) >>> 0 }
  }
  const and = only(value, '&')
  if (!Array.isArray(and)) return null
  const [left, kept] = and as readonly unknown[]
  return markOf(left) === of && typeof kept === 'number' ? { value: 0, mask: ~kept >>> 0 } : null
}

const vmap: Reading = ({ key, data }) => {
  const keys = only(key, 'concat')
  const parts: readonly unknown[] = Array.isArray(keys) ? keys : [key]
  const names = parts.map((part) => expressionText(part))
  if (typeof data === 'string') {
    return { kind: 'vmap', key: names, map: data.replace(/^@/, ''), elements: [] }
  }
  if (!isObject(data) || !('set' in data)) return null
  const style = styleOf(key) === 'mark' ? 'mark' : 'plain'
  const elements = listIn(data, 'set').flatMap((pair) => {
    if (!Array.isArray(pair)) return []
    const [from, to] = pair as readonly unknown[]
    return [{ key: expressionText(from, style), verdict: expressionText(to) }]
  })
  return { kind: 'vmap', key: names, map: null, elements }
}

const readings: Readonly<Record<string, Reading>> = {
  accept: verdict('accept'),
  drop: verdict('drop'),
  return: verdict('return'),
  continue: verdict('continue'),
  notrack: verdict('notrack'),
  jump: toChain('jump'),
  goto: toChain('goto'),
  dnat: translation('dnat'),
  snat: translation('snat'),
  masquerade: portTarget('masquerade'),
  redirect: portTarget('redirect'),
  mangle,
  vmap,
  log: (inner) => ({ kind: 'log', prefix: stringIn(inner, 'prefix') }),
  reject: (inner) => {
    const type = stringIn(inner, 'type')
    const reason = inner['expr']
    return {
      kind: 'reject',
      with:
        type === null ? null : [type, ...(reason === undefined ? [] : [expressionText(reason)])].join(' '),
    }
  },
}
