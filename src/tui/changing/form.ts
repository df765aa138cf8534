/** What a form of a change is made of: its fields, and the command line that they come to. */
import { wordsOf } from '../../lib/words.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { World } from '../../model/world.ts'
import type { FormHost } from './form-host.ts'

export type Values = Readonly<Record<string, string>>

/** Where a field stands on the command line. `words`, `options`: parted by blanks as a shell parts them, each its own. */
type Where =
  | { readonly as: 'word' | 'words' }
  | {
      readonly as: 'option' | 'options' | 'switch' | 'false'
      readonly name: `--${string}`
      readonly short?: `-${string}`
    }

type Choices = readonly [string, ...string[]]

/** As it is asked for now. */
export type Field = {
  readonly id: string
  readonly label: string
  readonly where: Where
  /** One of these and nothing else; the first where nothing was chosen. */
  readonly choices: Choices | undefined
  /** The first of the choices is said, too: it is no default of the command's. */
  readonly isAlwaysSaid?: true
  /** Likely values, for whoever types. `ports`: as far as they were read. */
  readonly offers?: (world: World, values: Values, ports: PortsView | null) => readonly string[]
  /** What is meant where it is empty, or how it is written. */
  readonly hint?: string | ((world: World, values: Values) => string)
  readonly required?: true
}

/** As a form has it: what it asks for may follow from other fields, and from the host. */
export type FormField = Omit<Field, 'choices'> & {
  readonly choices?: Choices | ((values: Values, host: FormHost) => Choices)
  /** Absent: it is always asked for. */
  readonly when?: (values: Values, host: FormHost) => boolean
}

export type Form = {
  /** `make a network`. */
  readonly title: string | ((values: Values) => string)
  /** `net create`: what the command line begins with. */
  readonly verb: readonly [string, ...string[]]
  readonly fields: readonly FormField[]
}

export function titleOf({ title }: Form, values: Values): string {
  return typeof title === 'string' ? title : title(values)
}

const confirmWithin: FormField = {
  id: 'confirm-within',
  label: 'keep within',
  where: { as: 'option', name: '--confirm-within' },
  hint: 'seconds to confirm it in; else it is taken back',
}

export function fieldsOf(
  { fields }: Form,
  values: Values,
  host: FormHost,
  isProtected: boolean,
): readonly Field[] {
  const all = isProtected ? [...fields, confirmWithin] : fields
  return all
    .filter(({ when }) => when === undefined || when(values, host))
    .map((field) => ({ ...field, choices: choicesNow(field, values, host) }))
}

function choicesNow({ id, choices }: FormField, values: Values, host: FormHost): Choices | undefined {
  if (choices === undefined) return undefined
  const all = typeof choices === 'function' ? choices(values, host) : choices
  const own = values[id]
  // What was typed as a command is what is asked for, whatever this host has.
  return own === undefined || own === '' || all.includes(own) ? all : [...all, own]
}

/** Without what was chosen of other choices than there are now: another engine has other drivers. */
export function settled(form: Form, before: Values, values: Values, host: FormHost): Values {
  const lost = form.fields.flatMap(({ id, choices }) => {
    const own = values[id]
    if (typeof choices !== 'function' || own === undefined || own !== before[id]) return []
    return choices(before, host).includes(own) && !choices(values, host).includes(own) ? [id] : []
  })
  return lost.length === 0
    ? values
    : Object.fromEntries(Object.entries(values).filter(([id]) => !lost.includes(id)))
}

export function valueOf({ id, choices }: Pick<Field, 'id' | 'choices'>, values: Values): string {
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
  const options = fields.flatMap((field): readonly string[] => {
    const { where } = field
    const text = valueOf(field, values).trim()
    switch (where.as) {
      case 'word':
      case 'words':
        return []
      case 'option':
        return text === '' || (text === field.choices?.[0] && field.isAlwaysSaid !== true)
          ? []
          : [where.name, text]
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
