/** Reads the World of a test host, in a process on that host. */
import type { NetnsId } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { isResolved, peers } from '../../src/derive/peers.ts'
import { bundle } from '../support/bundle.ts'
import type { TestHost } from '../support/host.ts'

/** `during`: `ip` command lines to run after so many namespaces were read. */
export type ReadOptions = {
  readonly reader?: 'auto' | 'netlink' | 'ip'
  readonly details?: boolean
  readonly deep?: boolean
  readonly during?: Readonly<Record<number, string>>
}

export type Reading = {
  readonly world: World
  /** Open descriptors of the process, before and after. */
  readonly descriptors: readonly [number, number]
}

const program = `
import { readdirSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { readWorld } from './src/collect/collector.ts'
const { during = {}, ...options } = JSON.parse(process.argv[2])
const count = () => readdirSync('/proc/self/fd').length
const read = () => readWorld({ reader: 'auto', details: false, ...options, onProgress: (done) => {
  if (during[done] !== undefined) execFileSync('ip', during[done].split(' '))
} })
await read()
const before = count()
const world = await read()
if (!world.ok) throw new Error(world.failure.what)
process.stdout.write(JSON.stringify({ world: world.value, descriptors: [before, count()] }))
`

let file: Promise<string> | null = null

/** `wrap` goes before the command: another user, other environment variables. */
export async function readOn(
  host: TestHost,
  options: ReadOptions = {},
  wrap: readonly string[] = [],
): Promise<Reading> {
  file ??= bundle(program)
  return JSON.parse(host.run([...wrap, process.execPath, await file, JSON.stringify(options)])) as Reading
}

export function ipLines(host: TestHost, ...lines: readonly string[]): void {
  for (const line of lines) host.run(['ip', ...line.split(' ')])
}

export function named(world: World, name: string): Netns {
  const netns = world.netns.find(({ names }) => names.some((each) => each.name === name))
  if (netns === undefined) throw new Error(`no netns "${name}" among ${world.netns.map(nameOf).join(', ')}`)
  return netns
}

export function nameOf(netns: Pick<Netns, 'id' | 'names'>): string {
  return netns.names[0]?.name ?? netns.id
}

/** `host/ha — a/eth0` for each veth, and that each peer's peer is the link itself. */
export function pairsOf(world: World): readonly string[] {
  const index = peers(world.netns)
  const name = (id: NetnsId) => nameOf(world.netns.find((each) => each.id === id) ?? { id, names: [] })
  return world.netns
    .flatMap((netns) =>
      listOf(netns.links)
        .filter(({ kind }) => kind === 'veth')
        .map((link) => {
          const here = `${nameOf(netns)}/${link.name}`
          const peer = index.peerOf(netns.id, link.ifindex)
          if (!isResolved(peer)) return `${here} — ?`
          const back = index.peerOf(peer.netns, peer.ifindex)
          const pointsBack = isResolved(back) && back.netns === netns.id && back.ifindex === link.ifindex
          return `${here} ${pointsBack ? '—' : '→'} ${name(peer.netns)}/${peer.name}`
        }),
    )
    .sort()
}

/** The World without what differs between two readings of the same state: counters, ages, order. */
export function settled(netns: Netns): unknown {
  const plain = JSON.parse(
    JSON.stringify(netns, (key, value: unknown) =>
      [
        'stats',
        'used',
        'confirmed',
        'updated',
        'validLifetime',
        'preferredLifetime',
        'expires',
        'holders',
        'details',
      ].includes(key)
        ? undefined
        : value,
    ),
  ) as Record<string, unknown>
  // The host's path is that of the reading process itself; processes come and go without an event.
  plain['names'] = netns.names
    .filter(({ source }) => source !== 'process' && source !== 'thread')
    .map(({ name, source }) => ({ name, source }))
  for (const [key, value] of Object.entries(plain)) {
    if (Array.isArray(value)) plain[key] = value.map((each) => JSON.stringify(each)).sort()
  }
  return plain
}
