/** Recorded worlds, and what the tools of that host printed at the same moment. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { listed, printed, type Printed } from '../../src/collect/ip/json.ts'
import { bridgeQuestions, ip6Questions, ipQuestions, parseTables } from '../../src/collect/ip/parse-tables.ts'
import { resolveNetns } from '../../src/derive/resolve-netns.ts'
import type { Netns, NetnsTables } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'

/** Answers by namespace and question. */
export type Said = { readonly [netns: string]: { readonly [question: string]: unknown } }

/** `before` has only what moved while the snapshot was taken. */
export type RawFixture = { readonly before: Said; readonly after: Said }

const file = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))

export async function worldOf(name: string): Promise<World> {
  const read = await readSnapshot(file(`${name}.json.gz`))
  if (!read.ok) throw new Error(read.failure.what)
  return read.value
}

export function rawOf(name: string): RawFixture {
  const packed = file(`raw/${name}.json.gz`)
  if (existsSync(packed)) return JSON.parse(gunzipSync(readFileSync(packed)).toString()) as RawFixture
  return { before: {}, after: JSON.parse(readFileSync(file(`${name}.raw.json`), 'utf8')) as Said }
}

export function netnsOf(world: World, name: string): Netns {
  const found = resolveNetns(world, name)
  if (!found.ok) throw new Error(found.failure.what)
  return found.value
}

/** What `ip` and `bridge` said, as tables: namespace by namespace, in the words of the raw file. */
export function tablesSaid(world: World, said: Said): ReadonlyMap<string, NetnsTables> {
  const names = Object.keys(said)
  // `ip netns list-id` tells names of /run/netns only.
  const named = new Map(
    names
      .filter((each) => each !== 'host' && (!each.startsWith('/') || each.startsWith('/run/netns/')))
      .map((each) => [each.replace('/run/netns/', ''), netnsOf(world, each).id]),
  )
  return new Map(
    names.map((name) => {
      const answers = printed(said[name])
      const tables = parseTables(
        {
          ip: ipQuestions.map((question) => listed(answers[`ip -j -d -s ${question}`])),
          ip6: ip6Questions.map((question) => listed(answers[`ip -6 -j -d ${question}`])),
          bridge: bridgeQuestions.map((question) =>
            listed(answers[`bridge -j -d -s ${question}`] as Printed[]),
          ),
        },
        named,
      )
      return [name, tables]
    }),
  )
}
