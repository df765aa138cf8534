/** Which ports of a host its rules and helpers send to which address of which namespace, as rows print them. */
import type { NetnsId } from '../model/ids.ts'
import type { World } from '../model/world.ts'
import { portText } from './port-text.ts'
import { publishedPorts } from './ports/published-ports.ts'

export type PortsByAddress = ReadonlyMap<NetnsId, ReadonlyMap<string, readonly string[]>>

const memo = new WeakMap<World, PortsByAddress>()

/** null where no rules were read: the live screen holds none, and engines say themselves what they publish. */
export function portsByAddress(world: World): PortsByAddress | null {
  if (world.netns.every(({ firewall }) => firewall === null)) return null
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  const made = new Map<NetnsId, Map<string, string[]>>()
  for (const { via, target, hostIp, hostPort, lastPort, protocol } of publishedPorts(world)) {
    if (via === 'engine' || target.netns === null || target.address === null) continue
    const text = portText({ hostIp, hostPort, lastPort, port: target.port, protocol })
    const own = made.get(target.netns) ?? new Map<string, string[]>()
    made.set(target.netns, own)
    const list = own.get(target.address)
    if (list === undefined) own.set(target.address, [text])
    else if (!list.includes(text)) list.push(text)
  }
  memo.set(world, made)
  return made
}
