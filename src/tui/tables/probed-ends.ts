/** Where a probe of what a row names goes, and where it starts: from where others come, not from the socket itself. */
import { addressOwners } from '../../derive/address-owners.ts'
import type { PointedEnd } from '../../derive/probe/targets.ts'
import type { Connection } from '../../model/connection.ts'
import type { About } from '../screens/about.ts'
import { nameOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import type { ListeningRow } from './listening-row.ts'
import type { PublishedRow } from './published-row.ts'

type Probed = Pick<About, 'probedFrom' | 'ends'>

function protocolOf(text: string): PointedEnd['protocol'] {
  return text === 'tcp' || text === 'udp' ? text : null
}

const isAny = (address: string): boolean => ['0.0.0.0', '::', '*'].includes(address)
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1'

export function publishedEnds({
  port,
  owner,
  target,
}: Extract<PublishedRow, { readonly kind: 'port' }>): readonly PointedEnd[] {
  const protocol = protocolOf(port.protocol)
  if (protocol === null) return []
  const to = port.target
  return [
    {
      address: isAny(port.hostIp) ? 'host' : port.hostIp,
      port: port.hostPort,
      protocol,
      says: `this published port, to ${owner ?? target}`,
    },
    ...(to.address === null
      ? []
      : [{ address: to.address, port: to.port, protocol, says: `where it leads: ${owner ?? target}` }]),
  ]
}

/** From the host, unless only its own namespace reaches it. */
export function listenerEnds(
  state: State,
  { socket }: Extract<ListeningRow, { readonly kind: 'socket' }>,
): Probed {
  const { world } = shown(state)
  const protocol = protocolOf(socket.protocol)
  if (world === null || protocol === null) return {}
  const { address, port, netns } = socket
  const isInside = isLoopback(address) || netns === world.host
  const end = isAny(address) ? (isInside ? '127.0.0.1' : nameOf(world, netns)) : address
  return {
    probedFrom: isInside ? netns : world.host,
    ends: [{ address: end, port, protocol, says: 'this socket' }],
  }
}

/** From whoever began it, to where that wanted to go, and to where it really went. */
export function connectionEnds(state: State, { protocol, original, reply }: Connection): Probed {
  const { world } = shown(state)
  if (world === null) return {}
  const own = protocolOf(protocol)
  const far: PointedEnd = {
    address: original.destination,
    port: own === null ? null : original.destinationPort,
    protocol: own,
    says: 'the far end of this connection',
  }
  const real: PointedEnd = {
    address: reply.source,
    port: own === null ? null : reply.sourcePort,
    protocol: own,
    says: 'the far end, translated',
  }
  return {
    probedFrom: addressOwners(world).ownerOf(original.source),
    ends: reply.source === original.destination ? [far] : [far, real],
  }
}
