/** What could stand in the field that is typed into. */
import type { ChangeForm } from '../changing/change-modes.ts'
import type { Field } from '../changing/form.ts'
import type { State } from '../state.ts'
import { portsOf } from './ports.ts'
import { shown } from './shown.ts'

/** Those that begin with what was typed (its last word, where several are taken), without itself. */
export function fieldOffers(state: State, field: Field, { input, values }: ChangeForm): readonly string[] {
  const { world } = shown(state)
  if (world === null || field.offers === undefined) return []
  const { before, word } = lastWord(field, input.text)
  const taken = before.split(/\s+/)
  return field
    .offers(world, values, portsOf(state))
    .filter((each) => each !== word && each.startsWith(word) && !taken.includes(each))
}

/** The whole text with the first of them; null: there is none. */
export function fieldOffer(state: State, field: Field, mode: ChangeForm): string | null {
  const [first] = fieldOffers(state, field, mode)
  return first === undefined ? null : `${lastWord(field, mode.input.text).before}${first}`
}

function lastWord({ where }: Field, text: string): { readonly before: string; readonly word: string } {
  if (where.as !== 'words' && where.as !== 'options') return { before: '', word: text }
  const at = text.search(/\S*$/)
  return { before: text.slice(0, at), word: text.slice(at) }
}
