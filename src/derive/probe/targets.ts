/** What a probe from inside a namespace could go to: offered by name, the most useful first. */
import type { NetnsId } from '../../model/ids.ts'
import type { Netns } from '../../model/netns.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { World } from '../../model/world.ts'
import { offeredNames } from './offered-names.ts'
import { offeredPorts, offeredUrls } from './offered-ports.ts'
import { targetHosts } from './targets-hosts.ts'

export type TargetKind = 'ping' | 'http' | 'tcp' | 'udp' | 'dns' | 'traceroute'

/** What is selected on the screen. */
export type Pointed = {
  /** Where it is; null: in no namespace. */
  readonly netns: NetnsId | null
  readonly ifindex: number | null
  /** What it names itself: a socket's address, the far end of a connection. */
  readonly ends: readonly PointedEnd[]
}

export type PointedEnd = {
  readonly address: string
  readonly port: number | null
  readonly protocol: 'tcp' | 'udp' | null
  /** `published port of nginx1`. */
  readonly says: string
}

export type OfferedTarget = {
  /** As it is typed: `redis123:6379`, `http://nginx1/`. */
  readonly text: string
  /** Its address, and why it is offered. Outside text. */
  readonly says: string
  /** It is what is selected, or the other end of that. */
  readonly isPointed?: boolean
  /** A host whose ports nobody knows: the port is still to be typed. */
  readonly isBeginning?: boolean
}

/** More than anybody looks through, fewer than would be felt. */
const most = 400

/** `ports`: what listens, as far as it was read; null: not at all. */
export function offeredTargets(
  world: World,
  from: Netns,
  kind: TargetKind,
  pointed: Pointed,
  ports: PortsView | null,
): readonly OfferedTarget[] {
  const all = ((): readonly OfferedTarget[] => {
    switch (kind) {
      case 'ping':
      case 'traceroute':
        return targetHosts(world, from, pointed)
      case 'tcp':
      case 'udp':
        return offeredPorts(world, from, kind, pointed, ports)
      case 'http':
        return offeredUrls(world, from, pointed, ports)
      case 'dns':
        return offeredNames(world, from, pointed)
      default:
        return kind satisfies never
    }
  })()
  const seen = new Set<string>()
  const out: OfferedTarget[] = []
  for (const { text, says, isPointed = false, isBeginning = false } of all) {
    if (seen.has(text)) continue
    seen.add(text)
    out.push({ text, says, isPointed, isBeginning })
    if (out.length === most) break
  }
  return out
}
