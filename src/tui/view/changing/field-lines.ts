/**
 *   name        lab0
 * > subnet      10.9.0.0/24_             empty: the next free one
 *   internal    < no >
 */
import { width } from '../../../lib/width.ts'
import type { ChangeForm } from '../../changing/change-modes.ts'
import { valueOf, type Field } from '../../changing/form.ts'
import { fieldOffers } from '../../select/change-field.ts'
import { shown } from '../../select/shown.ts'
import type { State } from '../../state.ts'
import type { Line, Span } from '../../frame.ts'
import { clean, fitted, gap, lineOf, padded, span, widthOf } from '../text.ts'

/** Before the value. */
export const valueColumn = 16

export function fieldLines(
  state: State,
  mode: ChangeForm,
  fields: readonly Field[],
  columns: number,
): readonly Line[] {
  return fields.map((field, at) => {
    const isHere = at === mode.field
    const head = [
      span(isHere ? '>' : ' ', 'key'),
      gap(1),
      ...padded([span(field.label, 'dim')], valueColumn - 2),
    ]
    const value =
      field.choices === undefined ? textSpans(state, field, mode, isHere, columns) : choiceSpans(field, mode)
    const hint = hintOf(state, field, mode, isHere)
    const room = columns - widthOf([...head, ...value]) - 3
    const told = room < 8 || hint === '' ? [] : [gap(2), ...fitted([span(hint, 'dim')], room)]
    return lineOf([...head, ...value, ...told], columns)
  })
}

function choiceSpans(field: Field, { values }: ChangeForm): readonly Span[] {
  const { choices = [] } = field
  const chosen = valueOf(field, values)
  return choices.flatMap((each, at) => [
    ...(at === 0 ? [] : [gap(1)]),
    each === chosen ? span(`[${each}]`, 'match') : span(` ${each} `, 'dim'),
  ])
}

function textSpans(
  state: State,
  field: Field,
  mode: ChangeForm,
  isHere: boolean,
  columns: number,
): readonly Span[] {
  const text = valueOf(field, mode.values)
  if (!isHere) return text === '' && field.required === true ? [span('needed', 'changed')] : [span(text)]
  const { text: visible } = windowOf(mode.input, columns - valueColumn - 2)
  const [offer] = fieldOffers(state, field, mode)
  const typed = /\S*$/.exec(text)?.[0] ?? ''
  const isList = field.where.as === 'words' || field.where.as === 'options'
  const rest = offer?.slice(isList ? typed.length : text.length) ?? ''
  return [span(visible), ...(rest === '' ? [] : [span(rest, 'dim')])]
}

/** What is meant where it is empty; while it is typed into, what else could stand there. */
function hintOf(state: State, field: Field, mode: ChangeForm, isHere: boolean): string {
  const hint = hintText(state, field, mode)
  if (!isHere || field.choices !== undefined)
    return valueOf(field, mode.values) === '' || isHere || field.choices !== undefined ? hint : ''
  const offers = fieldOffers(state, field, mode)
  if (offers.length === 0) return hint
  // It stands where it would be typed.
  if (offers.length === 1) return `→ takes it${hint === '' ? '' : `; ${hint}`}`
  return `→ takes it; ${offers.slice(0, 8).join(' ')}${offers.length > 8 ? ' …' : ''}`
}

function hintText(state: State, { hint = '' }: Field, { values }: ChangeForm): string {
  if (typeof hint === 'string') return hint
  const { world } = shown(state)
  return world === null ? '' : hint(world, values)
}

/** Where the cursor stands in the line of its field. */
export function cursorColumn(mode: ChangeForm, columns: number): number {
  return valueColumn + width(windowOf(mode.input, columns - valueColumn - 2).before)
}

/** The part of a long value that holds the cursor. */
function windowOf(
  { text, cursor }: ChangeForm['input'],
  columns: number,
): { readonly text: string; readonly before: string } {
  const characters = Array.from(text)
  let from = 0
  const before = (): string => clean(characters.slice(from, cursor).join(''))
  while (from < cursor && width(before()) > columns - 1) from += 1
  return { text: clean(characters.slice(from).join('')), before: before() }
}
