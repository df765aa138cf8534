/** A link of the World, with the namespace it is in and the way there. */
import { indexOf } from '../../derive/netns-index.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { spotIn, type Spot } from '../at.ts'
import { planned, type PlanContext, type Planned } from '../planner.ts'

/** A namespace of the World that is changed, and how commands get there. */
export type Place = { readonly netns: Netns; readonly spot: Spot }

export type Site = Place & { readonly link: Link }

export function placeIn(world: World, netns: Netns, context: PlanContext): Planned<Place> {
  const spot = spotIn(world, netns, context)
  return spot.ok ? planned({ netns, spot: spot.value }) : spot
}

export function siteOf(place: Place, link: Link): Site {
  return { ...place, link }
}

/** The name of another link of the same namespace; null: there is none of that number. */
export function nameAt({ netns }: Place, ifindex: number): string | null {
  return indexOf(netns).links.get(ifindex)?.name ?? null
}
