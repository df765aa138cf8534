/**
 * Checks a value against a zod schema piece by piece and stops at the first complaint. zod alone collects them all:
 * a file of a few megabytes with a mistake in each of its elements would become gigabytes of complaints.
 */
import { z } from 'zod'
import { isUnknown } from '../model/known.ts'

export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly path: readonly PropertyKey[]; readonly says: string }

/** Pieces up to this many values are given to zod whole, which is fast and bounds what it can collect. */
const pieceSize = 5000

export function validate(schema: z.core.$ZodType, value: unknown): Checked {
  if (countUpTo(value, pieceSize) < pieceSize) return whole(schema, value)
  const form = formOf(schema, value)
  if (form instanceof z.ZodArray && Array.isArray(value)) return inArray(form.element, value)
  if (form instanceof z.ZodRecord && isObject(value)) return inRecord(form.valueType, value)
  if (form instanceof z.ZodObject && isObject(value)) return inObject(form, value)
  return { ok: false, path: [], says: `${kindOf(value)} is not what is wanted here` }
}

function fine(value: unknown): Checked {
  return { ok: true, value }
}

function whole(schema: z.core.$ZodType, value: unknown): Checked {
  const result = z.safeParse(schema, value)
  if (result.success) return fine(result.data)
  const first = result.error.issues[0]
  if (first === undefined) return { ok: false, path: [], says: 'not as the schema wants it' }
  const { path, message } = deepest(first, [])
  return { ok: false, path, says: message.replace(/^Invalid input: /, '') }
}

/** Arrays and records are checked in place: the value is fresh from JSON.parse, and a copy would take as much again. */
function inArray(element: z.core.$ZodType, values: unknown[]): Checked {
  for (let index = 0; index < values.length; index += 1) {
    const checked = validate(element, values[index])
    if (!checked.ok) return { ...checked, path: [index, ...checked.path] }
    values[index] = checked.value
  }
  return fine(values)
}

function inRecord(valueType: z.core.$ZodType, record: Members): Checked {
  // As zod does: a name that means something else to JavaScript is left out.
  delete record['__proto__']
  for (const key in record) {
    const checked = validate(valueType, record[key])
    if (!checked.ok) return { ...checked, path: [key, ...checked.path] }
    record[key] = checked.value
  }
  return fine(record)
}

function inObject(schema: z.ZodObject, value: Members): Checked {
  const out: Members = {}
  for (const [key, member] of Object.entries(schema.shape)) {
    const checked = validate(member, Object.hasOwn(value, key) ? value[key] : undefined)
    if (!checked.ok) return { ...checked, path: [key, ...checked.path] }
    // What may be missing stays missing.
    if (checked.value !== undefined) out[key] = checked.value
  }
  return fine(out)
}

/** The form that a large value is meant to have: of `known(x)` the reason or x, of links that of its kind. */
function formOf(schema: z.core.$ZodType, value: unknown): z.core.$ZodType | undefined {
  const forms = formsOf(schema)
  if (Array.isArray(value)) return forms.find((form) => form instanceof z.ZodArray)
  if (!isObject(value)) return undefined
  return (
    forms.find((form) => form instanceof z.ZodObject && fits(form, value)) ??
    forms.find((form) => form instanceof z.ZodRecord) ??
    forms.findLast((form) => form instanceof z.ZodObject)
  )
}

function formsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodNullable) return formsOf(schema.unwrap())
  return schema instanceof z.ZodUnion ? schema.options.flatMap(formsOf) : [schema]
}

function fits(option: z.ZodObject, value: Members): boolean {
  if ('unknown' in option.shape) return isUnknown(value)
  const literals = Object.entries(option.shape).filter(
    ([, member]) => member instanceof z.ZodLiteral || member instanceof z.ZodEnum,
  )
  return literals.length > 0 && literals.every(([key, member]) => z.safeParse(member, value[key]).success)
}

type Issue = z.core.$ZodIssue
type Place = { readonly path: readonly PropertyKey[]; readonly message: string }

/**
 * Where a value may be of several forms, zod complains about each of them; the form that went wrong latest is the
 * one that was meant.
 */
function deepest(issue: Issue, above: readonly PropertyKey[]): Place {
  const path = [...above, ...issue.path]
  if (issue.code !== 'invalid_union') return { path, message: issue.message }
  const forms = issue.errors.flatMap((errors) => errors.slice(0, 1).map((inner) => deepest(inner, path)))
  let best: Place = { path, message: issue.message }
  for (const form of forms) if (form.path.length >= best.path.length) best = form
  return best
}

/** How many values it is made of, not counting further than the limit. */
function countUpTo(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null) return 1
  let count = 1
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  for (const member of members) {
    count += countUpTo(member, limit - count)
    if (count >= limit) return count
  }
  return count
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'an array' : isObject(value) ? 'an object' : `a ${typeof value}`
}

type Members = { [key: string]: unknown }

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
