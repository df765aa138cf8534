/** The form of a change: its fields are filled, and the plan follows what is typed. Nothing here changes the host. */
import { isSame, openForm, planFor } from '../changing/argv-of-form.ts'
import type { ChangeForm } from '../changing/change-modes.ts'
import { isRunning } from '../changing/change-state.ts'
import { fieldsOf, settled, valueOf, type Field, type Values } from '../changing/form.ts'
import { formHostOf } from '../changing/form-host.ts'
import { formCalled, type FormId } from '../changing/forms.ts'
import type { Key } from '../msg.ts'
import { changeChoices, type ChangeKind } from '../select/change-choices.ts'
import { changeTarget, type Changed } from '../select/change-target.ts'
import { fieldOffer } from '../select/change-field.ts'
import { shown } from '../select/shown.ts'
import { whyNotRemoved } from '../select/why-not.ts'
import type { Input, State } from '../state.ts'
import { edited, inputOf } from './input.ts'
import { target, type Motion } from './motion.ts'
import { saying, type Step } from './step.ts'

/** true, or why nothing can be changed from here. */
export function canChange({ options, feed }: State): true | string {
  if (options.mode === 'replay') return 'a recording is not the host: nothing of it can be changed'
  if (options.readonly) return '--readonly: nothing is changed from here'
  return feed.world === null ? 'nothing has been read yet' : true
}

export function canChoose(state: State, kind: ChangeKind): true | string {
  const can = canChange(state)
  if (can !== true) return can
  if (changeChoices(state, kind).length > 0) return true
  const target = changeTarget(state)
  const foreign = target?.foreign
  if (foreign !== null && foreign !== undefined)
    return `${foreign.name} is ${foreign.engine}'s own, and is changed by ${foreign.engine}`
  const changed = target?.changed ?? null
  const why = kind === 'delete' && changed !== null ? whyNotRemoved(changed) : true
  if (why !== true) return why
  return kind === 'add' ? 'nothing can be added here' : 'nothing is selected that could be changed'
}

/** true, or why the selected thing's engine does not do that. */
export function canAskOf(state: State, whyNot: (changed: Changed) => true | string): true | string {
  const can = canChange(state)
  const changed = can === true ? (changeTarget(state)?.changed ?? null) : null
  return can === true && changed !== null ? whyNot(changed) : can
}

const titles: Readonly<Record<ChangeKind, string>> = {
  add: 'add what?',
  edit: 'change what of it?',
  delete: 'delete what?',
}

/** One that is the only one is opened at once. */
export function choicesOpened(state: State, kind: ChangeKind): State {
  const choices = changeChoices(state, kind)
  const [only] = choices
  if (only !== undefined && choices.length === 1) return changeFormOpened(state, only.form, only.values)
  return { ...state, mode: { type: 'change-menu', title: titles[kind], choices, cursor: 0, scroll: 0 } }
}

/** Filled with the selected network and node; `isWhole` false: only with the node. */
export function formOpenedHere(state: State, form: FormId, isWhole: boolean): State {
  const changed = changeTarget(state)?.changed ?? null
  if (changed === null) return changeFormOpened(state, form, {})
  const { values, network, node } = changed
  return changeFormOpened(state, form, {
    ...(isWhole ? values : {}),
    ...(network === null || !isWhole ? {} : { network: network.name }),
    ...(node === null ? {} : { node }),
  })
}

/** The cursor is on the first field that has to be filled, else on the first that is not filled. */
export function changeFormOpened(state: State, id: FormId, values: Values): State {
  const host = formHostOf(shown(state).world)
  const fields = fieldsOf(formCalled(id), values, host, false)
  const empty = fields.findIndex((field: Field) => field.required === true && valueOf(field, values) === '')
  const left = fields.findIndex((field) => values[field.id] === undefined)
  const mode: ChangeForm = {
    type: 'change-form',
    form: id,
    values,
    host,
    field: 0,
    input: inputOf(''),
    scroll: 0,
    isFull: false,
    isProtected: 'confirm-within' in values,
  }
  return { ...state, mode: atField(mode, Math.max(0, empty === -1 ? left : empty)) }
}

function atField(mode: ChangeForm, at: number): ChangeForm {
  const { fields } = openForm(mode)
  const field = Math.max(0, Math.min(at, fields.length - 1))
  const on = fields[field]
  return { ...mode, field, input: inputOf(on === undefined ? '' : valueOf(on, mode.values)) }
}

/** Down past the last field is the first one again. */
export function fieldMoved(state: State, step: 1 | -1): State {
  const { mode } = state
  if (mode.type !== 'change-form') return state
  const { length } = openForm(mode).fields
  return length === 0 ? state : { ...state, mode: atField(mode, (mode.field + step + length) % length) }
}

/** Enter only moves on. */
export function fieldAccepted(state: State, mode: ChangeForm): State {
  const { fields } = openForm(mode)
  if (mode.field < fields.length - 1) return fieldMoved(state, 1)
  return saying(state, 'note', 'Ctrl-S makes this change; Enter only moves on')
}

export function changeTyped(state: State, mode: ChangeForm, input: Input): State {
  const { fields } = openForm(mode)
  const on = fields[mode.field]
  if (on === undefined) return state
  if (on.choices !== undefined) {
    const letter = input.text.at(-1)?.toLowerCase() ?? ''
    const found = on.choices.find((each) => each.startsWith(letter))
    return letter === '' || found === undefined ? state : withValue(state, mode, on, found)
  }
  return withValue(state, mode, on, input.text, input)
}

function withValue(state: State, mode: ChangeForm, field: Field, text: string, input = inputOf(text)): State {
  const form = formCalled(mode.form)
  const values = settled(form, mode.values, { ...mode.values, [field.id]: text }, mode.host)
  const next: ChangeForm = { ...mode, input, values }
  // The choice of a driver brings other fields: the cursor stays on its own.
  const at = openForm(next).fields.findIndex(({ id }) => id === field.id)
  return { ...state, mode: { ...next, field: Math.max(0, at) } }
}

/** A key that is no action there: text, a turn of the choices, or at the end of the text what is offered. */
export function pressedInForm(state: State, mode: ChangeForm, key: Key): State {
  const on = openForm(mode).fields[mode.field]
  if (on === undefined) return state
  if (on.choices !== undefined) {
    const step = key === 'left' ? -1 : key === 'right' || key === 'space' ? 1 : 0
    if (step !== 0) return turned(state, mode, on, step)
    return Array.from(key).length === 1 ? changeTyped(state, mode, inputOf(key)) : state
  }
  const isAtEnd = mode.input.cursor === Array.from(mode.input.text).length
  const offer = key === 'right' && isAtEnd ? fieldOffer(state, on, mode) : null
  if (offer !== null) return withValue(state, mode, on, offer)
  const next = edited(mode.input, key)
  return next === null ? state : changeTyped(state, mode, next)
}

function turned(state: State, mode: ChangeForm, field: Field, step: 1 | -1): State {
  const choices: readonly string[] = field.choices ?? []
  const at = choices.indexOf(valueOf(field, mode.values))
  const next = choices[(at + step + choices.length) % choices.length]
  return next === undefined ? state : withValue(state, mode, field, next)
}

export function changeScrolled(state: State, motion: Motion): State {
  const { mode } = state
  if (mode.type !== 'change-form' && mode.type !== 'change-run') return state
  const page = Math.max(3, Math.floor(state.size.rows / 3))
  return { ...state, mode: { ...mode, scroll: target(mode.scroll, Number.MAX_SAFE_INTEGER, page, motion) } }
}

export function fullTurned(state: State): State {
  const { mode } = state
  return mode.type === 'change-form' || mode.type === 'change-run'
    ? { ...state, mode: { ...mode, isFull: !mode.isFull, scroll: 0 } }
    : state
}

/** true, or why what the form says cannot be done. */
export function canApply(state: State): true | string {
  const { mode } = state
  if (mode.type !== 'change-form') return 'no change is asked for'
  const can = canChange(state)
  if (can !== true) return can
  const { argv, missing } = openForm(mode)
  if (argv === null) return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} still empty`
  const plan = planFor(state, argv)
  if (plan?.answer === null || plan === null) return 'the plan is still being made'
  if (!plan.answer.ok) return plan.answer.failure.what
  return state.changes.runs.some(isRunning) ? 'another change is still being made' : true
}

/** After every message: what the form says is planned anew where it says something else. */
export function planAsked(state: State): Step {
  const { mode, changes } = state
  const argv = mode.type === 'change-form' ? openForm(mode).argv : null
  const { plan } = changes
  if (argv === null) {
    if (plan === null) return [state]
    return [{ ...state, changes: { ...changes, plan: null } }, ...(plan.answer === null ? [endPlan] : [])]
  }
  if (plan !== null && isSame(plan.argv, argv)) return [state]
  const id = changes.asked + 1
  return [
    {
      ...state,
      changes: {
        ...changes,
        asked: id,
        plan: { id, argv, answer: null, before: plan?.answer ?? plan?.before ?? null },
      },
    },
    { type: 'plan-change', id, argv },
  ]
}

const endPlan = { type: 'end-plan' } as const
