/**
 * What netfilter does with a packet at one hook: every outcome that what is known leaves open. One outcome is certain;
 * two mean that it depends on what is not known. Base chains run by priority; accept ends only its own chain, drop
 * ends everything (nft(8), "Chains").
 */
import type { Chain, Firewall, NfTable, Rule, Statement } from '../../model/ruleset.ts'
import { fitsAll, type Fits } from './matches.ts'
import type { Packet } from './packet.ts'
import { rulesForPort } from './rules-for-port.ts'

/** Where something was decided; rule null: by the chain's policy. */
export type Place = { readonly table: NfTable; readonly chain: Chain; readonly rule: Rule | null }

export type Outcomes = {
  /** Whether it may pass every chain of the hook. */
  readonly passes: boolean
  /** Every place that may accept it, or drop it. */
  readonly acceptedAt: readonly Place[]
  readonly droppedAt: readonly Place[]
}

/** The base chains of a hook that this packet meets, first to last. */
export function baseChains(firewall: Firewall, hook: string, family: Packet['family']): readonly Place[] {
  return firewall.tables
    .filter((table) => table.family === family || table.family === 'inet')
    .flatMap((table) =>
      table.chains.filter((chain) => chain.hook === hook).map((chain) => ({ table, chain, rule: null })),
    )
    .sort((a, b) => (a.chain.priority ?? 0) - (b.chain.priority ?? 0))
}

export function outcomesAt(firewall: Firewall, hook: string, packet: Packet): Outcomes {
  const acceptedAt: Place[] = []
  const droppedAt: Place[] = []
  for (const { table, chain } of baseChains(firewall, hook, packet.family)) {
    const ends = through(table, packet)(chain)
    const policy = chain.policy?.toLowerCase() ?? 'accept'
    if (ends.falls) (policy === 'drop' ? droppedAt : acceptedAt).push({ table, chain, rule: null })
    acceptedAt.push(...ends.accepted)
    droppedAt.push(...ends.dropped)
    const mayPass = ends.accepted.length > 0 || (ends.falls && policy !== 'drop')
    if (!mayPass) return { passes: false, acceptedAt, droppedAt }
  }
  return { passes: true, acceptedAt, droppedAt }
}

type Ends = {
  readonly accepted: readonly Place[]
  readonly dropped: readonly Place[]
  /** It may come out at the end of the chain, or by `return`. */
  readonly falls: boolean
}

/** The kernel refuses chains that lead back to themselves; a file may hold them: the second visit falls through. */
const circular: Ends = { accepted: [], dropped: [], falls: true }

/** For one packet a chain always ends the same, so each is gone through once. */
function through(table: NfTable, packet: Packet): (chain: Chain) => Ends {
  const byName = new Map(table.chains.map((chain) => [chain.name, chain]))
  const memo = new Map<Chain, Ends>()

  const walk = (chain: Chain): Ends => {
    const kept = memo.get(chain)
    if (kept !== undefined) return kept
    memo.set(chain, circular)
    const accepted = new Set<Place>()
    const dropped = new Set<Place>()
    let falls: boolean | null = null
    for (const rule of rulesForPort(chain.rules, packet)) {
      for (const { verdict, fits } of verdictsOf(rule, table, packet)) {
        const place = { table, chain, rule }
        if (verdict === 'accept') accepted.add(place)
        else if (verdict === 'drop') dropped.add(place)
        const target = isJump(verdict) ? byName.get(verdict.chain) : undefined
        const inner = target === undefined ? null : walk(target)
        for (const each of inner?.accepted ?? []) accepted.add(each)
        for (const each of inner?.dropped ?? []) dropped.add(each)
        if (fits !== true || verdict === null) continue
        if (verdict === 'accept' || verdict === 'drop') falls = false
        else if (verdict === 'return') falls = true
        else if (inner !== null && (verdict.kind === 'goto' || !inner.falls)) falls = inner.falls
      }
      if (falls !== null) break
    }
    const ends = { accepted: [...accepted], dropped: [...dropped], falls: falls ?? true }
    memo.set(chain, ends)
    return ends
  }
  return walk
}

type Jump = { readonly kind: 'jump' | 'goto'; readonly chain: string }
/** null: the packet goes on to the next rule, whatever was done with it. */
type Verdict = 'accept' | 'drop' | 'return' | Jump | null
type Possible = { readonly verdict: Verdict; readonly fits: Fits }

function isJump(verdict: Verdict): verdict is Jump {
  return typeof verdict === 'object' && verdict !== null
}

/** What the rule may end in: one verdict, or with a verdict map those of the elements that may fit. */
function verdictsOf(rule: Rule, table: NfTable, packet: Packet): readonly Possible[] {
  const fits = fitsAll(rule.matches, packet)
  if (fits === false) return []
  for (const statement of rule.statements) {
    if (statement.kind === 'vmap') return fromMap(statement, fits, table, packet)
    const verdict = verdictOf(statement)
    if (verdict !== null) return [{ verdict, fits }]
  }
  return []
}

function verdictOf(statement: Statement): Verdict {
  switch (statement.kind) {
    case 'accept':
    case 'drop':
    case 'return':
      return statement.kind
    case 'dnat':
    case 'snat':
    case 'masquerade':
    case 'redirect':
      return 'accept'
    case 'reject':
      return 'drop'
    case 'jump':
    case 'goto':
      return { kind: statement.kind, chain: statement.chain }
    default:
      return null
  }
}

type VerdictMap = Extract<Statement, { kind: 'vmap' }>

function fromMap(map: VerdictMap, fits: Fits, table: NfTable, packet: Packet): readonly Possible[] {
  const named = table.sets.find((set) => set.name === map.map?.replace(/^@/, ''))
  const elements = named?.elements ?? map.elements.map(({ key, verdict }) => ({ key, value: verdict }))
  return elements.flatMap(({ key, value }) => {
    const here = keyFits(map.key, key, packet)
    const verdict = parseVerdict(value)
    if (here === false || verdict === null) return []
    return [{ verdict, fits: here === true ? fits : null }]
  })
}

function keyFits(of: readonly string[], key: string, packet: Packet): Fits {
  const [only] = of
  if (of.length !== 1 || only === undefined) return null
  const name = /\biifname\b/.test(only) ? packet.iif : /\boifname\b/.test(only) ? packet.oif : null
  return name === null ? null : name === key.replace(/^"|"$/g, '')
}

function parseVerdict(text: string | null): Verdict {
  if (text === 'accept' || text === 'drop' || text === 'return') return text
  const [, kind, chain] = /^(jump|goto) (.+)$/.exec(text ?? '') ?? []
  return chain !== undefined && (kind === 'jump' || kind === 'goto') ? { kind, chain } : null
}
