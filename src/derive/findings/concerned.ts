/**
 * Whose sysctls, sockets and rules the checks ask for: those that forward for others, those with containers, and those that a
 * published port leads to. The last are known only when the rules of the first were read: asked again then, it names more.
 */
import { inOneGo, type Pieces } from '../../lib/in-pieces.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { World } from '../../model/world.ts'
import { publishedSteps } from '../ports/published-ports.ts'
import { findingContext } from './context.ts'

export function concerned(world: World): readonly NetnsId[] {
  return inOneGo(concernedSteps(world))
}

export function* concernedSteps(world: World): Pieces<readonly NetnsId[]> {
  const { segments, containers } = findingContext(world)
  const routers = segments.filter(({ nodes }) => nodes.length > 0).map(({ netns }) => netns.id)
  const targets = (yield* publishedSteps(world)).flatMap(({ target }) => target.netns ?? [])
  return [...new Set([world.host, ...routers, ...containers.keys(), ...targets])]
}
