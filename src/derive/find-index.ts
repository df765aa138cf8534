/** Everything of a World that can be found, by the text that finds it; kept as long as the namespaces' list lives. */
import type { Address } from '../model/address.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { Process } from '../model/process.ts'
import type { World } from '../model/world.ts'
import { displayNames } from './netns-name.ts'
import { peers, type Peers } from './peers.ts'

export type LinkPlace = { readonly netns: Netns; readonly link: Link }

export type FindIndex = {
  readonly world: World
  readonly names: ReadonlyMap<NetnsId, string>
  readonly peers: Peers
  readonly byId: ReadonlyMap<NetnsId, Netns>
  readonly byLinkName: ReadonlyMap<string, readonly LinkPlace[]>
  readonly byAltName: ReadonlyMap<string, readonly LinkPlace[]>
  readonly byAlias: ReadonlyMap<string, readonly LinkPlace[]>
  readonly byMac: ReadonlyMap<string, readonly LinkPlace[]>
  readonly byAddress: ReadonlyMap<string, readonly { readonly netns: Netns; readonly address: Address }[]>
  readonly byNetnsName: ReadonlyMap<string, readonly Netns[]>
  readonly byPid: ReadonlyMap<number, Process>
  readonly byComm: ReadonlyMap<string, readonly Process[]>
}

const memo = new WeakMap<World, FindIndex>()

export function findIndex(world: World): FindIndex {
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  const names = displayNames(world.netns)
  const byLinkName = new Map<string, LinkPlace[]>()
  const byAltName = new Map<string, LinkPlace[]>()
  const byAlias = new Map<string, LinkPlace[]>()
  const byMac = new Map<string, LinkPlace[]>()
  const byAddress = new Map<string, { netns: Netns; address: Address }[]>()
  const byNetnsName = new Map<string, Netns[]>()
  for (const netns of world.netns) {
    for (const link of listOf(netns.links)) {
      const place = { netns, link }
      append(byLinkName, link.name, place)
      for (const name of link.altNames) append(byAltName, name, place)
      if (link.alias !== null) append(byAlias, link.alias, place)
      if (link.lladdr !== null) append(byMac, link.lladdr.toLowerCase(), place)
    }
    for (const address of listOf(netns.addresses)) append(byAddress, address.local, { netns, address })
    const own = new Set([...netns.names.map((name) => name.name), names.get(netns.id) ?? ''])
    for (const name of own) if (name !== '') append(byNetnsName, name, netns)
  }
  const processes = isUnknown(world.processes) ? [] : world.processes
  const byComm = new Map<string, Process[]>()
  for (const process of processes) append(byComm, process.comm, process)
  const index: FindIndex = {
    world,
    names,
    peers: peers(world.netns),
    byId: new Map(world.netns.map((netns) => [netns.id, netns])),
    byLinkName,
    byAltName,
    byAlias,
    byMac,
    byAddress,
    byNetnsName,
    byPid: new Map(processes.map((process) => [process.pid, process])),
    byComm,
  }
  memo.set(world, index)
  return index
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
