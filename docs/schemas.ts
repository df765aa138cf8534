/** The JSON Schemas that are made from the sources: of a snapshot, a config, a theme. */
import { z } from 'zod'
import { configSchema } from '../src/config/config-schema.ts'
import { worldVersion } from '../src/model/format.ts'
import { worldSchema } from '../src/model/world.ts'
import { actions } from '../src/tui/actions.ts'
import { roles } from '../src/tui/frame.ts'
import { attributes, themeNames } from '../src/tui/theme.ts'

/** For editors: a config names it in `$schema`. */
export function configJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(configSchema)
  const names = { type: 'string', enum: Object.keys(actions) }
  const properties = Object.fromEntries(
    Object.entries(rest.properties ?? {}).map(([name, value]) => [
      name,
      name === 'keys' ? { ...Object(value), propertyNames: names } : value,
    ]),
  )
  return `${JSON.stringify({ $schema, ...rest, properties }, null, 1)}\n`
}

/** The same that `checkTheme` asks for; a test holds the two together. */
export function themeJsonSchema(): string {
  const colour = { type: 'integer', minimum: 0, maximum: 255 }
  const style = {
    type: 'object',
    properties: {
      fg: { ...colour, description: 'Of the text; left out, the terminal’s own' },
      bg: { ...colour, description: 'Of the ground' },
      ...Object.fromEntries(attributes.map((name) => [name, { type: 'boolean' }])),
    },
    additionalProperties: false,
  }
  const members = {
    $schema: { type: 'string' },
    name: { type: 'string', description: 'As the file, without .json' },
    title: { type: 'string' },
    ground: { ...colour, description: 'Painted where a role has no bg; left out, the terminal’s own shows' },
  }
  const named = Object.fromEntries(roles.map((role) => [role, { $ref: '#/$defs/style' }]))
  const object = (properties: object, required: readonly string[]) => ({
    type: 'object',
    properties,
    required,
    additionalProperties: false,
  })
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'vethscope theme',
    anyOf: [
      object(
        {
          ...members,
          extends: { enum: themeNames, description: 'The shipped theme that gives what is left out' },
          roles: object(named, []),
        },
        ['extends'],
      ),
      object({ ...members, roles: object(named, roles) }, ['name', 'title', 'roles']),
    ],
    $defs: { style },
  }
  return `${JSON.stringify(schema, null, 1)}\n`
}

/** Of a snapshot. */
export function worldJsonSchema(): string {
  const schema = z.toJSONSchema(worldSchema, { reused: 'ref' })
  const { $schema, ...rest } = schema
  const title = `vethscope World, format ${worldVersion.major}.${worldVersion.minor}`
  return `${JSON.stringify({ $schema, title, ...rest }, null, 1)}\n`
}
