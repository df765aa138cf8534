/**
 * What is done to each string of a World, worked out from its schema: so a field that is added to the model is found
 * without anybody's doing, and stays hidden until somebody decides otherwise (decisions.ts).
 */
import { z } from 'zod'
import { decisions, type Treatment } from './decisions.ts'

/** What may stand at one place of the World, by the kinds of value that the schema allows there. */
export type Plan = {
  /** How a string is treated; null: the schema itself allows only certain ones, which tell nothing. */
  text?: Treatment | null
  /** Members of an object; what is not among them is left out of the file. */
  members?: Map<string, Plan>
  /** Any keys (z.record), and what stands behind them. */
  record?: { readonly key: Treatment; readonly value: Plan }
  items?: Plan
}

/** A place where a string may stand: `netns[].links[].alias`; `labels{}` is a value, `labels{key}` a key of a record. */
export type Place = string

/** Strings that nothing is said about are replaced as a whole. */
const byDefault: Treatment = 'secret'

export function planOf(schema: z.core.$ZodType): Plan {
  const plan: Plan = {}
  fill(plan, schema, '', (place) => decisions[place] ?? byDefault)
  return plan
}

/** Every place of the schema at which a decision is needed. */
export function placesOf(schema: z.core.$ZodType): readonly Place[] {
  const places = new Set<Place>()
  fill({}, schema, '', (place) => {
    places.add(place)
    return byDefault
  })
  return [...places]
}

type Decide = (place: Place) => Treatment

function fill(plan: Plan, schema: z.core.$ZodType, place: Place, decide: Decide): void {
  if (schema instanceof z.ZodString) plan.text = decide(place)
  else if (schema instanceof z.ZodLiteral || schema instanceof z.ZodEnum) plan.text ??= null
  else if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    fill(plan, schema.unwrap(), place, decide)
  } else if (schema instanceof z.ZodUnion) {
    for (const option of schema.options) fill(plan, option, place, decide)
  } else if (schema instanceof z.ZodArray) {
    fill((plan.items ??= {}), schema.element, `${place}[]`, decide)
  } else if (schema instanceof z.ZodRecord) {
    const value = plan.record?.value ?? {}
    plan.record = { key: decide(`${place}{key}`), value }
    fill(value, schema.valueType, `${place}{}`, decide)
  } else if (schema instanceof z.ZodObject) fillMembers(plan, schema, place, decide)
  else if (!hasNoText(schema)) {
    throw new Error(`redaction does not know what may stand at ${place}`)
  }
}

function fillMembers(plan: Plan, schema: z.ZodObject, place: Place, decide: Decide): void {
  const members = (plan.members ??= new Map<string, Plan>())
  const names = Object.keys(schema.shape)
  for (const [name, member] of Object.entries(schema.shape)) {
    let inner = members.get(name)
    if (inner === undefined) members.set(name, (inner = {}))
    // `{ unknown: reason }` stands wherever a value could not be read; reasons are sentences.
    if (name === 'unknown' && names.length === 1) inner.text = 'text:word'
    else fill(inner, member, place === '' ? name : `${place}.${name}`, decide)
  }
}

function hasNoText(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodNumber || schema instanceof z.ZodBoolean || schema instanceof z.ZodNull
}
