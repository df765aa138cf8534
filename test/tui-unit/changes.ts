/** Worlds a moment later, and how tests get around on the screen. */
import type { FromWorker } from '../../src/collect/protocol.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import type { Screen } from './screen.ts'

/** The same World with one namespace changed. */
export function withNetns(world: World, ino: number, change: (netns: Netns) => Netns, later = 1000): World {
  const at = new Date(Date.parse(world.at) + later).toISOString()
  return { ...world, at, netns: world.netns.map((each) => (each.id === netnsId(ino) ? change(each) : each)) }
}

export function withoutNetns(world: World, ino: number): World {
  return { ...world, netns: world.netns.filter((each) => each.id !== netnsId(ino)) }
}

export function withoutLink(world: World, ifindex: number): World {
  return withNetns(world, 100, (host) => ({
    ...host,
    links: 'unknown' in host.links ? host.links : host.links.filter((link) => link.ifindex !== ifindex),
  }))
}

export function delta(
  world: World,
  seq: number,
  fields: Partial<Extract<FromWorker, { type: 'world' }>> = {},
): FromWorker {
  const { netns, changes: _, ...header } = world
  return { type: 'world', seq, header, changed: netns, gone: [], complete: true, ...fields }
}

export function select(it: Screen, text: string): void {
  it.keys('f')
  it.type(text)
  it.keys('enter')
}

export const rowOf = (it: Screen): string | undefined => it.state.topology.selection?.row
