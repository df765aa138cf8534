/** What became of the steps of a change since it was made. */
import { same } from '../../lib/same.ts'
import { isUnknown, type Known } from '../../model/known.ts'
import type { Fact, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { checkFact } from '../check/check-fact.ts'
import { factKey, finalFacts } from '../check/final-facts.ts'
import { sayDifference } from '../check/say-difference.ts'
import { forwardingKept } from '../rules/forwarding.ts'
import type { Files } from '../check/seen.ts'

/**
 * `as made`: it can be taken back. `differs`: also, and `says` tells what about it is not as it was left. `back`: it is taken back
 * already. `theirs`: somebody set it to something of their own, which stays. `lost`: taking it back would do nobody knows what.
 * `now`: what of the step's facts is true at this moment.
 */
export type StillSo =
  | { readonly is: 'as made' | 'back'; readonly now: readonly Fact[] }
  | { readonly is: 'differs' | 'theirs' | 'lost'; readonly says: string; readonly now: readonly Fact[] }

export function stillSo(steps: readonly Step[], world: World, files: Files): readonly StillSo[] {
  const check = (fact: Fact): Known<boolean> => checkFact(fact, world, files)
  const final = new Map(finalFacts(steps).map((fact) => [factKey(fact), fact]))
  const made = steps.flatMap(({ touches }) => touches).filter(({ how }) => how === 'add')
  // What was there before the change is lost with what it was like then.
  const gone = [...final.values()]
    .filter((fact) => isGone(fact, check))
    .map(pathOf)
    .filter((path) => made.some((touch) => same(touch.path, path)))
  return steps.map((step) => {
    const expected = step.after.flatMap((fact) => lastOf(fact, final.get(factKey(fact))))
    const wrong = expected.filter((fact) => check(fact) !== true)
    const [first] = wrong
    const now = expected.flatMap((fact) => (check(fact) === true ? [fact] : withoutSettings(fact, check)))
    if (isBelow(step, gone)) return { is: 'back', now }
    if (first === undefined) {
      const kept = forwardingKept(step, world)
      return kept === null ? { is: 'as made', now } : { is: 'theirs', says: kept, now }
    }
    const says = sayDifference(first, world, files)
    if (wrong.some((fact) => isUnknown(check(fact)))) return { is: 'lost', says, now }
    if (step.before.length > 0 && step.before.every((fact) => check(fact) === true))
      return { is: 'back', now }
    if (wrong.every(({ kind }) => kind === 'sysctl')) return { is: 'theirs', says, now }
    const isMade = step.touches.some(({ how }) => how === 'add')
    const isOurs = isMade && wrong.every((fact) => isThereOtherwise(fact, check))
    return { is: isOurs ? 'differs' : 'lost', says, now }
  })
}

/** The fact as later steps of the same change left it; none where they took the thing away. */
function lastOf(fact: Fact, last: Fact | undefined): readonly Fact[] {
  if (last === undefined) return []
  if (fact.kind !== 'link' || last.kind !== 'link' || !last.there) return [last]
  const told = Object.entries(last.is ?? {}).filter(([key]) => Object.hasOwn(fact.is ?? {}, key))
  return [{ ...last, is: Object.fromEntries(told) }]
}

type Check = (fact: Fact) => Known<boolean>

/** Should be there, and is not at all: a link with other settings is not gone. */
function isGone(fact: Fact, check: Check): boolean {
  if (fact.kind === 'netns') return fact.there && check(fact) === false
  if (fact.kind !== 'link' || !fact.there) return false
  return check({ kind: 'link', at: fact.at, name: fact.name, there: false }) === true
}

function pathOf(fact: Fact): readonly string[] {
  if (fact.kind === 'netns') return [`/run/netns/${fact.name}`]
  return fact.kind === 'link' ? [fact.at, `link:${fact.name}`] : []
}

/** All that it made or changed went with something else. */
function isBelow({ touches }: Step, gone: readonly (readonly string[])[]): boolean {
  const made = touches.filter(({ how }) => how !== 'use')
  return (
    made.length > 0 &&
    made.every(({ path }) => gone.some((outer) => outer.every((part, at) => part === path[at])))
  )
}

/** What was made is there, but not as it was left: with it goes what was changed about it. Of a link kind and mark must be ours. */
function isThereOtherwise(fact: Fact, check: Check): boolean {
  switch (fact.kind) {
    case 'link':
      return withoutSettings(fact, check).length > 0
    case 'file':
      return fact.text !== null && check({ ...fact, text: null }) === false
    case 'nft-table':
      return fact.rules !== null && check({ ...fact, rules: null }) === false
    default:
      return false
  }
}

/** That the link is there and ours, where that much is true. */
function withoutSettings(fact: Fact, check: Check): readonly Fact[] {
  if (fact.kind !== 'link' || !fact.there) return []
  const { kind, alias } = fact.is ?? {}
  const is = { ...(kind === undefined ? {} : { kind }), ...(alias === undefined ? {} : { alias }) }
  const less: Fact = { ...fact, is }
  return check(less) === true ? [less] : []
}
