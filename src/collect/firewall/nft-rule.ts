import type { Match, NfFamily, Rule, Statement } from '../../model/ruleset.ts'
import { isObject, listIn, numberIn, stringIn, type Json } from './nft-json.ts'
import { matchesOfNft } from './nft-matches.ts'
import { limitText, ruleText, statementText } from './nft-statement-text.ts'
import { statementOfNft } from './nft-statements.ts'

/** Statements to nft, but the rest of the rule acts only on what passes them. */
const asksMore = new Set(['limit', 'quota', 'ct count', 'meter'])

/** One rule of `nft -j list ruleset`. */
export function ruleOfNft(rule: Json, number: number, family: NfFamily): Rule {
  const expressions = listIn(rule, 'expr')
  const comment = stringIn(rule, 'comment')
  const matches: Match[] = []
  const statements: Statement[] = []
  let counter: Json | null = null
  for (const expression of expressions) {
    if (!isObject(expression)) continue
    const { match, limit, counter: counted, xt } = expression
    const [kind = ''] = Object.keys(expression)
    if (isObject(match)) addMatches(matches, matchesOfNft(match, family))
    else if (isObject(limit)) matches.push({ kind: 'limit', text: limitText(limit).replace(/^rate /, '') })
    else if (isObject(counted)) counter = counted
    else if (isObject(xt) && xt['type'] === 'match') {
      // A comment of iptables' own: it asks for nothing.
      if (xt['name'] !== 'comment')
        matches.push({ kind: 'opaque', text: `xt match "${stringIn(xt, 'name')}"` })
    } else if (asksMore.has(kind)) matches.push({ kind: 'opaque', text: statementText(expression) })
    else statements.push(statementOfNft(expression))
  }
  return {
    number,
    handle: numberIn(rule, 'handle'),
    matches,
    statements,
    text: ruleText(expressions, comment, family),
    packets: counter === null ? null : numberIn(counter, 'packets'),
    bytes: counter === null ? null : numberIn(counter, 'bytes'),
    comment,
  }
}

/** What follows from a match is said once: `tcp sport 1 tcp dport 2`. */
function addMatches(matches: Match[], more: readonly Match[]): void {
  for (const match of more) {
    const isSaid =
      (match.kind === 'protocol' || match.kind === 'family') &&
      matches.some((each) => JSON.stringify(each) === JSON.stringify(match))
    if (!isSaid) matches.push(match)
  }
}
