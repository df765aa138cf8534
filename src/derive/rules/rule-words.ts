/**
 * A rule in plain words: `packets from 172.17.0.0/16 that leave by any link but docker0 get that link's address`. Says
 * what the typed parts say and no more: what is not understood stands in it as the tool wrote it.
 */
import type { Match, Rule } from '../../model/ruleset.ts'
import { matchClause, type Clause } from './match-words.ts'
import { nameOfAddress, withoutHostPrefix, type RuleContext } from './rule-context.ts'
import { statementWords } from './statement-words.ts'

/** Outside text in it (names of chains, containers, comments) is raw: sanitise where shown. */
export function ruleWords(rule: Rule, context: RuleContext): string {
  const told = linksNamed(rule)
  const clauses = rule.matches.map((match) => matchClause(match, context, told))
  const leaves = rule.matches.some((match) => match.kind === 'interface' && match.side === 'out')
  const opaque = textsOf(clauses, 'opaque')
  const also = opaque.length === 0 ? '' : `, and also: ${opaque.join(' ')},`
  const deeds = rule.statements.map((statement) => statementWords(statement, context, leaves))
  const does = deeds.length > 0 ? deeds.join(' and ') : doesNothing(rule)
  return `${subject(clauses)}${also} ${does}`
}

/** Whose hairpin it is: a node that reaches its own published port comes back in by the link it left by. */
export function hairpinOf(rule: Rule, context: RuleContext): string | null {
  if (!rule.statements.some(({ kind }) => kind === 'masquerade' || kind === 'snat')) return null
  const source = singleAddress(rule.matches, 'source')
  if (source === null || source !== singleAddress(rule.matches, 'destination')) return null
  return nameOfAddress(context, source) ?? source
}

/** The one address that packets must have on that side, if the rule names one. */
export function singleAddress(matches: readonly Match[], side: 'source' | 'destination'): string | null {
  const match = matches.find((each) => each.kind === 'address' && each.side === side)
  if (match?.kind !== 'address' || match.not || match.values.length !== 1) return null
  const address = withoutHostPrefix(match.values[0] ?? '')
  return /[/@-]/.test(address) ? null : address
}

/** All links that the rule names. */
export function linksNamed({ matches }: Rule): readonly string[] {
  return matches.flatMap((match) => (match.kind === 'interface' ? match.values : []))
}

function doesNothing({ packets }: Rule): string {
  return packets === null ? 'pass: this rule does nothing with them' : 'are only counted'
}

const textsOf = (clauses: readonly Clause[], place: Clause['place']): readonly string[] =>
  clauses.filter((clause) => clause.place === place).map(({ text }) => text)

function subject(clauses: readonly Clause[]): string {
  const kinds = textsOf(clauses, 'kind')
  const plain = kinds.filter((kind) => !kind.startsWith('other than'))
  const others = kinds.filter((kind) => kind.startsWith('other than'))
  const source = textsOf(clauses, 'source')
  const destination = textsOf(clauses, 'destination')
  const that = textsOf(clauses, 'that')
  return [
    ...(clauses.length === 0 ? ['all'] : plain),
    'packets',
    ...others,
    ...(source.length === 0 ? [] : [`from ${endWords(source)}`]),
    ...(destination.length === 0 ? [] : [`to ${endWords(destination)}`]),
    ...textsOf(clauses, 'with'),
    ...(that.length === 0 ? [] : [`that ${that.join(' and ')}`]),
  ].join(' ')
}

/** What an end is, before what it is not: `an address of this host, but not 127.0.0.0/8`. */
function endWords(ends: readonly string[]): string {
  const but = ends.filter((end) => end.startsWith('anywhere but '))
  if (ends.length < 2 || but.length === 0) return ends.join(', ')
  const plain = ends.filter((end) => !but.includes(end))
  return [...plain, ...but.map((end) => end.replace('anywhere but', 'but not'))].join(', ')
}
