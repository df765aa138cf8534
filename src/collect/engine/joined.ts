/** A container that joined another's namespace has no file of its own; where its process tells nothing, the other's does. */
import type { Container } from '../../model/engine.ts'
import { isUnknown } from '../../model/known.ts'

export function joined(containers: readonly Container[]): readonly Container[] {
  const owners = new Map(containers.flatMap((each) => [[each.id, each] as const, [each.name, each] as const]))
  return containers.map((each) => {
    if (each.joins === null || !isUnknown(each.netns)) return each
    const owner = owners.get(each.joins)
    return owner === undefined || owner === each || owner.netns === null || isUnknown(owner.netns)
      ? each
      : { ...each, netns: owner.netns }
  })
}
