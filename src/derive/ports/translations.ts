/**
 * Which ports a namespace's rules send elsewhere: every way from the nat hooks to a DNAT or REDIRECT, with what its
 * jumps and verdict maps ask of a packet put together. Kubernetes' last chains name neither address nor port; those stand
 * in the chains that lead there.
 */
import { inOneGo, type Pieces } from '../../lib/in-pieces.ts'
import type { Chain, Firewall, NfTable, Rule, Statement } from '../../model/ruleset.ts'
import { isNat } from '../rules/chain-order.ts'
import { setNamed, withoutHostPrefix } from '../rules/rule-context.ts'
import { chainOfVerdict, mapElements } from '../rules/verdict-target.ts'
import { fieldsOf, mapEntries, type Fields } from './map-entries.ts'

export type Translation = {
  readonly kind: 'dnat' | 'redirect'
  readonly table: NfTable
  readonly chain: Chain
  readonly rule: Rule
  readonly hook: 'prerouting' | 'output'
  readonly protocol: string
  /** null: any address of the host. */
  readonly address: string | null
  readonly from: number
  readonly to: number
  /** null: the port alone changes. */
  readonly toAddress: string | null
  /** null: stays what it is. */
  readonly toPort: number | null
}

/** `cut`: there were more ways than were followed. */
export type Translations = { readonly all: readonly Translation[]; readonly cut: boolean }

type Way = {
  readonly protocols: readonly string[] | null
  readonly address: string | null
  readonly ports: readonly string[] | null
}

const mostSteps = 1_000_000
const deepest = 64
const memo = new WeakMap<Firewall, Translations>()

/** In the order of the rules, each once though two hooks lead to it. */
export function translationsOf(firewall: Firewall): Translations {
  return inOneGo(translationSteps(firewall))
}

export function* translationSteps(firewall: Firewall): Pieces<Translations> {
  const kept = memo.get(firewall)
  if (kept !== undefined) return kept
  const all: Translation[] = []
  const walk: Walk = { steps: 0, found: collector(all) }
  for (const table of firewall.tables) {
    const chains = new Map(table.chains.map((chain) => [chain.name, chain]))
    for (const chain of table.chains) {
      const hook = chain.hook?.toLowerCase()
      if (!isNat(table, chain) || (hook !== 'prerouting' && hook !== 'output')) continue
      yield* follow(walk, { table, chains, hook }, chain, { protocols: null, address: null, ports: null })
    }
  }
  const translations = { all, cut: walk.steps > mostSteps }
  memo.set(firewall, translations)
  return translations
}

type Walk = { steps: number; readonly found: (translation: Translation) => void }

type Within = Pick<Translation, 'table' | 'hook'> & { readonly chains: ReadonlyMap<string, Chain> }

/** One rule says the same thing once, on however many ways packets come to it. */
function collector(all: Translation[]): Walk['found'] {
  const byRule = new Map<Rule, Translation[]>()
  return (translation) => {
    const { address, protocol, from, to, toAddress, toPort, rule } = translation
    const others = byRule.get(rule)
    const isTold = others?.some(
      (each) =>
        each.from === from &&
        each.to === to &&
        each.address === address &&
        each.protocol === protocol &&
        each.toAddress === toAddress &&
        each.toPort === toPort,
    )
    if (isTold === true) return
    all.push(translation)
    if (others === undefined) byRule.set(rule, [translation])
    else others.push(translation)
  }
}

function* follow(
  walk: Walk,
  within: Within,
  chain: Chain,
  way: Way,
  path: ReadonlySet<string> = new Set(),
): Pieces<void> {
  if (path.has(chain.name) || path.size > deepest) return
  const deeper = new Set(path).add(chain.name)
  const { table, chains, hook } = within
  for (const rule of chain.rules) {
    if (++walk.steps > mostSteps) return
    if (walk.steps % atOnce === 0) yield
    const asked = rule.statements.length === 0 ? way : narrowed(way, rule)
    if (asked === null) continue
    for (const statement of rule.statements) {
      for (const each of translate(statement, asked, { table, chain, rule, hook })) walk.found(each)
      if (statement.kind === 'jump' || statement.kind === 'goto') {
        const next = chains.get(statement.chain)
        if (next !== undefined) yield* follow(walk, within, next, asked, deeper)
      }
      if (statement.kind !== 'vmap') continue
      for (const { key, verdict } of mapElements(rule, table)) {
        const target = chainOfVerdict(verdict)
        const next = target === null ? undefined : chains.get(target)
        const narrower = withFields(asked, fieldsOf(statement.key, key))
        if (next !== undefined) yield* follow(walk, within, next, narrower, deeper)
      }
    }
  }
}

/** Rules between two steps. */
const atOnce = 100

/** What the way asks and the rule too; null: no packet can be both. */
function narrowed(way: Way, { matches }: Rule): Way | null {
  let { protocols, address, ports } = way
  for (const match of matches) {
    if (match.kind === 'protocol' && !match.not) {
      const before: readonly string[] | null = protocols
      protocols = before === null ? match.values : match.values.filter((value) => before.includes(value))
      if (protocols.length === 0) return null
    }
    if (match.kind === 'address' && match.side === 'destination' && !match.not) {
      const [value = '', ...more] = match.values
      const plain = withoutHostPrefix(value)
      const isNarrower: boolean = address === null || address.includes('/') || !plain.includes('/')
      // A list or a set of addresses is none that could be named.
      if (more.length === 0 && !value.startsWith('@') && isNarrower) address = plain
    }
    if (match.kind === 'port' && match.side !== 'source' && !match.not) ports = match.values
  }
  return { protocols, address, ports }
}

function withFields(way: Way, { address, protocol, ports }: Fields): Way {
  return {
    protocols: protocol === undefined ? way.protocols : [protocol],
    address: address ?? way.address,
    ports: ports === undefined ? way.ports : [ports],
  }
}

type Place = Pick<Translation, 'table' | 'chain' | 'rule' | 'hook'>

function translate(statement: Statement, way: Way, place: Place): readonly Translation[] {
  if (statement.kind === 'redirect')
    return spread(way, { ...place, kind: 'redirect', toAddress: null, toPort: firstPort(statement.ports) })
  if (statement.kind !== 'dnat') return []
  if (statement.map === null) {
    const toAddress = statement.address === null ? null : withoutHostPrefix(statement.address)
    return spread(way, { ...place, kind: 'dnat', toAddress, toPort: firstPort(statement.ports) })
  }
  const entries = mapEntries(statement.map, (name) => setNamed(place.table, name))
  return entries.flatMap(({ toAddress, toPorts, ...fields }) => {
    const toPort = firstPort(toPorts ?? statement.ports)
    return spread(withFields(way, fields), { ...place, kind: 'dnat', toAddress, toPort })
  })
}

/** One for each protocol and each port or range. A rule that asks for no port publishes none. */
function spread(
  { protocols, address, ports }: Way,
  rest: Omit<Translation, 'protocol' | 'address' | 'from' | 'to'>,
): readonly Translation[] {
  return (protocols ?? ['tcp', 'udp']).flatMap((protocol) =>
    (ports ?? []).flatMap((range) => {
      const [from, to] = portsIn(range, rest.table)
      if (from === null) return []
      const { kind, table, chain, rule, hook, toAddress, toPort } = rest
      // Not spread: V8 would make a shape of its own for each of thousands.
      return [{ kind, table, chain, rule, hook, protocol, address, from, to: to ?? from, toAddress, toPort }]
    }),
  )
}

function portsIn(range: string, table: NfTable): readonly [number | null, number | null] {
  if (range.startsWith('@')) {
    const elements = setNamed(table, range.slice(1))?.elements ?? []
    return elements.length === 1 ? portsIn(elements[0]?.key ?? '', table) : [null, null]
  }
  const [, from, to] = /^(\d{1,5})(?:[-:](\d{1,5}))?$/.exec(range) ?? []
  return [from === undefined ? null : Number(from), to === undefined ? null : Number(to)]
}

/** `80`, `80-90`, `80-90/8080`. */
function firstPort(ports: string | null): number | null {
  const digits = ports === null ? undefined : /^(\d{1,5})(?:-|$)/.exec(ports)?.[1]
  return digits === undefined ? null : Number(digits)
}
