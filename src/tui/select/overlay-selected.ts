import { overlays } from '../../derive/overlay.ts'
import type { Overlay } from '../../model/overlay.ts'
import type { World } from '../../model/world.ts'
import type { NetworkRow } from '../tables/network-row.ts'

/** What this host has of an overlay; null: it is none, or its engine does not tell of it any more. */
export function overlayOf(world: World | null, { network, endpoint }: NetworkRow): Overlay | null {
  if (world === null || network.driver !== 'overlay') return null
  return overlays(world).find((each) => each.network.id === network.id && each.socket === endpoint) ?? null
}
