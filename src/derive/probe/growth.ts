/**
 * Which counters grew between two looks at the same namespaces, the likeliest reasons first: the shortest way to who dropped a
 * packet. Other traffic lets counters grow as well; what grew by what was sent stands before what did not.
 */
import type { NetnsId } from '../../model/ids.ts'
import type { Growth } from '../../model/probe-result.ts'
import type { World } from '../../model/world.ts'
import { grownDrops } from './growth-drops.ts'
import { grownRules } from './growth-rules.ts'
import type { Sent } from './sent.ts'

/**
 * `stops`: packets end there. `symptom`: what a packet that was lost elsewhere leads to. `passes`: it only counted them.
 */
export type Grown = Growth & { readonly means: 'stops' | 'symptom' | 'passes' }

export function growthOf(
  before: World,
  after: World,
  ids: readonly NetnsId[],
  sent: Sent | null,
): readonly Growth[] {
  const grown = ids.flatMap((id) => [...grownRules(before, after, id), ...grownDrops(before, after, id)])
  return grown
    .map((each) => ({ each, rank: rankOf(each, sent) }))
    .sort((a, b) => a.rank - b.rank || a.each.by - b.each.by)
    .map(({ each: { means: _means, ...growth } }) => growth)
}

function rankOf({ what, by, means }: Grown, sent: Sent | null): number {
  const fits = sent !== null && by >= sent.least && by <= sent.most
  const kind = means === 'stops' ? (what === 'rule' ? 0 : 1) : means === 'symptom' ? 2 : 3
  return kind * 2 + (fits ? 0 : 1)
}
