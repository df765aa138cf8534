/** What could stand in the field that is typed into. */
import type { World } from '../../model/world.ts'
import type { ChangeForm } from '../changing/change-modes.ts'
import type { Field } from '../changing/form.ts'

/** Those that begin with what was typed (its last word, where several are taken), without itself. */
export function fieldOffers(
  world: World | null,
  field: Field,
  { input, values }: ChangeForm,
): readonly string[] {
  if (world === null || field.offers === undefined) return []
  const { before, word } = lastWord(field, input.text)
  const taken = before.split(/\s+/)
  return field
    .offers(world, values)
    .filter((each) => each !== word && each.startsWith(word) && !taken.includes(each))
}

/** The whole text with the first of them; null: there is none. */
export function fieldOffer(world: World | null, field: Field, mode: ChangeForm): string | null {
  const [first] = fieldOffers(world, field, mode)
  return first === undefined ? null : `${lastWord(field, mode.input.text).before}${first}`
}

function lastWord({ where }: Field, text: string): { readonly before: string; readonly word: string } {
  if (where.as !== 'words' && where.as !== 'options') return { before: '', word: text }
  const at = text.search(/\S*$/)
  return { before: text.slice(0, at), word: text.slice(at) }
}
