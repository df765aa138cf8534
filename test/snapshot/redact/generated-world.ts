/** Worlds made from the schema itself, with a text of the test's choice at every place where a text may stand. */
import { z } from 'zod'
import { worldVersion } from '../../../src/model/format.ts'
import { worldSchema, type World } from '../../../src/model/world.ts'

export type Choices = {
  readonly text: () => string
  /** A number below `count`. */
  readonly choose: (count: number) => number
}

export function generatedWorld(choices: Choices): World {
  const made = valueOf(worldSchema, choices) as World
  return { ...made, version: worldVersion }
}

function valueOf(schema: z.core.$ZodType, choices: Choices): unknown {
  if (schema instanceof z.ZodString) return choices.text()
  if (schema instanceof z.ZodNumber) return 7
  if (schema instanceof z.ZodBoolean) return true
  if (schema instanceof z.ZodNull) return null
  if (schema instanceof z.ZodLiteral) return [...schema.values][0]
  if (schema instanceof z.ZodEnum) return schema.options[choices.choose(schema.options.length)]
  // Mostly there: what is null hides nothing.
  if (schema instanceof z.ZodNullable)
    return choices.choose(8) === 0 ? null : valueOf(schema.unwrap(), choices)
  if (schema instanceof z.ZodOptional) return valueOf(schema.unwrap(), choices)
  if (schema instanceof z.ZodUnion) {
    const options: readonly z.core.$ZodType[] = schema.options
    // The first of `known` is the reason why something could not be read.
    const at = choices.choose(options.length * 3) % options.length
    return valueOf(options[at === 0 && choices.choose(3) > 0 ? options.length - 1 : at] ?? z.null(), choices)
  }
  if (schema instanceof z.ZodArray) {
    return Array.from({ length: 1 + choices.choose(2) }, () => valueOf(schema.element, choices))
  }
  if (schema instanceof z.ZodRecord) {
    return Object.fromEntries([[choices.text(), valueOf(schema.valueType, choices)]])
  }
  if (schema instanceof z.ZodObject) {
    return Object.fromEntries(
      Object.entries(schema.shape).map(([name, member]) => [name, valueOf(member, choices)]),
    )
  }
  throw new Error('the generator does not know this schema')
}
