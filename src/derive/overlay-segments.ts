/** The pairs of bridge and vxlan in an overlay's hidden namespace: one for each subnet. */
import { contains, parseIp, parsePrefix } from '../lib/ip.ts'
import type { EngineNetwork } from '../model/engine.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { OverlaySegment } from '../model/overlay.ts'
import { addressesOf, indexOf } from './netns-index.ts'

export function overlaySegments(hidden: Netns, { subnets }: EngineNetwork): readonly OverlaySegment[] {
  return listOf(hidden.links).flatMap((bridge): readonly OverlaySegment[] => {
    if (bridge.kind !== 'bridge') return []
    const vxlan = indexOf(hidden)
      .slaves.get(bridge.ifindex)
      ?.find(({ kind }) => kind === 'vxlan')
    // Docker gives the bridge the gateway's address.
    const [address] = addressesOf(hidden, bridge.ifindex).filter(({ family }) => family === 'inet')
    const found = subnets.find(({ subnet }) => address !== undefined && isIn(subnet, address.local))
    return [
      {
        subnet: found?.subnet ?? null,
        vni: vniOf(vxlan),
        bridge: { netns: hidden.id, ifindex: bridge.ifindex, name: bridge.name },
        vxlan: vxlan === undefined ? null : { netns: hidden.id, ifindex: vxlan.ifindex, name: vxlan.name },
        mtu: vxlan?.mtu ?? bridge.mtu,
        dstport: vxlan?.kind !== 'vxlan' || isUnknown(vxlan.vxlan) ? null : vxlan.vxlan.dstport,
      },
    ]
  })
}

export function vniOf(link: Link | undefined): number | null {
  return link?.kind !== 'vxlan' || isUnknown(link.vxlan) ? null : link.vxlan.vni
}

/** `subnet` as an engine wrote it. */
export function isIn(subnet: string, address: string): boolean {
  const [prefix, ip] = [parsePrefix(subnet), parseIp(address)]
  return prefix !== null && ip !== null && contains(prefix, ip)
}
