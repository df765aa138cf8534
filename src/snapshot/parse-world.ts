/**
 * From parsed JSON to a World: format name and version first (clear sentences), then what this version does not
 * know yet becomes what it does (`other` links), then the schema, then the references that others rely on.
 */
import { z } from 'zod'
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import { isUnknown } from '../model/known.ts'
import { linkSchema } from '../model/link.ts'
import { worldFormat, worldVersion } from '../model/format.ts'
import { withPolicyCounters } from '../model/policy-counter.ts'
import { worldSchema, type World } from '../model/world.ts'
import { validate } from './validate.ts'

type Json = { readonly [key: string]: unknown }

const linkKinds: ReadonlySet<string> = new Set(
  linkSchema.options.flatMap((option) => {
    const kind = option.shape.kind
    return kind instanceof z.ZodEnum ? kind.options : [...kind.values]
  }),
)

/** `file` is how it is named in sentences. */
export function parseWorld(json: unknown, file: string): Outcome<World> {
  const subject = `"${sanitise(file)}"`
  const refused = (what: string, hint?: string) =>
    failed({ kind: 'refused', what: sanitise(what), subject: file, ...(hint === undefined ? {} : { hint }) })

  if (!isObject(json) || json['format'] !== worldFormat) {
    return refused(
      `${subject} is JSON, but not a snapshot of vethscope: it does not begin with "format": "${worldFormat}"`,
    )
  }
  const version = json['version']
  const major = isObject(version) ? version['major'] : undefined
  const minor = isObject(version) ? version['minor'] : undefined
  if (typeof major !== 'number') return refused(`${subject} does not say its version`)
  if (major !== worldVersion.major) {
    const tool = json['tool']
    const writer =
      isObject(tool) && typeof tool['version'] === 'string' ? ` by vethscope ${tool['version']}` : ''
    return refused(
      `${subject} was written${writer} in format ${major}.${String(minor)}; this program reads format ${worldVersion.major}`,
      major > worldVersion.major
        ? 'open it with a newer vethscope'
        : 'open it with the vethscope that wrote it',
    )
  }

  const checked = validate(worldSchema, withKnownKinds(withLaterParts(json)))
  if (!checked.ok) return refused(`${subject}: ${placeOf(checked.path)}: ${checked.says}`)
  const world = checked.value as World

  const ids = new Set<string>()
  for (const [index, netns] of world.netns.entries()) {
    if (ids.has(netns.id)) return refused(`${subject}: netns[${index}].id: "${netns.id}" is there twice`)
    ids.add(netns.id)
  }
  if (!ids.has(world.host)) return refused(`${subject}: host: no namespace has the id "${world.host}"`)
  if (!isUnknown(world.init) && !ids.has(world.init)) {
    return refused(`${subject}: init: no namespace has the id "${world.init}"`)
  }
  return succeeded(withPolicyCounters(world))
}

/** What an older minor version did not hold is unknown, not absent. */
function withLaterParts(world: Json): Json {
  const namespaces = world['netns']
  const version = world['version']
  if (!isObject(version) || version['minor'] !== 0 || !Array.isArray(namespaces)) return world
  return {
    engines: { unknown: 'files of format 1.0 do not hold containers' },
    ...world,
    netns: namespaces.map((item: unknown) =>
      isObject(item) ? { firewall: null, conntrack: null, ...item } : item,
    ),
  }
}

/** A newer minor version may know more kinds of link; here they are `other`, under the kernel's name. */
function withKnownKinds(world: Json): Json {
  const namespaces = world['netns']
  if (!Array.isArray(namespaces)) return world
  const netns = namespaces.map((item: unknown) => {
    if (!isObject(item) || !Array.isArray(item['links'])) return item
    const links: readonly unknown[] = item['links']
    return links.every(isKnownKind) ? item : { ...item, links: links.map(asKnownKind) }
  })
  return { ...world, netns }
}

function isKnownKind(link: unknown): boolean {
  return !isObject(link) || typeof link['kind'] !== 'string' || linkKinds.has(link['kind'])
}

function asKnownKind(link: unknown): unknown {
  if (isKnownKind(link) || !isObject(link)) return link
  return { ...link, kind: 'other', kindName: link['kind'], raw: {} }
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
  return place === '' ? 'the whole' : place
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
