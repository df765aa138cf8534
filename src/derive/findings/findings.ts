/** Everything that is visibly wrong in a World, worst first; and what could not be checked. */
import { inOneGo, type Pieces } from '../../lib/in-pieces.ts'
import type { Finding, Findings, Unchecked } from '../../model/finding.ts'
import type { World } from '../../model/world.ts'
import { publishedSteps } from '../ports/published-ports.ts'
import { findingContext } from './context.ts'
import { forwardingOff } from './f01-forwarding.ts'
import { forwardDrop } from './f02-forward-drop.ts'
import { twoBackends } from './f04-two-backends.ts'
import { noMasquerade } from './f05-no-masquerade.ts'
import { engineChainsGone } from './f06-engine-chains-gone.ts'
import { staleDnat } from './f07-stale-dnat.ts'
import { loopbackListener } from './f08-loopback-listener.ts'
import { subnetOverlap } from './f12-subnet-overlap.ts'
import { mtuShrinks } from './f14-mtu.ts'
import { portWithoutBridge } from './f18-port-without-bridge.ts'
import { bridgeUnusable } from './f19-bridge-unusable.ts'
import { duplicateAddress } from './f20-duplicate-address.ts'
import { dnsListenerGone } from './f21-dns-listener.ts'
import { hairpinMissing } from './f25-hairpin.ts'
import { noDefaultRoute } from './f35-no-default-route.ts'
import { transitDnat } from './f37-transit-dnat.ts'
import { unreachableRule } from './f38-unreachable-rule.ts'
import { isUnchecked, type Check } from './finding.ts'

/** One file a check; the order of the list is the order among equally bad ones. */
export const checks: readonly Check[] = [
  forwardingOff,
  forwardDrop,
  twoBackends,
  noMasquerade,
  engineChainsGone,
  staleDnat,
  loopbackListener,
  subnetOverlap,
  mtuShrinks,
  portWithoutBridge,
  bridgeUnusable,
  duplicateAddress,
  dnsListenerGone,
  hairpinMissing,
  noDefaultRoute,
  transitDnat,
  unreachableRule,
]

/** So many of one kind in one namespace are told one by one: nobody reads thousands, and they cross to the screen. */
const told = 20

function summarised(
  found: readonly (Finding | Unchecked)[],
  title: string,
): readonly (Finding | Unchecked)[] {
  if (found.length <= told) return found
  const counts = new Map<string, number>()
  const more = new Map<string, Finding>()
  const kept = found.filter((each) => {
    if (isUnchecked(each)) return true
    const key = `${each.id} ${each.severity} ${each.netns}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count > told) more.set(key, each)
    return count <= told
  })
  return [
    ...kept,
    ...[...more].map(([key, last]) => ({
      ...last,
      says: `${title}: ${(counts.get(key) ?? told) - told} more like these, the last of them ${last.subject}`,
    })),
  ]
}

const rank = { fault: 0, risk: 1, note: 2 } as const
const memo = new WeakMap<World, Findings>()

export function findings(world: World): Findings {
  return inOneGo(findingsSteps(world))
}

/** The same in pieces: thousands of rules or namespaces take longer than others want to wait. */
export function* findingsSteps(world: World): Pieces<Findings> {
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  yield* publishedSteps(world)
  const context = findingContext(world)
  const all: (Finding | Unchecked)[] = []
  for (const { check, title } of checks) {
    all.push(...summarised(yield* check(context), title))
    yield
  }
  const made = {
    findings: all
      .flatMap((each) => (isUnchecked(each) ? [] : [each]))
      .sort((a, b) => rank[a.severity] - rank[b.severity]),
    unchecked: all.filter(isUnchecked),
  }
  memo.set(world, made)
  return made
}
