import type { Input } from '../state.ts'
import type { ChangeChoice } from '../select/change-choices.ts'
import type { FormHost } from './form-host.ts'
import type { Values } from './form.ts'
import type { FormId } from './forms.ts'

/** What can be added, changed or deleted at the selected thing. */
export type ChangeMenu = {
  readonly type: 'change-menu'
  readonly title: string
  readonly choices: readonly ChangeChoice[]
  readonly cursor: number
  readonly scroll: number
}

/** A change as it is asked for. `input`: of the field that is typed into. */
export type ChangeForm = {
  readonly type: 'change-form'
  readonly form: FormId
  readonly values: Values
  /** As it was when the form opened. */
  readonly host: FormHost
  readonly field: number
  readonly input: Input
  /** First visible line of the plan. */
  readonly scroll: number
  /** Long lines are shown whole. */
  readonly isFull: boolean
  /** What is asked for may cut the way in: it can be confirmed afterwards, or is taken back. */
  readonly isProtected: boolean
}

/** A change that is made, or was. */
export type ChangeShown = {
  readonly type: 'change-run'
  readonly run: number
  readonly scroll: number
  readonly isFull: boolean
}
