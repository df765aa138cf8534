import type { Form } from './form.ts'
import { socket } from './net-fields.ts'

/** Rules of an engine that are gone, as findings tell of them. */
export const rulesRestore: Form = {
  title: 'write back rules that an engine or a lab lost',
  verb: ['rules', 'restore'],
  fields: [
    {
      id: 'engine',
      label: 'engine',
      where: { as: 'option', name: '--engine' },
      choices: (_, { engines }) => {
        const [first = 'lab', ...more] = new Set([...engines.map(({ engine }) => engine), 'lab'])
        return [first, ...more]
      },
      isAlwaysSaid: true,
    },
    socket,
  ],
}
