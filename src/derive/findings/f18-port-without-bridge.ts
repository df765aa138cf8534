/**
 * The host's end of a pair is up and on no bridge, while the other end has an address of a bridge's subnet: a network
 * manager took the port off, or nobody put it on.
 */
import type { Finding } from '../../model/finding.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import { stepwise } from '../stepwise.ts'
import { addressesOf, indexOf } from '../netns-index.ts'
import { isResolved } from '../peers.ts'
import { inside, isUp, sameNetwork, type FindingContext, type Segment } from './context.ts'
import type { Check } from './finding.ts'

export const portWithoutBridge: Check = {
  id: 'F18',
  title: 'a veth that should be a bridge port is on no bridge',
  check: (context) => stepwise(context.world.netns, (netns) => inNetns(context, netns)),
}

function inNetns(context: FindingContext, netns: Netns): readonly Finding[] {
  const segments = context.segments.filter((segment) => segment.netns.id === netns.id)
  if (segments.length === 0) return []
  return listOf(netns.links).flatMap((link) => {
    if (link.kind !== 'veth' || link.master !== null || !isUp(link)) return []
    // A leg with an address, or with a route over it, is meant to be without a bridge (Calico, point to point).
    if (addressesOf(netns, link.ifindex).some((address) => address.scope !== 'link')) return []
    if (listOf(netns.routes).some((route) => route.oif === link.ifindex && route.family === 'inet')) return []
    const peer = context.peers.peerOf(netns.id, link.ifindex)
    if (!isResolved(peer) || peer.netns === netns.id) return []
    const far = context.byId.get(peer.netns)
    const farLink = far === undefined ? undefined : indexOf(far).links.get(peer.ifindex)
    if (far === undefined || farLink === undefined) return []
    const found = belongsTo(segments, far, farLink)
    return found === null ? [] : [finding(context, netns, link, far, farLink, found)]
  })
}

type Belongs = { readonly segment: Segment; readonly address: string }

function belongsTo(segments: readonly Segment[], far: Netns, link: Link): Belongs | null {
  for (const address of addressesOf(far, link.ifindex)) {
    if (address.scope === 'link') continue
    for (const segment of segments) {
      if (segment.addresses.some((own) => sameNetwork(own, address.local)))
        return { segment, address: `${address.local}/${address.prefixLen}` }
    }
  }
  return null
}

function finding(
  context: FindingContext,
  netns: Netns,
  link: Link,
  far: Netns,
  farLink: Link,
  { segment, address }: Belongs,
): Finding {
  const name = context.names.get(far.id) ?? far.id
  const { bridge } = segment
  return {
    id: 'F18',
    severity: 'fault',
    subject: link.name,
    says: `${link.name} is UP without a bridge: ${name} has ${address} of ${bridge.name} on the other end and reaches nobody`,
    evidence: [
      `${link.name}: UP, no master`,
      `${name} ${farLink.name}: ${address}`,
      ...segment.addresses.slice(0, 1).map((own) => `${bridge.name}: ${own.local}/${own.prefixLen}`),
    ],
    command: inside(context, netns, 'ip', '-d', 'link', 'show', link.name),
    netns: netns.id,
    ifindex: link.ifindex,
  }
}
