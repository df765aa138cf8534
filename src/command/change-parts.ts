/**
 * A change of several parts, each on a host of its own (`example overlay`): made one after the other; where one fails or is not
 * agreed to, those before it are taken back.
 */
import type { Changer } from '../change/changer.ts'
import { resolveNetns } from '../derive/resolve-netns.ts'
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import { quoted } from '../lib/quoted.ts'
import type { Intent } from '../model/intent.ts'
import { answerOf, changeOnce, refusalToChange, type ChangeValues, type Step } from './change-flow.ts'
import type { Deps } from './command.ts'
import type { Result } from './result.ts'

export type Part = {
  /** The namespace that plays its host; null: the host. */
  readonly host: string | null
  readonly intent: Intent
  readonly title: string
  /** The same alone, for a script. */
  readonly command: readonly string[]
  readonly notes: readonly string[]
}

type Parts = {
  readonly parts: readonly Part[]
  /** Whose host is not there has nothing to take down. */
  readonly takesDown: boolean
}

type Made = { readonly changer: Changer; readonly step: Step }

export async function changeParts(
  deps: Deps,
  values: ChangeValues,
  { parts, takesDown }: Parts,
): Promise<Outcome<Result>> {
  const refusal = refusalToChange(deps, values) ?? whyNotWithin(values, parts)
  if (refusal !== null) return failed(refusal)
  const made: Made[] = []
  for (const part of parts) {
    const isThere = await hasHost(deps, part)
    if (!isThere.ok) return isThere
    if (!isThere.value && takesDown) continue
    const changer = await deps.changer(part.host ?? undefined)
    if (!isThere.value && values['dry-run']) {
      made.push({ changer, step: on(part.host, unplanned(part)) })
      continue
    }
    const asked = await changeOnce(deps, changer, values, async (_, options) => {
      const planned = await changer.plan(part.intent, options)
      if (!planned.ok) return planned
      const { value } = planned
      return { ok: true, value: { ...value, title: part.title, notes: [...value.notes, ...part.notes] } }
    })
    const step = asked.ok ? succeeded(on(part.host, asked.value)) : asked
    const isDone = step.ok && step.value.answer !== 'failed' && (step.value.data.applied || values['dry-run'])
    if (isDone) made.push({ changer, step: step.value })
    else {
      const changed = made.filter((each) => each.step.data.id !== null)
      const back = takesDown ? [] : await takenBack(changed)
      if (!step.ok) return failed(withBack(step.failure, changed, back, takesDown))
      return resultOf([...made.map((each) => each.step), step.value, ...back], parts.length)
    }
  }
  return resultOf(
    made.map(({ step }) => step),
    parts.length,
  )
}

/** Each host has a journal of its own, and its changes their own numbers. */
function on(host: string | null, step: Step): Step {
  return host === null ? step : { ...step, data: { ...step.data, host } }
}

/** The first part may be what makes the host of the others. */
async function hasHost({ source }: Deps, { host }: Part): Promise<Outcome<boolean>> {
  if (host === null) return succeeded(true)
  const world = await source.readWorld({ details: false })
  return world.ok ? succeeded(resolveNetns(world.value, host).ok) : world
}

/** Its plan depends on what the parts before it make. */
function unplanned({ title, command }: Part): Step {
  const line = command.map(quoted).join(' ')
  return {
    data: {
      id: null,
      title,
      applied: false,
      verified: false,
      steps: [{ title, command: line, undo: [`${line} --remove`], outcome: 'not run' }],
      left: [],
      differences: [],
      notes: [],
    },
    script: `# ${title}: planned when what stands above is there\n${line}\n`,
    answer: 'yes',
  }
}

/** The last first, up to one that cannot be taken back: what was made before it may be what it stands on. */
async function takenBack(made: readonly Made[]): Promise<readonly Step[]> {
  const back: Step[] = []
  for (const { changer, step } of made.toReversed()) {
    const plan = await changer.undoPlan(step.data.id)
    const applied = plan.ok ? await changer.apply(plan.value) : null
    if (applied?.ok !== true || !applied.value.applied) break
    back.push(
      on(step.data.host ?? null, { data: applied.value, script: null, answer: answerOf(applied.value) }),
    )
  }
  return back
}

function withBack(
  failure: Failure,
  made: readonly Made[],
  back: readonly Step[],
  takesDown: boolean,
): Failure {
  if (made.length === 0) return failure
  const titles = (some: readonly Made[]): string => some.map(({ step }) => step.data.title).join(', ')
  const left = made.slice(0, made.length - back.length)
  const after = takesDown
    ? `done before: ${titles(made)}`
    : left.length === 0
      ? 'what was made before is taken back'
      : `this stays: ${titles(left)}; --remove takes it down`
  return { ...failure, what: `${failure.what}; ${after}` }
}

/** Each would wait for a confirmation of its own, and the next one stands on it. */
function whyNotWithin(values: ChangeValues, parts: readonly Part[]): Failure | null {
  if (values['confirm-within'] === undefined || parts.length === 1) return null
  return { kind: 'usage', what: `--confirm-within is for one change: this is ${parts.length} of them` }
}

function resultOf(steps: readonly Step[], parts: number): Outcome<Result> {
  const [first] = steps
  if (first === undefined) return failed({ kind: 'usage', what: 'nothing was asked for' })
  const scripts = steps.flatMap(({ script }) => (script === null ? [] : [script]))
  return succeeded({
    kind: 'change',
    data: parts === 1 ? first.data : steps.map(({ data }) => data),
    script: scripts.length === 0 ? null : scripts.join('\n'),
    answer: steps.find(({ answer }) => answer !== 'yes')?.answer ?? 'yes',
    gaps: [],
  })
}
