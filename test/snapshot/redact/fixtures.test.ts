/** Recorded hosts, redacted: the same namespaces, pairs and routes, under other names and addresses. */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { peers } from '../../../src/derive/peers.ts'
import { predictRoute } from '../../../src/derive/route.ts'
import { resolveNetns } from '../../../src/derive/resolve-netns.ts'
import { isUnknown, listOf } from '../../../src/model/known.ts'
import type { Netns } from '../../../src/model/netns.ts'
import type { World } from '../../../src/model/world.ts'
import { parseWorld } from '../../../src/snapshot/parse-world.ts'
import { readSnapshot } from '../../../src/snapshot/read-snapshot.ts'
import { redactWorld } from '../../../src/snapshot/redact/redact-world.ts'
import { worldJson } from '../../../src/snapshot/world-json.ts'

const folder = new URL('../../../fixtures/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json.gz'))

async function readBoth(file: string): Promise<{ readonly before: World; readonly after: World }> {
  const before = await readSnapshot(new URL(file, folder).pathname)
  if (!before.ok) throw new Error(before.failure.what)
  const text = [...worldJson(redactWorld(before.value, Buffer.alloc(32, 3)))].join('')
  const after = parseWorld(JSON.parse(text), file)
  if (!after.ok) throw new Error(after.failure.what)
  return { before: before.value, after: after.value }
}

/** Who is connected to whom, by id and ifindex. */
function pairs(world: World): readonly string[] {
  const { peerOf, lowerOf } = peers(world.netns)
  return world.netns.flatMap((netns) =>
    listOf(netns.links).map(({ ifindex, master }) => {
      const ends = [peerOf(netns.id, ifindex), lowerOf(netns.id, ifindex)].map((end) =>
        end === null ? '-' : 'unknown' in end ? '?' : `${end.netns} ${end.ifindex}`,
      )
      return `${netns.id} ${ifindex} under ${master ?? '-'}: ${ends.join(' ')}`
    }),
  )
}

/** Where each address of the whole host leads to from a namespace. */
function routes(world: World, netns: Netns): readonly string[] {
  const { links } = netns
  const indexOf = (name: string | null) =>
    isUnknown(links) ? -1 : (links.find((link) => link.name === name)?.ifindex ?? -1)
  const addresses = world.netns.flatMap((each) => listOf(each.addresses).map(({ local }) => local))
  return addresses.map((dst) => {
    const answer = predictRoute(netns, { dst })
    const ways = answer.ways.map((way) => `${indexOf(way.link)} ${way.gateway === null ? 'on link' : 'via'}`)
    return `${answer.verdict} table ${answer.route?.table ?? '-'} ${ways.join(', ')}`
  })
}

describe.each(files)('%s', (file) => {
  test('shows the same topology and gives the same answers', async () => {
    const { before, after } = await readBoth(file)
    expect(pairs(after)).toEqual(pairs(before))
    for (const [at, netns] of before.netns.entries()) {
      const redacted = after.netns[at]
      if (redacted === undefined) throw new Error('a namespace is missing')
      expect(routes(after, redacted)).toEqual(routes(before, netns))
      // Each can still be named, by its new name and by a path to it.
      for (const { name, path } of redacted.names) {
        const found = resolveNetns(after, name)
        if (found.ok) expect(found.value.id).toBe(netns.id)
        const there = path === null ? null : resolveNetns(after, path)
        if (there?.ok === true) expect(there.value.id).toBe(netns.id)
      }
    }
  })

  test('tells nothing of the host', async () => {
    const { before, after } = await readBoth(file)
    const text = [...worldJson(after)].join('')
    const told = before.netns
      .flatMap((netns) => listOf(netns.links).flatMap(({ lladdr, alias }) => [lladdr, alias]))
      .filter((each): each is string => each !== null && !/^(00:){5}00$|^02:42:(0a|ac:1|c0:a8)/.test(each))
    expect(told.length).toBeGreaterThan(3)
    expect(after.hostName).toBe('host1')
    expect(told.filter((each) => text.includes(`"${each}"`))).toEqual([])
    // A pod's containers have its name for a host name; others have the beginning of their id.
    const containers = listOf(before.engines).flatMap((each) => listOf(each.containers))
    const hosts = containers
      .flatMap(({ hostName }) => hostName ?? [])
      .filter((each) => !/^[0-9a-f]{12}$/.test(each))
    expect(after.redacted).toMatchObject({ hosts: new Set([before.hostName, ...hosts]).size })
  })
})
