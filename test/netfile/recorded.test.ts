/** Hosts as they were recorded, and the same with hostile names: what is exported can be read, and no terminal obeys it. */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { World } from '../../src/model/world.ts'
import { networkFileOf } from '../../src/netfile/from-world.ts'
import { headOf } from '../../src/netfile/head.ts'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'
import { networkFileText } from '../../src/netfile/write-network-file.ts'
import { worldOf } from '../support/fixture.ts'
import { hostile } from '../support/hostile.ts'

const names = readdirSync(new URL('../../fixtures/', import.meta.url))
  .filter((name) => name.endsWith('.json.gz'))
  .map((name) => name.slice(0, -'.json.gz'.length))

function exported(world: World): string {
  const made = networkFileOf(world, { networks: [] })
  if (!made.ok) throw new Error(made.failure.what)
  const text = networkFileText(made.value.file, {
    format: 'yaml',
    head: headOf(world, made.value, 'yaml'),
  })
  expect(text).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u)
  expect(readNetworkFile(text, 'x')).toEqual({ ok: true, value: made.value.file })
  return text
}

test.each(names)('%s', async (name) => {
  const world = await worldOf(name)
  expect(exported(world)).toBe(exported(structuredClone(world)))
})

test('Docker’s networks of a recorded host are in it, its own are not', async () => {
  const text = exported(await worldOf('docker'))
  expect(text).toContain('engine: docker')
  expect(text).not.toMatch(/^ {2}(?:bridge|host|none):/m)
})

/** Names, and what somebody said of things, as hostile as they can be; the same text stays the same. */
function withHostileNames(value: unknown, isFree = false): unknown {
  if (typeof value === 'string') return isFree ? hostile(value) : value
  if (Array.isArray(value)) return value.map((each) => withHostileNames(each, isFree))
  if (typeof value !== 'object' || value === null) return value
  const free = ['name', 'hostName', 'network', 'aliases', 'links', 'alias', 'unknown', 'labels', 'options']
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      isFree ? hostile(key) : key,
      withHostileNames(each, isFree || (free.includes(key) && !isThings(each))),
    ]),
  )
}

/** Links of a namespace, not those of an endpoint; what could not be read. */
function isThings(value: unknown): boolean {
  if (Array.isArray(value)) return typeof value[0] === 'object'
  return typeof value === 'object' && value !== null && 'unknown' in value
}

test.each(names)('%s with hostile names', async (name) => {
  exported(withHostileNames(await worldOf(name)) as World)
})
