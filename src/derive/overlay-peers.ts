/** Hosts that an overlay reaches: those that the engine tells of, and those that its vxlans send to. */
import { normalIp } from '../lib/ip.ts'
import type { Engine, EngineNetwork } from '../model/engine.ts'
import { listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { OverlayPeer, OverlayRemote } from '../model/overlay.ts'
import { linkAt } from './netns-index.ts'
import { vniOf } from './overlay-segments.ts'

/** `hidden`: undefined where there is none on this host. */
export function overlayPeers(
  engine: Engine,
  network: EngineNetwork,
  hidden: Netns | undefined,
): readonly OverlayPeer[] {
  const own = engine.swarm === undefined || engine.swarm === null ? null : plain(engine.swarm.address)
  const told = new Map((network.peers ?? []).map(({ name, address }) => [plain(address), name]))
  const remotes = hidden === undefined ? new Map<string, OverlayRemote[]>() : remotesBehind(hidden)
  return [...new Set([...told.keys(), ...remotes.keys()])].map((address) => ({
    address,
    name: told.get(address) ?? null,
    isHere: address === own,
    isTold: told.has(address),
    remotes: remotes.get(address) ?? [],
  }))
}

function plain(address: string): string {
  return normalIp(address) ?? address
}

/**
 * By the VTEP. The engine writes an entry for each container and load balancer of other hosts, and beside it a neighbour with that
 * MAC, by which the vxlan answers ARP itself (libnetwork's overlay driver).
 */
function remotesBehind(hidden: Netns): Map<string, OverlayRemote[]> {
  const found = new Map<string, OverlayRemote[]>()
  const addresses = new Map(
    listOf(hidden.neighbours).flatMap(({ lladdr, dst }) =>
      lladdr === null ? [] : [[lladdr.toLowerCase(), dst] as const],
    ),
  )
  for (const { dst, lladdr, ifindex } of listOf(hidden.fdb)) {
    if (dst === null) continue
    const remote = {
      lladdr,
      address: addresses.get(lladdr.toLowerCase()) ?? null,
      vni: vniOf(linkAt(hidden, ifindex) ?? undefined),
    }
    const vtep = plain(dst)
    const list = found.get(vtep)
    if (list === undefined) found.set(vtep, [remote])
    else list.push(remote)
  }
  return found
}
