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
 */
export type StillSo =
  | { readonly is: 'as made' | 'back' }
  | { readonly is: 'differs' | 'theirs' | 'lost'; readonly says: string }

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
    if (isBelow(step, gone)) return { is: 'back' }
    if (first === undefined) {
      const kept = forwardingKept(step, world)
      return kept === null ? { is: 'as made' } : { is: 'theirs', says: kept }
    }
    const says = sayDifference(first, world, files)
    if (wrong.some((fact) => isUnknown(check(fact)))) return { is: 'lost', says }
    if (step.before.length > 0 && step.before.every((fact) => check(fact) === true)) return { is: 'back' }
    if (wrong.every(({ kind }) => kind === 'sysctl')) return { is: 'theirs', says }
    const isMade = step.touches.some(({ how }) => how === 'add')
    return { is: isMade && wrong.every((fact) => isThereOtherwise(fact, check)) ? 'differs' : 'lost', says }
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
    case 'link': {
      const { kind, alias } = fact.is ?? {}
      const is = { ...(kind === undefined ? {} : { kind }), ...(alias === undefined ? {} : { alias }) }
      return fact.there && check({ ...fact, is }) === true
    }
    case 'file':
      return fact.text !== null && check({ ...fact, text: null }) === false
    case 'nft-table':
      return fact.rules !== null && check({ ...fact, rules: null }) === false
    default:
      return false
  }
}
