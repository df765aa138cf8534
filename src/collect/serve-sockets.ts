/** Sockets and rules of namespaces for the answers that need them, put into the World that is kept without them. */
import { same } from '../lib/same.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf, unknown, type Known } from '../model/known.ts'
import type { Netns, NetnsDetails } from '../model/netns.ts'
import type { Firewall } from '../model/ruleset.ts'
import type { Socket } from '../model/socket.ts'
import type { World } from '../model/world.ts'
import { processesByNetns } from './collection.ts'
import type { FoundNetns, KernelReader, NamedProcess } from './reader.ts'

export type SocketsOf = (
  netns: FoundNetns,
  processes: readonly NamedProcess[],
) => Promise<Known<readonly Socket[]>>

export function socketsOf(reader: Pick<KernelReader, 'readDetails'>): SocketsOf {
  return async (netns, processes) => {
    const read = await reader.readDetails(netns, processes, ['sockets'])
    return 'errno' in read ? unknown(read.unknown) : read.sockets
  }
}

export type Dear = { readonly sockets: Known<readonly Socket[]> | null; readonly firewall: Firewall | null }

const notRead = unknown('only its sockets were read')

function withDear(netns: Netns, { sockets, firewall }: Dear): Netns {
  return { ...netns, details: sockets === null ? null : withSocketsOnly(sockets), firewall }
}

/** Details of which only the sockets were read; the rest says so. */
export function withSocketsOnly(sockets: Known<readonly Socket[]>): NetnsDetails {
  return {
    sysctls: notRead,
    counters: notRead,
    sockets,
    qdiscs: notRead,
    filters: notRead,
    xfrmPolicies: notRead,
    programs: notRead,
  }
}

export type DearWorld = {
  /** A namespace that says the same as before stays the same object, and so does the World. */
  readonly with: (base: World, dear: (id: NetnsId) => Dear | null) => World
}

/** Who looks things up in a World remembers by its objects: one that says the same should be the same. */
export function dearWorld(): DearWorld {
  const made = new Map<NetnsId, { readonly plain: Netns; readonly dear: Dear; readonly whole: Netns }>()
  let last: { readonly base: World; readonly world: World } | null = null

  const whole = (plain: Netns, dear: Dear | null): Netns => {
    if (dear === null) return plain
    const before = made.get(plain.id)
    if (
      before !== undefined &&
      before.plain === plain &&
      before.dear.firewall === dear.firewall &&
      before.dear.sockets === dear.sockets
    )
      return before.whole
    const netns = withDear(plain, dear)
    made.set(plain.id, { plain, dear, whole: netns })
    return netns
  }

  return {
    with: (base, dear) => {
      const netns = base.netns.map((each) => whole(each, dear(each.id)))
      const alive = new Set(netns.map(({ id }) => id))
      for (const id of made.keys()) if (!alive.has(id)) made.delete(id)
      const isSame =
        last !== null &&
        last.base === base &&
        last.world.netns.every((each, at) => each === netns[at]) &&
        last.world.netns.length === netns.length
      if (last === null || !isSame) last = { base, world: { ...base, netns } }
      return last.world
    },
  }
}

/** The fresh ones, or the ones that were kept where they say the same. */
export function settledSockets(
  before: Known<readonly Socket[]> | undefined,
  fresh: Known<readonly Socket[]>,
): Known<readonly Socket[]> {
  return before !== undefined && same(before, fresh) ? before : fresh
}

/** Who may hold the sockets of each namespace. */
export function processesOf(world: World): ReadonlyMap<NetnsId, readonly NamedProcess[]> {
  return processesByNetns(isUnknown(world.processes) ? [] : listOf(world.processes))
}
