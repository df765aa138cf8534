/** What zod says about a file of networks, as a sentence for people. */
import type { z } from 'zod'
import { nearest } from '../lib/nearest.ts'
import { sanitise } from '../lib/sanitise.ts'
import { networkFileSchema } from '../model/network-file.ts'

/** `at`: the place that is meant, where that is not the one of the issue. `key`: the name of a member is wrong, not what it is. */
export type Said = {
  readonly path: readonly (string | number)[]
  readonly key: boolean
  readonly says: string
}

/** `value`: of the whole file. */
export function saysOf(issue: z.core.$ZodIssue, value: unknown): readonly Said[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path)
    return issue.keys.map((key) => {
      const near = nearest(key, known)
      const meant = near === null ? '' : `; did you mean ${near}?`
      const allowed = known.length === 0 ? '' : `; there are ${known.join(', ')}`
      const says = `${sanitise(key)} is nothing that can be said of ${placeText(path)}${meant}${allowed}`
      return { path: [...path, key], key: true, says }
    })
  }
  const found = valueAt(value, path)
  if (found === undefined) {
    const [name, around] = [path.at(-1), path.slice(0, -1)]
    const what = `${placeText(around)} needs ${typeof name === 'number' ? 'two members' : String(name)}`
    return [{ path: around, key: false, says: `${what}: ${wanted(issue, path)}` }]
  }
  const kind = wanted(issue, path)
  const not = shown(found, kind === kinds['string'])
  return [{ path, key: false, says: `${placeText(path)} must be ${kind}, not ${not}` }]
}

/** `networks.lab0.mtu`. */
export function placeText(path: readonly (string | number)[]): string {
  return path.length === 0 ? 'the file' : path.map((part) => sanitise(String(part))).join('.')
}

const kinds: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  tuple: 'a list of two',
  object: 'a map (NAME: VALUE)',
  record: 'a map (NAME: VALUE)',
}

function wanted(issue: z.core.$ZodIssue, path: readonly (string | number)[]): string {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values.map(String).join(' or ')
    case 'too_small':
      return issue.origin === 'array' ? 'a list of two' : `at least ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'array' ? 'a list of two' : `at most ${issue.maximum}`
    case 'invalid_format':
      return path.at(-1) === 'mode' ? 'bridge, none, host or container:NAME' : 'written in another way'
    default:
      return issue.message
  }
}

/** `isText`: text is needed. A number or true is none, unless it is quoted. */
function shown(value: unknown, isText: boolean): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'a map'
  if (typeof value === 'string') return `"${sanitise(value.slice(0, 80))}"`
  // JSON has no word for infinity, which 1e400 is.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return isText ? `${text}: write it in quotes` : text
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, part)
        ? (at as Readonly<Record<string | number, unknown>>)[part]
        : undefined,
    value,
  )
}

type Def = {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly valueType?: z.core.$ZodType
  readonly element?: z.core.$ZodType
  readonly items?: readonly z.core.$ZodType[]
  readonly innerType?: z.core.$ZodType
  readonly out?: z.core.$ZodType
}

/** What may be said at a place, as the schema has it. */
function keysAt(path: readonly (string | number)[]): readonly string[] {
  let def = defOf(networkFileSchema)
  for (const part of path) {
    const next =
      def.type === 'object'
        ? def.shape?.[part]
        : def.type === 'record'
          ? def.valueType
          : def.type === 'tuple'
            ? def.items?.[Number(part)]
            : def.element
    if (next === undefined) return []
    def = defOf(next)
  }
  return def.type === 'object' ? Object.keys(def.shape ?? {}) : []
}

/** Without what only says that it may be missing, or that there are short forms of it. */
function defOf(schema: z.core.$ZodType): Def {
  const def = (schema as z.ZodType).def as unknown as Def
  const inner =
    def.type === 'pipe' ? def.out : ['optional', 'default'].includes(def.type) ? def.innerType : undefined
  return inner === undefined ? def : defOf(inner)
}
