/**
 * A World without what tells whose it is: public and hardware addresses, names, identifiers, comments, labels. What is
 * the same stays the same, what is connected stays connected, and what is not understood is replaced.
 */
import { randomBytes } from 'node:crypto'
import { worldSchema, type World } from '../../model/world.ts'
import type { Treatment } from './decisions.ts'
import { keyedHash } from './hashing.ts'
import { identifiers } from './identifiers.ts'
import { addresses } from './ip-addresses.ts'
import { planOf, type Plan } from './plan.ts'
import { pseudonyms, type PseudonymKind } from './pseudonyms.ts'
import { isSentence, redactName, redactText, stays, type Replacers } from './redact-text.ts'

/** How many different things were replaced, by kind. */
export type Redacted = Readonly<Record<string, number>>

/** `key`: for tests. Without it each file gets one of its own, which is kept nowhere. */
export function redactWorld(world: World, key: Uint8Array = randomBytes(32)): World & { redacted: Redacted } {
  const hash = keyedHash(key)
  const by: Replacers = {
    hash,
    addresses: addresses(hash),
    identifiers: identifiers(hash),
    names: pseudonyms(),
  }
  const plan = planOf(worldSchema)
  expectNames(world, plan, by)
  // The first time it is only learnt which addresses there are: groups are made from parts of them.
  redactedBy(world, plan, once(by))
  const result = redactedBy(world, plan, once(by)) as World
  return { ...result, redacted: countsOf(by) }
}

function countsOf({ addresses, identifiers, names }: Replacers): Redacted {
  const { identifiers: ids, keys } = identifiers.counts()
  const counts: [string, number][] = [
    ['addresses', addresses.count()],
    ['macs', addresses.macs.count()],
    ['identifiers', ids],
    ['keys', keys],
    ...[...names.counts()].map(([kind, count]): [string, number] => [pluralOf(kind), count]),
  ]
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

function pluralOf(kind: PseudonymKind): string {
  if (kind === 'dns') return 'dns words'
  if (kind === 'alias' || kind === 'process') return `${kind}es`
  return kind === 'netns' ? kind : `${kind}s`
}

/** Which kind a name is of is decided by who names it best, not by where it stands first. */
const order: readonly PseudonymKind[] = [
  'host',
  'container',
  'network',
  'netns',
  'link',
  'process',
  'program',
  'table',
  'chain',
  'set',
]

function expectNames(world: World, plan: Plan, { names }: Replacers): void {
  const found = new Map<PseudonymKind, Set<string>>(order.map((kind) => [kind, new Set<string>()]))
  eachText(world, plan, (text, treatment) => {
    if (!treatment.startsWith('name:')) return
    const kind = treatment.slice('name:'.length) as PseudonymKind
    if (!stays(text, kind) && !isSentence(text)) found.get(kind)?.add(text)
  })
  for (const [kind, texts] of found) for (const text of texts) names.expect(text, kind)
}

type Visit = (text: string, treatment: Treatment) => void

function eachText(value: unknown, plan: Plan, visit: Visit): void {
  if (typeof value === 'string') {
    if (plan.text !== null) visit(value, plan.text ?? 'secret')
  } else if (Array.isArray(value)) {
    for (const item of value) eachText(item, plan.items ?? {}, visit)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const inner = memberPlan(plan, value, name)
      if (inner !== null) eachText(member, inner, visit)
    }
  }
}

/** null: the schema has no such member. */
function memberPlan(plan: Plan, value: object, name: string): Plan | null {
  const member = plan.members?.get(name)
  // `{ unknown: reason }` stands also where a record of any names may.
  const isMember = member !== undefined && (plan.record === undefined || Object.keys(value).length === 1)
  return isMember ? member : (plan.record?.value ?? null)
}

function redactedBy(value: unknown, plan: Plan, redactString: RedactString): unknown {
  if (typeof value === 'string')
    return plan.text === null ? value : redactString(value, plan.text ?? 'secret')
  if (Array.isArray(value)) return value.map((item) => redactedBy(item, plan.items ?? {}, redactString))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const inner = memberPlan(plan, value, name)
    if (inner === null) return []
    const isKey = plan.record !== undefined && inner === plan.record.value
    const key = isKey ? redactString(name, plan.record?.key ?? 'secret') : name
    return [[key, redactedBy(member, inner, redactString)]]
  })
  return Object.fromEntries(members)
}

/** `Ip.InAddrErrors`, as the kernel writes them. */
const counter =
  /^(Ip|Icmp|IcmpMsg|Tcp|Udp|UdpLite|TcpExt|IpExt|MPTcpExt|Ip6|Icmp6|Udp6|UdpLite6)\.[A-Za-z0-9]{1,40}$/

type RedactString = (text: string, treatment: Treatment) => string

/** A World says the same things very often: each is worked out once. */
function once(by: Replacers): RedactString {
  const kept = new Map<Treatment, Map<string, string>>()
  return (text, treatment) => {
    let known = kept.get(treatment)
    if (known === undefined) kept.set(treatment, (known = new Map<string, string>()))
    let result = known.get(text)
    if (result === undefined) known.set(text, (result = redacted(text, treatment, by)))
    return result
  }
}

function redacted(text: string, treatment: Treatment, by: Replacers): string {
  if (text === '') return text
  if (treatment === 'secret') return by.names.of(text, 'secret')
  if (treatment === 'counter') return counter.test(text) ? text : by.names.of(text, 'secret')
  const kind = treatment.slice(treatment.indexOf(':') + 1)
  return treatment.startsWith('name:')
    ? redactName(text, kind as PseudonymKind, by)
    : redactText(text, kind as Parameters<typeof redactText>[1], by)
}
