/**
 * The second reader: `ip` and `bridge` inside each namespace. It stands in where koffi does not load, and in the
 * tests it is the oracle that the netlink reader is compared with. Slower by an order of magnitude, no events,
 * and silent on what iproute2 does not print: that is `unknown` here.
 */
import { statSync } from 'node:fs'
import { netnsId, type NetnsId } from '../../model/ids.ts'
import { isUnknown, unknown } from '../../model/known.ts'
import {
  nothingLeadsThere,
  type FoundNetns,
  type KernelReader,
  type ReadFailure,
  type TablesRead,
} from '../reader.ts'
import { batch } from './batch.ts'
import { entryRefused } from './entry-refused.ts'
import { readDetailsThrough } from './read-details.ts'
import { bridgeQuestions, ip6Questions, ipQuestions, parseTables } from './parse-tables.ts'

const onlyNetlink = unknown('only the netlink reader can ask for it')

export function ipReader(): KernelReader {
  const home = inodeOf('/proc/thread-self/ns/net')
  let named: ReadonlyMap<string, NetnsId> = new Map()
  return {
    name: 'ip',
    know: (found) => {
      named = idsByName(found)
      return Promise.resolve()
    },
    readTables: (netns) => enter(netns, home, (path) => readTables(path, named)),
    ownerOf: () => onlyNetlink,
    readDetails: (netns, processes) => enter(netns, home, (path) => readDetailsThrough(path, processes)),
    close: () => {},
  }
}

/** Only names in /run/netns are printed by `ip netns list-id`. */
function idsByName(found: readonly FoundNetns[]): ReadonlyMap<string, NetnsId> {
  return new Map(
    found.flatMap((each) =>
      each.names.filter((name) => name.source === 'named').map((name) => [name.name, each.id] as const),
    ),
  )
}

/**
 * Runs `read` with the first path that leads to the namespace and still does afterwards: a pid may have been
 * reused while the tools ran.
 */
async function enter<T extends object>(
  netns: FoundNetns,
  home: NetnsId | ReadFailure,
  read: (path: string | null) => Promise<T | ReadFailure>,
): Promise<T | ReadFailure> {
  // One's own needs no path, and no right to enter.
  if (netns.id === home) return read(null)
  let failure = nothingLeadsThere
  for (const path of netns.paths) {
    const before = inodeOf(path)
    if (typeof before !== 'string') {
      failure = before
      continue
    }
    if (before !== netns.id) {
      failure = { unknown: `${path} leads to another namespace now`, errno: 'ESTALE' }
      continue
    }
    const value = await read(path)
    if (isFailure(value)) {
      failure = value
      continue
    }
    if (inodeOf(path) === netns.id) return value
    failure = { unknown: 'went away while it was read', errno: 'ESTALE' }
  }
  return failure
}

function isFailure(value: object): value is ReadFailure {
  return 'errno' in value
}

function inodeOf(path: string): NetnsId | ReadFailure {
  try {
    return netnsId(statSync(path, { bigint: true }).ino)
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'EIO'
    return { unknown: `cannot open ${path}: ${errno}`, errno }
  }
}

async function readTables(
  path: string | null,
  named: ReadonlyMap<string, NetnsId>,
): Promise<TablesRead | ReadFailure> {
  const [ip, ip6, bridge] = await Promise.all([
    batch(path, ['ip', '-j', '-d', '-s'], ipQuestions),
    batch(path, ['ip', '-6', '-j', '-d'], ip6Questions),
    batch(path, ['bridge', '-j', '-d', '-s'], bridgeQuestions),
  ])
  const [links] = ip
  const closed = isUnknown(links) ? entryRefused(links.unknown) : null
  if (closed !== null) return closed
  return { cookie: null, tables: parseTables({ ip, ip6, bridge }, named), interrupted: false }
}
