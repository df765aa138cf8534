/** The plan that takes a change back, or makes one again that was taken back. */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import type { Entry } from '../apply/entry.ts'
import { checkFact } from '../check/check-fact.ts'
import { finalFacts } from '../check/final-facts.ts'
import { sayDifference } from '../check/say-difference.ts'
import type { Files } from '../check/seen.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import { inverseOf } from './inverse.ts'
import { withoutGone } from './without-gone.ts'
import { meeting, type Meeting } from './meet.ts'
import { entryOf, isInEffect, originOf, standingOf, type Standing } from './standing.ts'
import { stillSo } from './still-so.ts'

/**
 * `id` null: the last change that is in effect and is no undo (made again counts as made). Undoing an undo makes the change again.
 * `world` and `files` are as undoTarget's plan needs them: its namespaces with their dear parts and rules, the files of its facts.
 */
export function undoPlan(entries: readonly Entry[], id: number | null, world: World, files: Files): Planned {
  const target = targetOf(entries, id)
  if (!target.ok) return target
  const { root, by, isUndo } = target.value
  const blocked = [...blockers(entries, target.value), ...(isUndo ? undosSince(entries, by) : [])]
  if (blocked.length > 0) return refused(...blocked)
  const plan = isUndo ? again(root, by, world, files) : back(root, by, world, files)
  const gone = plan.ok ? gonePlaces(plan.value.steps, world) : []
  if (gone.length === 0) return plan
  return refused(...gone.map((path) => changedSince(by, `the namespace that ${path} led to is gone`)))
}

/** Files of namespaces that the plan goes through, where another namespace has that name now, or none. */
function gonePlaces(steps: readonly Step[], world: World): readonly string[] {
  const there = new Set<string>(world.netns.map(({ id }) => id))
  const entered = steps.flatMap(({ command }) => command.enters ?? [])
  return [...new Set(entered.flatMap(({ path, id }) => (there.has(id) ? [] : [sanitise(path)])))]
}

/** The change of the journal that undoPlan would take back: what must be read of the host follows from its plan. */
export function undoTarget(entries: readonly Entry[], id: number | null): Entry | null {
  const target = targetOf(entries, id)
  return target.ok ? target.value.by : null
}

/** The last of the changes that must be undone before that one; null: none. */
export function inTheWay(entries: readonly Entry[], id: number): number | null {
  const target = targetOf(entries, id)
  return target.ok ? (laterOn(entries, target.value)[0]?.by.id ?? null) : null
}

type Target = Standing & { readonly isUndo: boolean }

function targetOf(entries: readonly Entry[], id: number | null): Planned<Target> {
  const standing = standingOf(entries)
  if (id === null) {
    const last = standing.findLast(({ by }) => by.state !== 'left')
    if (last !== undefined) return planned({ ...last, isUndo: false })
    return refused(missing('journal', 'no change is in effect: there is nothing to undo'))
  }
  const entry = entryOf(entries, id)
  if (entry === undefined) return refused(missing(`change ${id}`, `there is no change ${id} in the journal`))
  const { root, isUndo } = originOf(entries, entry)
  const stands = standing.find((each) => each.root.id === root.id)
  if (!isUndo && stands !== undefined) return planned({ ...stands, isUndo })
  if (isUndo && isInEffect(entry)) return planned({ root, by: entry, isUndo })
  return refused(notInEffect(entry))
}

function missing(subject: string, what: string): Failure {
  return { kind: 'not-found', what, subject, hint: 'vethscope journal lists all changes' }
}

function notInEffect(entry: Entry): Failure {
  const { id, state, undoneBy } = entry
  const name = nameOf(entry)
  if (undoneBy !== null) {
    return refusal(
      `change ${id}`,
      `${name} is undone already, by change ${undoneBy}`,
      `vethscope undo ${undoneBy} makes it again`,
    )
  }
  if (state === 'unfinished') {
    return refusal(`change ${id}`, `${name} was begun and did not end`, 'vethscope cleanup takes it back')
  }
  return refusal(`change ${id}`, `${name} was rolled back: nothing of it is in effect`)
}

/** `change 3 (make network lab0)`. */
function nameOf({ id, plan }: Entry): string {
  return `change ${id} (${plan.title})`
}

const verbs = {
  add: 'stands on it',
  use: 'stands on it',
  change: 'changed what it made',
  delete: 'removed what it made',
  need: 'took away what it needs',
} as const

/** Each later change that must be taken back before, the last one first. */
function laterOn(
  entries: readonly Entry[],
  { root, by }: Target,
): readonly (Standing & { readonly how: Meeting })[] {
  return standingOf(entries)
    .filter((later) => later.by.id > by.id && later.root.id !== root.id)
    .toReversed()
    .flatMap((later) => {
      const how = meeting(doneOf(by), doneOf(later.by))
      return how === null ? [] : [{ ...later, how }]
    })
}

function blockers(entries: readonly Entry[], target: Target): readonly Failure[] {
  return laterOn(entries, target).map((later) => {
    const what = `${nameOf(target.by)} cannot be undone: ${nameOf(later.by)} ${verbs[later.how]}`
    return refusal(`change ${target.by.id}`, what, `vethscope undo ${later.by.id} first`)
  })
}

/**
 * Of an undo that is to be undone: what other undos did since to the same things. They do not stand among the changes, and what its steps
 * would do, and how that is taken back, was worked out before them.
 */
function undosSince(entries: readonly Entry[], by: Entry): readonly Failure[] {
  const done = (entry: Entry): readonly Pick<Step, 'touches' | 'undo'>[] =>
    doneOf(entry).map(({ touches, undo }) => ({ touches: touches.filter(({ how }) => how !== 'use'), undo }))
  return entries
    .filter((each) => each.id > by.id && each.plan.undoes !== undefined && isInEffect(each))
    .toReversed()
    .flatMap((each) => {
      const how = meeting(doneOf(by), done(each))
      if (how === null) return []
      const what = `${nameOf(by)} cannot be undone: ${nameOf(each)} ${verbs[how]}`
      return [refusal(`change ${by.id}`, what, `vethscope undo ${each.id} first`)]
    })
}

/** Of one of which a part could not be taken back, that part. */
function doneOf({ plan, steps, state }: Entry): readonly Step[] {
  return plan.steps.filter((_, at) => {
    const step = steps[at]
    return step === 'done' || step === 'left' || (state === 'left' && step === 'started')
  })
}

function back(root: Entry, by: Entry, world: World, files: Files): Planned {
  const done = doneOf(by)
  const found = stillSo(done, world, files)
  const lost = by.state === 'left' ? [] : found.flatMap((each) => (each.is === 'lost' ? [each.says] : []))
  if (lost.length > 0) {
    return refused(...lost.map((says) => changedSince(by, says)))
  }
  const ways = done.map((step, at) => {
    const now = found[at] ?? { is: 'as made', now: step.after }
    if (now.is === 'back' || now.is === 'theirs')
      return { steps: [], notes: isNothing(step) ? [] : noteOf(step, now) }
    const { step: still, gone } = withoutGone(step, world)
    return { steps: inverseOf(still, now.now), notes: [...noteOf(step, now), ...gone] }
  })
  return planned({
    intent: root.plan.intent,
    title: `undo ${nameOf(by)}`,
    steps: ways.toReversed().flatMap(({ steps }) => steps),
    notes: [...new Set(ways.flatMap(({ notes }) => notes))],
    undoes: by.id,
  })
}

const isNothing = ({ undo }: Step): boolean => !('irreversible' in undo) && undo.length === 0

function noteOf(step: Step, now: ReturnType<typeof stillSo>[number]): readonly string[] {
  if (now.is === 'back') return [`"${step.title}" is taken back already, by something else`]
  if ('irreversible' in step.undo) return [`"${step.title}" cannot be taken back: ${step.undo.irreversible}`]
  if (now.is === 'theirs') return [`"${step.title}" stays: ${now.says}`]
  return now.is === 'differs' ? [`${now.says}: changed by something else since`] : []
}

/** What the undo took back is done once more, as it was. */
function again(root: Entry, by: Entry, world: World, files: Files): Planned {
  const steps = doneOf(root).filter(({ undo }) => !('irreversible' in undo))
  const begins = finalFacts(steps.toReversed().map(({ before }) => ({ after: before })))
  const wrong = begins.filter((fact) => checkFact(fact, world, files) !== true)
  if (wrong.length > 0) {
    return refused(...wrong.map((fact) => changedSince(by, sayDifference(fact, world, files))))
  }
  const { intent, title, notes } = root.plan
  return planned({ intent, title: `make again change ${root.id} (${title})`, steps, notes, undoes: by.id })
}

function changedSince(entry: Entry, says: string): Failure {
  const isKnown = !says.startsWith('cannot tell')
  const hint = isKnown ? 'something else changed it since' : undefined
  return refusal(`change ${entry.id}`, `${nameOf(entry)} cannot be undone: ${says}`, hint)
}
