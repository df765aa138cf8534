/** The form that is open, and the command line that it stands for. */
import type { State } from '../state.ts'
import { argvOf, fieldsOf, missingIn, type Field, type Form } from './form.ts'
import { formCalled } from './forms.ts'
import type { ChangePlan } from './change-state.ts'
import type { ChangeForm } from './change-modes.ts'

export type OpenForm = {
  readonly form: Form
  readonly fields: readonly Field[]
  /** null: something is missing yet. */
  readonly argv: readonly string[] | null
  readonly missing: readonly string[]
}

export function openForm(mode: ChangeForm): OpenForm {
  const form = formCalled(mode.form)
  const fields = fieldsOf(form, mode.values, mode.host, mode.isProtected)
  const missing = missingIn(fields, mode.values)
  return { form, fields, missing, argv: missing.length > 0 ? null : argvOf(form, fields, mode.values) }
}

/** The plan of exactly this command line; null: none was asked for, or another. */
export function planFor({ changes }: State, argv: readonly string[] | null): ChangePlan | null {
  const { plan } = changes
  return plan !== null && argv !== null && isSame(plan.argv, argv) ? plan : null
}

export function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, at) => each === other[at])
}
