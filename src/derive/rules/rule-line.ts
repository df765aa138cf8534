/** A rule as one short line of a table: `MASQUERADE`, `172.17.0.0/16 > any, not out docker0`, `hairpin of nginx1`. */
import type { Match, Rule, Statement } from '../../model/ruleset.ts'
import { nameOfAddress, withoutHostPrefix, type RuleContext } from './rule-context.ts'
import { hairpinOf } from './rule-words.ts'

export type RuleLine = {
  /** MASQUERADE, DNAT, ACCEPT … in every dialect, or the chain that it leads to; null where it only counts. */
  readonly target: string | null
  readonly detail: string
  /** What it is there for, where that is known: a hairpin, its comment. */
  readonly note: string | null
}

/** Outside text in it is raw: sanitise where shown. */
export function ruleLine(rule: Rule, context: RuleContext): RuleLine {
  const { matches, statements } = rule
  const flow = flowText(matches)
  const translation = statements.map((each) => translationText(each, context)).filter(Boolean)
  const conditions = matches.flatMap((match) => conditionText(match, context) ?? [])
  const protocol = matches.flatMap((match) =>
    match.kind === 'protocol' ? [`${match.not ? '!' : ''}${match.values.join(',')}`] : [],
  )
  const whole = [[...protocol, flow].filter(Boolean).join(' '), ...conditions].filter(Boolean).join(', ')
  const opaque = statements.flatMap((each) =>
    each.kind === 'opaque' ? [each.text.replace(targetWord, '').trim()] : [],
  )
  const detail = [whole, ...translation, ...marksOf(statements), ...opaque].filter(Boolean).join(' ')
  const hairpin = hairpinOf(rule, context)
  return {
    target: ruleTarget(rule),
    detail: detail === '' ? 'all' : detail,
    note: hairpin === null ? rule.comment : `hairpin of ${hairpin}`,
  }
}

const targetWord = /^(?:-[jg] +)?([^\s:]+)/

/** What decides: the last statement that says where the packet goes on. */
export function ruleTarget({ statements }: Rule): string | null {
  const deciding = statements.findLast(({ kind }) => kind !== 'log' && kind !== 'mark' && kind !== 'opaque')
  const statement = deciding ?? statements.at(-1)
  if (statement === undefined) return null
  switch (statement.kind) {
    case 'jump':
    case 'goto':
      return statement.chain
    case 'opaque':
      // `-j TCPMSS --clamp-mss-to-pmtu` of iptables; nft begins with the statement's name.
      return targetWord.exec(statement.text)?.[1] ?? null
    case 'mark':
      return statement.of === 'packet' ? 'MARK' : 'CONNMARK'
    default:
      return statement.kind.toUpperCase()
  }
}

function valuesText(match: Extract<Match, { readonly values: readonly string[] }>): string {
  return `${match.not ? '!' : ''}${match.values.map(withoutHostPrefix).join(',')}`
}

/** `172.17.0.2:1024 > 10.0.0.1:80`, `:8080`, `172.17.0.0/16 > any`; '' where the rule names neither. */
function flowText(matches: readonly Match[]): string {
  const end = (side: 'source' | 'destination'): readonly [string, string] => {
    const of = (kind: 'address' | 'port'): string =>
      matches
        .flatMap((match) => (match.kind === kind && match.side === side ? [valuesText(match)] : []))
        .join(' ')
    return [of('address'), of('port')]
  }
  const [from, fromPort] = end('source')
  const [to, toPort] = end('destination')
  const text = (address: string, port: string): string =>
    port === ''
      ? address || 'any'
      : `${address.includes(':') && !address.startsWith('@') ? `[${address}]` : address}:${port}`
  if (from === '' && fromPort === '')
    return to === '' && toPort === '' ? '' : to === '' ? `:${toPort}` : `any > ${text(to, toPort)}`
  return `${text(from, fromPort)} > ${text(to, toPort)}`
}

/** `not in docker0`, `to an address of this host`, `RELATED,ESTABLISHED`; null for what stands elsewhere in the line. */
function conditionText(match: Match, { here }: RuleContext): string | null {
  switch (match.kind) {
    case 'address':
    case 'protocol':
      return null
    case 'port':
      return match.side === 'either' ? `port ${valuesText(match)}` : null
    case 'interface':
      return `${match.not ? 'not ' : ''}${match.side} ${match.values.join(',')}`
    case 'physdev':
      if (match.side === 'is-bridged') return match.not ? 'not bridged' : 'bridged'
      return `${match.not ? 'not ' : ''}${match.side} port ${match.values.join(',')}`
    case 'addrtype': {
      const local = match.values.length === 1 && match.values[0]?.toUpperCase() === 'LOCAL'
      const type = local ? `an address of ${here}` : `type ${match.values.join(',')}`
      return `${match.not ? 'not ' : ''}${match.side === 'source' ? 'from' : 'to'} ${type}`
    }
    case 'mark':
      return `${match.of === 'connection' ? 'connection ' : ''}mark ${match.not ? '!' : ''}${match.value}${match.mask === null ? '' : `/${match.mask}`}`
    case 'ipset':
      return `${match.not ? 'not ' : ''}in set ${match.name} (${match.fields.join(',')})`
    case 'icmp':
      return `icmp ${valuesText(match)}`
    case 'tcpflags':
      return `flags ${match.not ? '!' : ''}${match.set.join(',')}/${match.mask.join(',')}`
    case 'mac':
      return `${match.side === 'source' ? 'from' : 'to'} ${valuesText(match)}`
    case 'limit':
      return `limit ${match.text}`
    case 'ctstate':
    case 'family':
      return valuesText(match)
    default:
      return match.text
  }
}

/** `> nginx1 172.17.0.3:80`. */
function translationText(statement: Statement, context: RuleContext): string {
  switch (statement.kind) {
    case 'dnat':
    case 'snat': {
      const { address, ports, map } = statement
      if (map !== null) return `> ${map}`
      const owner = address === null ? null : nameOfAddress(context, address)
      const bracketed = address?.includes(':') === true && ports !== null ? `[${address}]` : (address ?? '')
      return `> ${owner === null ? '' : `${owner} `}${bracketed}${ports === null ? '' : `:${ports}`}`
    }
    case 'redirect':
      return `> ${context.here}${statement.ports === null ? '' : ` :${statement.ports}`}`
    case 'reject':
      return statement.with === null ? '' : `with ${statement.with}`
    case 'vmap':
      return `by ${statement.key.join(' . ')}${statement.map === null ? '' : ` in ${statement.map}`}`
    default:
      return ''
  }
}

function marksOf(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap((each) => {
    if (each.kind === 'log') return each.prefix === null ? ['log'] : [`log "${each.prefix.trim()}"`]
    if (each.kind !== 'mark') return []
    return [
      `set ${each.of === 'connection' ? 'connection ' : ''}mark ${each.value}${each.mask === null ? '' : `/${each.mask}`}`,
    ]
  })
}
