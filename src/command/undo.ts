import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { plannedCommand } from './change-flow.ts'
import { numberOf } from './change-words.ts'

export const undo = plannedCommand({
  name: 'undo',
  summary: 'take a change back: the last that is in effect, or the one of that number',
  description: [
    'It runs what was written down before the change was made. It is refused, naming the change, where a later one still stands on it.',
  ],
  examples: ['vethscope undo', 'vethscope undo 12 --dry-run'],
  arguments: { id: { value: 'ID', summary: 'as the change told it, or vethscope journal', required: false } },
  options: {},
  plan: async (changer, { id }, options) => {
    const number = changeId(id)
    return number.ok ? succeeded(await changer.undoPlan(number.value, options)) : number
  },
})

/** null: none was given. */
export function changeId(text: string | undefined): Outcome<number | null> {
  if (text === undefined) return succeeded(null)
  const id = numberOf(text)
  if (id !== null && id > 0) return succeeded(id)
  return failed({
    kind: 'usage',
    what: `"${text}" is no number of a change`,
    hint: 'vethscope journal lists them',
  })
}
