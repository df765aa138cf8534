/** Takes away what a network made on the host, and nothing else. */
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import { labMark } from '../../model/lab-words.ts'
import type { LabNetwork } from '../../model/lab.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { Step } from '../../model/plan.ts'
import type { Spot } from '../at.ts'
import { bridgeSteps } from './bridge-steps.ts'
import { hasIpv6 } from './network-plan.ts'

type Removal = { readonly steps: readonly Step[]; readonly notes: readonly string[] }
type Place = { readonly netns: Netns; readonly spot: Spot }

export function removalSteps(place: Place, network: LabNetwork): Removal {
  if (network.bridge === null || !network.ownsBridge) return { steps: [], notes: [] }
  return ownLink(place, network, network.bridge, 'bridge')
}

/** Only where it carries the network's mark: another one may have its name by now. */
function ownLink(place: Place, network: LabNetwork, name: string, what: string): Removal {
  const link = listOf(place.netns.links).find((each) => each.name === name)
  if (link === undefined) return { steps: [], notes: [`${what} ${name} is gone already`] }
  const mark = `${labMark}:${network.name}`
  if (link.alias !== mark) {
    const has = link.alias === null ? 'has no mark' : `is marked "${sanitise(link.alias)}"`
    return { steps: [], notes: [`${what} ${name} ${has} instead of ${mark}: it stays`] }
  }
  return { steps: [deleted(place, network, link)], notes: [] }
}

function deleted({ spot, netns }: Place, network: LabNetwork, link: Link): Step {
  const fact = { kind: 'link', at: spot.at, name: link.name } as const
  return {
    title: `delete ${link.kind} ${link.name}`,
    command: spot.ip('link', 'del', 'dev', link.name),
    undo: bridgeSteps(spot, network, link.name, hasIpv6(netns)).map(({ command }) => command),
    after: [{ ...fact, there: false }],
    before: [{ ...fact, there: true }],
    touches: [{ path: [spot.at, `link:${link.name}`], how: 'delete' }],
  }
}
