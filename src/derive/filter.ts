/** The `/` filter: what its tokens mean, and whether they fit a thing. It knows facts, not rows or screens. */
import { contains, normalIp, parseIp, parsePrefix, type Prefix } from '../lib/ip.ts'

export type FilterToken =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'inside'; readonly prefix: Prefix }
  | { readonly type: 'port'; readonly port: number }
  | { readonly type: 'kind'; readonly kind: string }
  | { readonly type: 'is'; readonly is: Trait }

export type Filter = {
  readonly text: string
  /** All must fit; `not`: must not. */
  readonly tokens: readonly { readonly not: boolean; readonly token: FilterToken }[]
  /** What is wrong with it, for the line below the input: `is: knows up, down, …`. */
  readonly problem: string | null
}

/** Of links and namespaces in the tree. */
export const treeTraits = ['up', 'down', 'hidden', 'unreadable', 'unresolved', 'off-bridge', 'port'] as const
export const connectionTraits = ['stale', 'unreplied', 'assured'] as const
export type Trait =
  | (typeof treeTraits)[number]
  | (typeof connectionTraits)[number]
  // Of probes.
  | 'running'
  | 'failed'

/** What a filter can ask of a thing; each is looked up only when a token is about it. */
export type Facts<T> = {
  /** Whether this, in lower case, is part of one of its names, addresses, MACs or ids. */
  readonly holds: (thing: T, text: string) => boolean
  readonly addresses: (thing: T) => readonly string[]
  readonly ports: (thing: T) => readonly number[]
  readonly kind: (thing: T) => string | null
  readonly traits: (thing: T) => readonly Trait[]
}

/** Tokens are parted by spaces. What is no known form is a substring to look for. `traits`: what `is:` knows where it is typed. */
export function parseFilter(text: string, traits: readonly Trait[]): Filter {
  const problems: string[] = []
  const tokens = text
    .split(/\s+/)
    .filter((part) => part !== '' && part !== '!')
    .map((part) => {
      const not = part.startsWith('!')
      return { not, token: parseToken(not ? part.slice(1) : part, traits, problems) }
    })
  return { text, tokens, problem: problems[0] ?? null }
}

function parseToken(part: string, traits: readonly Trait[], problems: string[]): FilterToken {
  if (part.includes('/')) {
    const prefix = parsePrefix(part)
    if (prefix !== null) return { type: 'inside', prefix }
  }
  if (/^:\d{1,5}$/.test(part)) return { type: 'port', port: Number(part.slice(1)) }
  const lower = part.toLowerCase()
  if (lower.startsWith('kind:')) return { type: 'kind', kind: lower.slice('kind:'.length) }
  if (lower.startsWith('is:')) {
    const is = traits.find((trait) => trait === lower.slice('is:'.length))
    if (is !== undefined) return { type: 'is', is }
    problems.push(`is: knows ${traits.length === 0 ? 'nothing here' : traits.join(', ')}`)
  }
  // 2001:DB8:0::1 is printed as 2001:db8::1.
  return { type: 'text', text: normalIp(lower) ?? lower }
}

/** An empty filter fits everything. */
export function fits<T>(filter: Filter, facts: Facts<T>, thing: T): boolean {
  return filter.tokens.every(({ not, token }) => tokenFits(token, facts, thing) !== not)
}

function tokenFits<T>(token: FilterToken, facts: Facts<T>, thing: T): boolean {
  switch (token.type) {
    case 'text':
      return facts.holds(thing, token.text)
    case 'inside':
      return facts.addresses(thing).some((address) => {
        const ip = parseIp(address)
        return ip !== null && contains(token.prefix, ip)
      })
    case 'port':
      return facts.ports(thing).includes(token.port)
    case 'kind':
      return facts.kind(thing) === token.kind
    default:
      return facts.traits(thing).includes(token.is)
  }
}
