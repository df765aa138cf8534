/** What a form of a change is made of: its fields, and the command line that they come to. */
import { wordsOf } from '../../lib/words.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { World } from '../../model/world.ts'

export type Values = Readonly<Record<string, string>>

/** Where a field stands on the command line. `words`, `options`: parted by blanks as a shell parts them, each its own. */
type Where =
  | { readonly as: 'word' | 'words' }
  | {
      readonly as: 'option' | 'options' | 'switch' | 'false'
      readonly name: `--${string}`
      readonly short?: `-${string}`
    }

export type Field = {
  readonly id: string
  readonly label: string
  readonly where: Where
  /** One of these and nothing else; the first where nothing was chosen. */
  readonly choices?: readonly [string, ...string[]]
  /** Likely values, for whoever types. `ports`: as far as they were read. */
  readonly offers?: (world: World, values: Values, ports: PortsView | null) => readonly string[]
  /** What is meant where it is empty, or how it is written. */
  readonly hint?: string
  readonly required?: true
  /** Of others' values; absent: it is always asked for. */
  readonly when?: (values: Values) => boolean
}

export type Form = {
  /** `make a network`. */
  readonly title: string
  /** `net create`: what the command line begins with. */
  readonly verb: readonly [string, ...string[]]
  readonly fields: readonly Field[]
}

export const confirmWithin: Field = {
  id: 'confirm-within',
  label: 'keep within',
  where: { as: 'option', name: '--confirm-within' },
  hint: 'seconds to confirm it in; else it is taken back',
}

export function fieldsOf({ fields }: Form, values: Values, isProtected: boolean): readonly Field[] {
  const asked = fields.filter(({ when }) => when === undefined || when(values))
  return isProtected ? [...asked, confirmWithin] : asked
}

export function valueOf({ id, choices }: Field, values: Values): string {
  return values[id] ?? choices?.[0] ?? ''
}

/** Where a quote is still open, every blank parts. */
const wordsIn = (text: string): readonly string[] =>
  (wordsOf(text) ?? text.split(/\s+/)).filter((each) => each !== '')

/** Labels of what must be told and is not. */
export function missingIn(fields: readonly Field[], values: Values): readonly string[] {
  return fields
    .filter((field) => field.required === true && valueOf(field, values).trim() === '')
    .map(({ label }) => label)
}

/** As one would type it: arguments in their order, then the options. */
export function argvOf(form: Form, fields: readonly Field[], values: Values): readonly string[] {
  const words = fields.flatMap((field): readonly string[] => {
    const text = valueOf(field, values).trim()
    if (field.where.as === 'word') return text === '' ? [] : [text]
    return field.where.as === 'words' ? wordsIn(text) : []
  })
  const options = fields.flatMap(({ where, ...field }): readonly string[] => {
    const text = valueOf({ where, ...field }, values).trim()
    switch (where.as) {
      case 'word':
      case 'words':
        return []
      case 'option':
        return text === '' || text === field.choices?.[0] ? [] : [where.name, text]
      case 'options':
        return wordsIn(text).flatMap((each) => [where.name, each])
      case 'switch':
        return text === 'yes' ? [where.name] : []
      case 'false':
        return text === 'no' ? [where.name, 'false'] : []
      default:
        return where satisfies never
    }
  })
  return [...form.verb, ...words, ...options]
}
