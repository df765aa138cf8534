import type { Form } from './form.ts'
import { socket } from './net-fields.ts'

/** Rules of an engine that are gone, as findings tell of them. */
export const rulesRestore: Form = {
  title: 'write back the rules that an engine lost',
  verb: ['rules', 'restore'],
  fields: [
    {
      id: 'engine',
      label: 'engine',
      where: { as: 'option', name: '--engine' },
      choices: (_, { engines }) => {
        const [first = 'docker', ...more] = new Set(engines.map(({ engine }) => engine))
        return [first, ...more]
      },
      isAlwaysSaid: true,
    },
    socket,
  ],
}
