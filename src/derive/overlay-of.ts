/** The overlay network that a Swarm's namespace belongs to, by what Docker calls its file or by who is connected to it. */
import { dockerOptions } from '../model/docker-options.ts'
import type { EngineNetwork } from '../model/engine.ts'
import { isHidden, type NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { endpointLink } from './container-link.ts'
import type { Plan } from './sections.ts'

/** `overlay ov1 vni 4097`, `load balancer of ov1`, `routing mesh`; null: none of these. */
export function overlayText(plan: Plan, netns: Netns): string | null {
  if (plan.marks.overlays.length === 0) return null
  for (const { name } of netns.names) {
    if (name === 'ingress_sbox') return 'routing mesh of the Swarm'
    const [, sandbox, balancer] = /^(?:\d+-([0-9a-z]{9,})|lb_([0-9a-z]{9,}))$/.exec(name) ?? []
    const network = plan.marks.overlays.find(({ id }) => id.startsWith(sandbox ?? balancer ?? '-'))
    if (network === undefined) continue
    // Its name says so already where its engine was asked (collect/engine/engine-names.ts).
    const isNamed = netns.names.some((each) => each.name.startsWith(`${network.name} (`))
    if (isNamed) return balancer === undefined ? vniText(network) : null
    return balancer === undefined ? sandboxText(network) : `load balancer of ${network.name}`
  }
  const network = isHidden(netns.id) ? hiddenOverlays(plan).get(netns.id) : undefined
  return network === undefined ? null : sandboxText(network)
}

function sandboxText(network: EngineNetwork): string {
  const vni = vniText(network)
  return `overlay ${network.name}${vni === null ? '' : ` ${vni}`}`
}

/** Docker keeps the VNIs of an overlay in this option, one for each subnet. */
function vniText({ options }: EngineNetwork): string | null {
  const vni = options[dockerOptions.vxlanIds]
  return vni === undefined ? null : `vni ${vni}`
}

const memo = new WeakMap<Plan, ReadonlyMap<NetnsId, EngineNetwork>>()

/** No file leads there, but a container's end of a pair does. */
function hiddenOverlays(plan: Plan): ReadonlyMap<NetnsId, EngineNetwork> {
  const kept = memo.get(plan)
  if (kept !== undefined) return kept
  const found = new Map<NetnsId, EngineNetwork>()
  const byId = new Map(plan.marks.overlays.map((network) => [network.id, network]))
  for (const { container } of [...plan.marks.tenants.values()].flat()) {
    for (const endpoint of container.endpoints) {
      const network = byId.get(endpoint.networkId)
      const id = container.netns
      if (network === undefined || id === null || isUnknown(id)) continue
      const link = endpointLink(container, endpoint, plan.byId.get(id))
      if (link === null || isUnknown(link)) continue
      const peer = plan.peers.peerOf(link.netns, link.ifindex)
      if (peer !== null && peer.netns !== null && isHidden(peer.netns)) found.set(peer.netns, network)
    }
  }
  memo.set(plan, found)
  return found
}
