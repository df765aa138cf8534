/**
 * Expressions of `nft -j` in the words of nft(8), as `nft list ruleset` prints them. What is not known stays JSON: it is
 * never left out.
 */
import { isObject, listIn, numberIn, only, stringIn, stringsIn, type Json } from './nft-json.ts'

/** How a value is written depends on what it is compared with: names stand in quotes, marks in hexadecimal. */
type Style = 'plain' | 'quoted' | 'mark'

export function expressionText(value: unknown, style: Style | readonly Style[] = 'plain'): string {
  if (!isObject(value)) return scalarText(value, typeof style === 'string' ? style : 'plain')
  const [key = ''] = Object.keys(value)
  return written[key]?.(value, style) ?? JSON.stringify(value)
}

function scalarText(value: unknown, style: Style): string {
  if (Array.isArray(value)) return value.map((each) => scalarText(each, style)).join(',')
  if (typeof value === 'number') return style === 'mark' ? markText(value) : String(value)
  if (typeof value === 'boolean') return value ? 'exists' : 'missing'
  if (typeof value !== 'string') return JSON.stringify(value)
  // A set is called by its name; an interface cannot begin with @ in nft's own grammar.
  return style === 'quoted' && !value.startsWith('@') ? `"${value}"` : value
}

export function markText(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}

const quotedKeys = new Set(['iif', 'oif', 'iifname', 'oifname', 'ibrname', 'obrname', 'iifkind', 'oifkind'])
const bareKeys = new Set([...quotedKeys, 'iiftype', 'oiftype', 'iifgroup', 'oifgroup'])

/** How values beside this key are written. */
export function styleOf(left: unknown): Style | readonly Style[] {
  const concat = only(left, 'concat')
  if (Array.isArray(concat)) return concat.map((each) => styleOf(each) as Style)
  const masked = only(left, '&')
  if (Array.isArray(masked)) return styleOf(masked[0])
  const meta = only(left, 'meta')
  if (isObject(meta)) return keyStyle(stringIn(meta, 'key') ?? '')
  const ct = only(left, 'ct')
  if (!isObject(ct)) return 'plain'
  const key = stringIn(ct, 'key')
  return key === 'helper' ? 'quoted' : key === 'mark' ? 'mark' : 'plain'
}

function keyStyle(key: string): Style {
  if (key === 'mark') return 'mark'
  return quotedKeys.has(key) || key === 'time' || key === 'hour' ? 'quoted' : 'plain'
}

type Writer = (value: Json, style: Style | readonly Style[]) => string

const written: Readonly<Record<string, Writer>> = {
  payload: (value) => {
    const { payload } = value
    if (!isObject(payload)) return JSON.stringify(value)
    if ('base' in payload) {
      return `@${stringIn(payload, 'base')},${numberIn(payload, 'offset')},${numberIn(payload, 'len')}`
    }
    return `${stringIn(payload, 'protocol')} ${stringIn(payload, 'field')}`
  },
  meta: ({ meta }) => {
    const key = isObject(meta) ? (stringIn(meta, 'key') ?? '') : ''
    return bareKeys.has(key) ? key : `meta ${key}`
  },
  ct: ({ ct }) => {
    if (!isObject(ct)) return 'ct'
    return ['ct', stringIn(ct, 'dir'), stringIn(ct, 'family'), stringIn(ct, 'key')].filter(Boolean).join(' ')
  },
  fib: ({ fib }) =>
    isObject(fib) ? `fib ${stringsIn(fib, 'flags').join(' . ')} ${stringIn(fib, 'result')}` : 'fib',
  socket: ({ socket }) => `socket ${isObject(socket) ? stringIn(socket, 'key') : ''}`,
  rt: ({ rt }) => {
    if (!isObject(rt)) return 'rt'
    return ['rt', stringIn(rt, 'family'), stringIn(rt, 'key')].filter(Boolean).join(' ')
  },
  numgen: ({ numgen }) => {
    if (!isObject(numgen)) return 'numgen'
    const offset = numberIn(numgen, 'offset') ?? 0
    const text = `numgen ${stringIn(numgen, 'mode')} mod ${numberIn(numgen, 'mod')}`
    return offset === 0 ? text : `${text} offset ${offset}`
  },
  concat: (value, style) =>
    listIn(value, 'concat')
      .map((each, at) => expressionText(each, typeof style === 'string' ? style : (style[at] ?? 'plain')))
      .join(' . '),
  prefix: ({ prefix }) =>
    isObject(prefix) ? `${expressionText(prefix['addr'])}/${numberIn(prefix, 'len')}` : '',
  range: (value, style) =>
    listIn(value, 'range')
      .map((each) => expressionText(each, style))
      .join('-'),
  set: (value, style) => {
    const elements = listIn(value, 'set')
    return elements.length === 0
      ? '{ }'
      : `{ ${elements.map((each) => elementText(each, style)).join(', ')} }`
  },
  elem: ({ elem }, style) => {
    if (!isObject(elem)) return expressionText(elem, style)
    const timeout = numberIn(elem, 'timeout')
    const comment = stringIn(elem, 'comment')
    return [
      expressionText(elem['val'], style),
      ...(timeout === null ? [] : [`timeout ${timeout}s`]),
      ...(comment === null ? [] : [`comment "${comment}"`]),
    ].join(' ')
  },
  map: ({ map }) => {
    if (!isObject(map)) return 'map'
    return `${expressionText(map['key'])} map ${expressionText(map['data'], styleOf(map['key']))}`
  },
  '&': (value, style) => arithmetic(value, '&', style),
  '|': (value, style) => arithmetic(value, '|', style),
  '^': (value, style) => arithmetic(value, '^', style),
  '<<': (value, style) => arithmetic(value, '<<', style),
  '>>': (value, style) => arithmetic(value, '>>', style),
  ...Object.fromEntries(
    ['accept', 'drop', 'continue', 'return'].map((verdict) => [verdict, (): string => verdict]),
  ),
  jump: ({ jump }) => `jump ${isObject(jump) ? stringIn(jump, 'target') : ''}`,
  goto: ({ goto }) => `goto ${isObject(goto) ? stringIn(goto, 'target') : ''}`,
}

function arithmetic(value: Json, sign: string, style: Style | readonly Style[]): string {
  return listIn(value, sign)
    .map((each) => expressionText(each, style === 'plain' ? styleOf(value) : style))
    .join(` ${sign} `)
}

/** A set's element, or a map's pair. */
function elementText(element: unknown, style: Style | readonly Style[]): string {
  if (!Array.isArray(element)) return expressionText(element, style)
  const [key, value] = element as readonly unknown[]
  return `${expressionText(key, style)} : ${expressionText(value)}`
}
