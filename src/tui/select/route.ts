/** The route box: what the words that are typed ask, and the answer, worked out anew at each of them. */
import { indexOf } from '../../derive/netns-index.ts'
import type { RouteAnswer, RouteQuery } from '../../derive/route-answer.ts'
import { predictRoute } from '../../derive/route.ts'
import { parseIp } from '../../lib/ip.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Feed } from '../feed.ts'
import type { State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { netnsOf, shown } from './shown.ts'

export type RouteMode = Extract<State['mode'], { readonly type: 'route' }>

/** `waits`: nothing is wrong with it, but there is more to say. */
export type Asked =
  | { readonly kind: 'query'; readonly query: RouteQuery }
  | { readonly kind: 'waits'; readonly for: string }
  | { readonly kind: 'wrong'; readonly why: string }

/** What may stand behind the address, in any order; the words of `vethscope route`, with or without its dashes. */
const words = {
  from: 'the source address',
  iif: 'the link it came in by',
  oif: 'the link it must leave by',
  mark: 'its fwmark, decimal or 0x…',
} as const
type Word = keyof typeof words
const isWord = (text: string): text is Word => Object.hasOwn(words, text)

/** `192.0.2.1 from 172.17.0.2 iif eth0 mark 0x10`, about a packet in that namespace. */
export function routeAsked(text: string, netns: Netns): Asked {
  const parts = text.trim().split(/\s+/).filter(Boolean)
  const at = parts.findIndex((_, index) => !isPartOfOption(parts, index))
  const dst = parts[at]
  const given = at === -1 ? parts : parts.toSpliced(at, 1)
  let query: Partial<RouteQuery> = {}
  for (let index = 0; index < given.length; index += 2) {
    const word = nameOfOption(given[index] ?? '')
    if (!isWord(word)) return { kind: 'wrong', why: `"${word}" is none of from, iif, oif, mark` }
    if (query[word] !== undefined) return { kind: 'wrong', why: `${word} stands there twice` }
    const value = given[index + 1]
    if (value === undefined) return { kind: 'waits', for: `${word}: ${words[word]}` }
    const problem = problemWith(word, value, netns)
    if (problem !== null) return { kind: 'wrong', why: problem }
    query = { ...query, [word]: word === 'mark' ? Number(value) : value }
  }
  if (dst === undefined)
    return { kind: 'waits', for: 'an address, then if need be: from IP, iif LINK, oif LINK, mark M' }
  const [plain = ''] = dst.split('%')
  if (parseIp(plain) === null) return { kind: 'wrong', why: `"${dst}" is not an address` }
  return { kind: 'query', query: { dst, ...query } }
}

function nameOfOption(part: string): string {
  return part.replace(/^--/, '')
}

function isPartOfOption(parts: readonly string[], at: number): boolean {
  // `from from` is an option and its value; what stands behind a value is none of its own.
  let isValue = false
  for (let index = 0; index < at; index += 1) isValue = !isValue && isWord(nameOfOption(parts[index] ?? ''))
  return isValue || isWord(nameOfOption(parts[at] ?? ''))
}

function problemWith(word: Word, value: string, netns: Netns): string | null {
  if (word === 'from') return parseIp(value) === null ? `from: "${value}" is not an address` : null
  if (word === 'mark') {
    const isNumber = /^(?:\d+|0[xX][0-9a-fA-F]+)$/.test(value) && Number(value) <= 0xffffffff
    return isNumber ? null : `mark: "${value}" is no number from 0 to 0xffffffff`
  }
  if (isUnknown(netns.links) || indexOf(netns).byName.has(value)) return null
  return `${word}: there is no link "${value}" here`
}

export type RouteTold = {
  readonly netns: Netns | null
  readonly asked: Asked
  readonly answer: RouteAnswer | null
  /** Settings that decide too have not come yet. */
  readonly isEarly: boolean
}

/** What stands in the box now. */
export function routeTold(state: State, mode: RouteMode): RouteTold {
  const feed = shown(state)
  const found = netnsOf(feed.world, mode.netns)
  const netns = found === null ? null : withItsDetails(found, feed.details)
  if (netns === null)
    return { netns, asked: { kind: 'wrong', why: 'this namespace is gone' }, answer: null, isEarly: false }
  const isEarly = netns.details === null && feed.details?.netns !== netns.id && feed.status.type !== 'replay'
  return { netns, isEarly, ...answered(netns, mode.input.text) }
}

const withItsDetails = memoRecent((netns: Netns, details: Feed['details']): Netns =>
  details?.netns !== netns.id || isUnknown(details.value) ? netns : { ...netns, details: details.value },
)

const answered = memoRecent(
  (netns: Netns, text: string): { readonly asked: Asked; readonly answer: RouteAnswer | null } => {
    const asked = routeAsked(text, netns)
    return { asked, answer: asked.kind === 'query' ? predictRoute(netns, asked.query) : null }
  },
)
