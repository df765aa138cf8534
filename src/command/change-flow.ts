/** What every change has in common: wish → plan → shown and asked → made → told. */
import type { ApplyOptions, Changer, PlanOptions } from '../change/changer.ts'
import type { Planned } from '../change/planner.ts'
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import type { ChangeResult } from '../model/change-result.ts'
import type { Intent } from '../model/intent.ts'
import {
  command,
  type ArgumentSpecs,
  type Command,
  type Deps,
  type OptionSpecs,
  type OptionValues,
  type RawValues,
  type Values,
} from './command.ts'
import type { Result } from './result.ts'

/** A day is long to be locked out of a host. */
const longestWait = 86_400

/** Of every command that changes something. */
export const changeOptions = {
  yes: { type: 'switch', summary: 'do it without asking' },
  'dry-run': { type: 'switch', summary: 'print what would be run, as a shell script, and do nothing' },
  'confirm-within': {
    type: 'integer',
    value: 'SECONDS',
    min: 1,
    max: longestWait,
    summary:
      'it is taken back after so long unless `vethscope confirm` is said; then it may touch what your own session needs',
  },
  'tell-steps': { type: 'switch', hidden: true, summary: 'a line of JSON on standard error for each step' },
} as const satisfies OptionSpecs

export type ChangeValues = OptionValues<typeof changeOptions>

type ChangeCommand<A extends ArgumentSpecs, O extends OptionSpecs> = {
  readonly name: string
  readonly summary: string
  readonly description?: readonly string[]
  readonly examples?: readonly string[]
  readonly arguments: A
  readonly options: O
  /** What is asked for; or what is wrong with the way it is asked. Several are made one after the other. */
  readonly wish: (values: Values<A, O>) => Outcome<Intent | readonly Intent[]>
}

export function changeCommand<const A extends ArgumentSpecs, const O extends OptionSpecs>({
  wish,
  ...definition
}: ChangeCommand<A, O>): Command {
  return {
    ...definition,
    needs: 'world',
    changes: true,
    options: { ...definition.options, ...changeOptions },
    run: async (deps, values) => {
      const wished = wish(values as unknown as Values<A, O>)
      if (!wished.ok) return wished
      const intents: readonly Intent[] = isList(wished.value) ? wished.value : [wished.value]
      return changeEach(
        deps,
        asChange(values),
        intents.map((intent) => (changer, options) => changer.plan(intent, options)),
      )
    },
  }
}

/** Of a command with a plan of its own making (`undo`). */
export function plannedCommand<const A extends ArgumentSpecs, const O extends OptionSpecs>({
  plan,
  ...definition
}: Omit<ChangeCommand<A, O>, 'wish'> & {
  readonly plan: (changer: Changer, values: Values<A, O>, options: PlanOptions) => Promise<Outcome<Planned>>
}): Command {
  return command<ArgumentSpecs, OptionSpecs>({
    ...definition,
    needs: 'world',
    changes: true,
    options: { ...definition.options, ...changeOptions },
    run: (deps, values) => {
      const wants: Wants = async (changer, options) => {
        const asked = await plan(changer, values as unknown as Values<A, O>, options)
        return asked.ok ? asked.value : { ok: false, refusals: [asked.failure] }
      }
      return changeEach(deps, asChange(values), [wants])
    },
  })
}

export type Wants = (changer: Changer, options: PlanOptions) => Promise<Planned>

/** One after the other: each is planned on the host as the one before left it. The first that is refused or fails is the last. */
async function changeEach(
  deps: Deps,
  values: ChangeValues,
  wants: readonly Wants[],
): Promise<Outcome<Result>> {
  const refusal = refusalToChange(deps, values)
  if (refusal !== null) return failed(refusal)
  const changer = await deps.changer()
  const done: Step[] = []
  for (const want of wants) {
    const step = await changeOnce(deps, changer, values, want)
    if (!step.ok) return done.length === 0 ? step : failed(after(done, step.failure))
    done.push(step.value)
    if (step.value.answer !== 'yes') break
  }
  const [first] = done
  if (first === undefined) return failed({ kind: 'usage', what: 'nothing was asked for' })
  const scripts = done.flatMap(({ script }) => (script === null ? [] : [script]))
  return succeeded({
    kind: 'change',
    data: wants.length === 1 ? first.data : done.map(({ data }) => data),
    script: scripts.length === 0 ? null : scripts.join('\n'),
    answer: done.at(-1)?.answer ?? 'yes',
    gaps: [],
  })
}

export type Step = {
  readonly data: ChangeResult
  readonly script: string | null
  readonly answer: 'yes' | 'no' | 'failed'
}

export async function changeOnce(
  deps: Deps,
  changer: Changer,
  values: ChangeValues,
  want: Wants,
): Promise<Outcome<Step>> {
  const within = values['confirm-within']
  const options: PlanOptions = within === undefined ? {} : { confirmWithin: within }
  const planned = await want(changer, options)
  if (!planned.ok) return failed(asOne(planned.refusals))
  const plan = planned.value
  const preview = changer.preview(plan)
  if (values['dry-run']) return succeeded({ data: preview, script: changer.script(plan), answer: 'yes' })
  if (plan.steps.length === 0) return succeeded({ data: asItIs(preview), script: null, answer: 'yes' })
  if (!values.yes && !(await deps.person.approves({ kind: 'change', preview })))
    return succeeded({ data: preview, script: null, answer: 'no' })
  const applied = await changer.apply(plan, { ...options, ...told(deps, values['tell-steps']) })
  return applied.ok
    ? succeeded({ data: applied.value, script: null, answer: answerOf(applied.value) })
    : applied
}

/** Nothing had to be done. */
function asItIs(preview: ChangeResult): ChangeResult {
  return { ...preview, applied: true, verified: true }
}

export function answerOf({ applied, verified }: ChangeResult): 'yes' | 'no' | 'failed' {
  if (!applied) return 'failed'
  return verified ? 'yes' : 'no'
}

/** Said before anything is read. */
export function refusalToChange(
  { source, person }: Pick<Deps, 'source' | 'person'>,
  values: Pick<ChangeValues, 'yes' | 'dry-run'>,
): Failure | null {
  if (source.kind === 'file' && !values['dry-run']) {
    return {
      kind: 'usage',
      what: `${source.file ?? 'a file'} is a snapshot, which cannot be changed`,
      hint: 'leave --from out to change this host',
    }
  }
  if (values.yes || values['dry-run'] || person.isThere) return null
  return {
    kind: 'usage',
    what: 'this changes the host, and there is no terminal to ask at',
    hint: 'say --yes to do it, or --dry-run to see what would be done',
  }
}

export function told(
  { person }: Pick<Deps, 'person'>,
  asJson: boolean,
): Pick<ApplyOptions, 'onStep' | 'onWait'> {
  return {
    onStep: (step) => person.step(step, asJson),
    onWait: (what) => person.waits(what, asJson),
  }
}

/** The first reason, with the others beside it. */
function asOne(refusals: readonly Failure[]): Failure {
  const [first, ...others] = refusals
  if (first === undefined) return { kind: 'refused', what: 'this cannot be planned, and no reason was given' }
  return others.length === 0 ? first : { ...first, others }
}

/** What was done before stays. */
function after(done: readonly Step[], failure: Failure): Failure {
  const before = done.map(({ data }) => (data.id === null ? data.title : `${data.title} (change ${data.id})`))
  return { ...failure, what: `${failure.what}; done before: ${before.join(', ')}` }
}

/** The parser filled them by changeOptions. */
function asChange(values: RawValues): ChangeValues {
  return values as unknown as ChangeValues
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}
