/** Two nodes of one segment with the same address: who answers last gets the packets. */
import type { Finding } from '../../model/finding.ts'
import { stepwise } from '../stepwise.ts'
import { inside, isUp, placeName, type FindingContext, type Node, type Segment } from './context.ts'
import type { Check } from './finding.ts'

export const duplicateAddress: Check = {
  id: 'F20',
  title: 'an address or a MAC is there twice on one bridge',
  check: (context) =>
    stepwise(context.segments, (segment) => [...sameIp(context, segment), ...sameMac(context, segment)]),
}

/** Who has what: a namespace and its link. The bridge's own address counts as the namespace's that it is in. */
type Holder = {
  readonly netns: string
  readonly name: string
  readonly link: string
  readonly mac: string | null
}

function sameIp(context: FindingContext, segment: Segment): readonly Finding[] {
  const { netns, bridge } = segment
  const holders = new Map<string, Holder[]>()
  const note = (address: string, holder: Holder): void => {
    holders.set(address, [...(holders.get(address) ?? []), holder])
  }
  for (const { local, scope } of segment.addresses)
    if (scope !== 'link')
      note(local, {
        netns: netns.id,
        name: context.names.get(netns.id) ?? '',
        link: bridge.name,
        mac: bridge.lladdr,
      })
  for (const node of living(segment)) {
    for (const { local, scope } of node.addresses)
      if (scope !== 'link')
        note(local, { netns: node.netns.id, name: node.name, link: node.link.name, mac: node.link.lladdr })
  }
  return [...holders].flatMap(([address, list]) => {
    if (new Set(list.map((holder) => holder.netns)).size < 2) return []
    return {
      id: 'F20',
      severity: 'fault' as const,
      subject: address,
      says: `${address} is there ${list.length} times on ${bridge.name}: ${namesOf(list)}; neighbours reach whichever answered last`,
      evidence: list
        .slice(0, 4)
        .map((holder) => `${holder.name} ${holder.link}: ${address}, ${holder.mac ?? 'no MAC'}`),
      command: inside(context, netns, 'ip', 'neigh', 'show', address),
      netns: netns.id,
      ifindex: bridge.ifindex,
    }
  })
}

function sameMac(context: FindingContext, segment: Segment): readonly Finding[] {
  const { netns, bridge } = segment
  const holders = new Map<string, Node[]>()
  for (const node of living(segment)) {
    const mac = node.link.lladdr
    // 00:00:5e:00:01 and :02 are a virtual router's (RFC 9568): several may have it, one answers.
    if (mac === null || mac === '00:00:00:00:00:00' || mac.startsWith('00:00:5e:00:0')) continue
    holders.set(mac, [...(holders.get(mac) ?? []), node])
  }
  return [...holders].flatMap(([mac, list]) => {
    if (list.length < 2) return []
    return {
      id: 'F20',
      severity: 'fault' as const,
      subject: mac,
      says: `${mac} is there ${list.length} times on ${placeName(context, netns, bridge.name)}: ${namesOf(list)}; the bridge sends to the port it heard last`,
      evidence: list
        .slice(0, 4)
        .map((node) => `${node.name} ${node.link.name}: ${mac}, port ${node.port.name}`),
      command: inside(context, netns, 'bridge', 'fdb', 'show', 'br', bridge.name),
      netns: netns.id,
      ifindex: bridge.ifindex,
    }
  })
}

/** A link that is down answers nobody. */
function living(segment: Segment): readonly Node[] {
  return segment.nodes.filter((node) => isUp(node.link) && isUp(node.port))
}

function namesOf(list: readonly { readonly name: string }[]): string {
  const names = list.map(({ name }) => name)
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
}
