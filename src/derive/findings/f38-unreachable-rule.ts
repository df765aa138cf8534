/** A rule after one that everything fits and that ends the chain is never reached: DOCKER-USER ends with RETURN. */
import type { Finding } from '../../model/finding.ts'
import type { Netns } from '../../model/netns.ts'
import type { Chain, NfTable, Rule } from '../../model/ruleset.ts'
import { stepwise } from '../stepwise.ts'
import { inside, type FindingContext } from './context.ts'
import type { Check } from './finding.ts'
import { listing, placeText, ruleAt } from './outbound.ts'

export const unreachableRule: Check = {
  id: 'F38',
  title: 'a rule stands after one that ends its chain for everything',
  check: (context) =>
    stepwise(
      context.world.netns.flatMap((netns) =>
        (netns.firewall?.tables ?? []).map((table): readonly [Netns, NfTable] => [netns, table]),
      ),
      ([netns, table]) => table.chains.flatMap((chain) => checkChain(context, netns, table, chain)),
    ),
}

function checkChain(context: FindingContext, netns: Netns, table: NfTable, chain: Chain): readonly Finding[] {
  const at = chain.rules.findIndex(endsAll)
  const first = at === -1 ? undefined : chain.rules.find((rule, index) => index > at && decides(rule))
  const end = chain.rules[at]
  if (first === undefined || end === undefined) return []
  return [
    {
      id: 'F38',
      // In the chain that is made for the user's own rules somebody waits for it to work.
      severity: chain.name === 'DOCKER-USER' ? 'risk' : 'note',
      subject: `${chain.name} ${first.number}`,
      says: `rule ${first.number} of ${chain.name} is never reached: rule ${end.number} before it ends the chain for every packet`,
      evidence: [placeText({ table, chain, rule: end }), placeText({ table, chain, rule: first })],
      command: inside(context, netns, ...listing({ table, chain, rule: null })),
      netns: netns.id,
      ifindex: null,
      ...ruleAt(netns, { table, chain, rule: first }),
    },
  ]
}

function endsAll(rule: Rule): boolean {
  return (
    rule.matches.length === 0 &&
    rule.statements.some(
      ({ kind }) => kind === 'return' || kind === 'accept' || kind === 'drop' || kind === 'reject',
    )
  )
}

/** Docker writes its final RETURN again at each start: a second one changes nothing. */
function decides(rule: Rule): boolean {
  return !rule.statements.every(({ kind }) => kind === 'return')
}
