/** What `:` completes behind `ping NETNS`, `tcp NETNS` …: the targets that the form offers. */
import { resolveNetns } from '../../derive/resolve-netns.ts'
import { offeredTargets } from '../../derive/probe/targets.ts'
import type { World } from '../../model/world.ts'
import { matrixOffers } from './probe-matrix.ts'

const nothing = { netns: null, ifindex: null, ends: [] } as const
const kinds = ['ping', 'http', 'tcp', 'udp', 'dns', 'traceroute'] as const

/** `before`: the words between the command and the one that is typed. null: there is nothing to offer. */
export function probeCompletions(
  world: World,
  command: string,
  before: readonly string[],
): readonly { readonly text: string; readonly says: string }[] | null {
  const [netns, ...more] = before
  if (command === 'matrix') return netns === undefined ? matrixOffers(world, nothing) : null
  const kind = kinds.find((each) => each === command)
  if (kind === undefined || netns === undefined || more.length > 0) return null
  const from = resolveNetns(world, netns)
  if (!from.ok) return []
  return offeredTargets(world, from.value, kind, nothing, null).filter(
    ({ isBeginning }) => isBeginning !== true,
  )
}
