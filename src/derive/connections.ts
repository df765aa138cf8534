/** Tracked connections of a namespace: all of them in words, and the filter of the command line. */
import { contains, parseIp, parsePrefix, type Ip } from '../lib/ip.ts'
import type { Connection } from '../model/connection.ts'
import type { ConnectionView } from '../model/connection-view.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { connectionViewer } from './connection-view.ts'

/** Those of a namespace; what stands out comes first, else they stay in the kernel's order. */
export function connectionViews(
  world: World,
  netns: Netns,
  connections: readonly Connection[],
): readonly ConnectionView[] {
  const { view } = connectionViewer(world, netns)
  const rank = ({ trouble }: ConnectionView) => (trouble === null ? 2 : trouble.kind === 'stale' ? 0 : 1)
  return connections.map(view).toSorted((a, b) => rank(a) - rank(b))
}

/** `172.17.0.2:40001 → 1.1.1.1:443, seen outside as 192.0.2.2:40001`. */
export function connectionWords({ direction, translation }: ConnectionView): string {
  return translation === null ? direction : `${direction}, ${translation}`
}

export type ConnectionFilter = (connection: Connection) => boolean

/**
 * `to`: an address or prefix that it goes to, before or after translation; null where the text is none. `port`: any of
 * its ports, before or after translation.
 */
export function connectionFilter(wanted: {
  readonly to?: string | undefined
  readonly port?: number | undefined
}): ConnectionFilter | null {
  const { to, port } = wanted
  const prefix = to === undefined ? null : parsePrefix(to)
  if (to !== undefined && prefix === null) return null
  const isTo = (address: string): boolean => {
    const ip: Ip | null = parseIp(address)
    return prefix === null || (ip !== null && contains(prefix, ip))
  }
  return ({ original, reply }) => {
    if (!isTo(original.destination) && !isTo(reply.source)) return false
    if (port === undefined) return true
    return [original, reply].some((side) => side.sourcePort === port || side.destinationPort === port)
  }
}
