/** Every form of a change by its name. What each does is told by the command itself, with --dry-run. */
import { examples } from '../../command/examples.ts'
import type { Form } from './form.ts'
import { netForms } from './net-forms.ts'
import { rulesRestore } from './rules-restore-form.ts'
import { plainForms } from './plain-forms.ts'

const forms = {
  ...netForms,
  ...plainForms,
  undo: {
    title: 'take a change back',
    verb: ['undo'],
    fields: [{ id: 'id', label: 'change', where: { as: 'word' }, hint: 'empty: the last one' }],
  },
  example: {
    title: 'make a shipped example, or remove it',
    verb: ['example'],
    fields: [
      {
        id: 'name',
        label: 'example',
        where: { as: 'word' },
        required: true,
        offers: () => examples.map(({ name }) => name),
        hint: ':example tells what each is',
      },
      {
        id: 'remove',
        label: 'remove',
        where: { as: 'switch', name: '--remove' },
        choices: ['no', 'yes'],
        hint: 'yes: it is taken down',
      },
    ],
  },
  'rules-restore': rulesRestore,
  cleanup: {
    title: 'take back what was begun and not ended',
    verb: ['cleanup'],
    fields: [],
  },
} as const satisfies Readonly<Record<string, Form>>

export type FormId = keyof typeof forms

export function formCalled(id: FormId): Form {
  return forms[id]
}

export const formIds = Object.keys(forms) as readonly FormId[]
