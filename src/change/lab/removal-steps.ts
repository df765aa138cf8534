/** Takes away what a network made on the host, and nothing else. */
import { indexOf } from '../../derive/netns-index.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import { labMark } from '../../model/lab-words.ts'
import type { LabNetwork } from '../../model/lab.ts'
import type { Link } from '../../model/link.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import type { Spot } from '../at.ts'
import type { PlanContext } from '../planner.ts'
import { addressesOf, addressText } from '../restore/addresses.ts'
import { restoreAfterAddress, restoreLink } from '../restore/restore-link.ts'
import { siteOf, type Place } from '../restore/site.ts'
import { withoutLinks } from '../restore/without-links.ts'
import { noAutomatic } from './bridge-steps.ts'

type Removal = { readonly steps: readonly Step[]; readonly notes: readonly string[] }

const nothing: Removal = { steps: [], notes: [] }

export function removalSteps(world: World, place: Place, network: LabNetwork, context: PlanContext): Removal {
  const { bridge, ownsBridge, vxlan } = network
  if (bridge === null) return nothing
  if (!ownsBridge) return addedAddresses(place, bridge, network.added ?? [])
  if (vxlan === null) return ownLink(world, place, network, bridge, context)
  // The port first: afterwards it would be nobody's. What brings the bridge back knows nothing of it, because it is not there
  // again yet.
  const port = ownLink(world, place, network, vxlan.link, context)
  const link = port.steps.length === 0 ? null : linkOf(place, vxlan.link)
  const left = link === null ? world : withoutLinks(world, [{ netns: place.netns, link }])
  const netns = left.netns.find(({ id }) => id === place.netns.id) ?? place.netns
  const rest = ownLink(left, { ...place, netns }, network, bridge, context)
  return { steps: [...port.steps, ...rest.steps], notes: [...port.notes, ...rest.notes] }
}

/** Only where it carries the network's mark: something else may have its name by now. */
function ownLink(
  world: World,
  place: Place,
  network: LabNetwork,
  name: string,
  context: PlanContext,
): Removal {
  const link = linkOf(place, name)
  if (link === null) return { steps: [], notes: [`link ${name} is gone already`] }
  const mark = `${labMark}:${network.name}`
  if (link.alias !== mark) {
    const has = link.alias === null ? 'has no mark' : `is marked "${sanitise(link.alias)}"`
    return { steps: [], notes: [`link ${name} ${has} instead of "${mark}": it stays`] }
  }
  const ports = indexOf(place.netns).slaves.get(link.ifindex) ?? []
  return {
    steps: [deleted(world, place, link, network.ipv6 && link.kind === 'bridge', context)],
    notes: ports.map((port) => `link ${sanitise(port.name)} on bridge ${name} is left without a bridge`),
  }
}

function deleted(
  world: World,
  { netns, spot }: Place,
  link: Link,
  isAutomaticOff: boolean,
  context: PlanContext,
): Step {
  const undo = restoreLink(world, netns, link, context)
  const fact = { kind: 'link', at: spot.at, name: link.name } as const
  return {
    title: `delete ${link.kind} ${link.name}`,
    command: spot.ip('link', 'del', 'dev', link.name),
    undo: isAutomaticOff ? withoutAutomatic(spot, link.name, undo) : undo,
    after: [{ ...fact, there: false }],
    before: [{ ...fact, there: true }],
    touches: [{ path: [spot.at, `link:${link.name}`], how: 'delete' }],
  }
}

/** After the command that makes it, before anything can make it have addresses. The World does not tell addr_gen_mode. */
function withoutAutomatic(spot: Spot, name: string, undo: Step['undo']): Step['undo'] {
  if ('irreversible' in undo) return undo
  const [make, ...rest] = undo
  const set = spot.ip('link', 'set', 'dev', name, ...noAutomatic)
  return make === undefined ? undo : [make, set, ...rest]
}

/** The bridge was there before the network: it loses only what it got with it. */
function addedAddresses(place: Place, name: string, added: readonly string[]): Removal {
  const link = linkOf(place, name)
  if (link === null) return { steps: [], notes: [`bridge ${name} is gone already`] }
  const site = siteOf(place, link)
  const { spot } = place
  const there = addressesOf(site).filter((each) => added.includes(addressText(each)))
  return {
    steps: there.map((address): Step => {
      const text = addressText(address)
      const fact = { kind: 'address', at: spot.at, link: name, address: text } as const
      return {
        title: `take the gateway's address ${text} from bridge ${name}`,
        command: spot.ip('address', 'del', text, 'dev', name),
        undo: restoreAfterAddress(site, address),
        after: [{ ...fact, there: false }],
        before: [{ ...fact, there: true }],
        touches: [{ path: [spot.at, `link:${name}`, `address:${text}`], how: 'delete' }],
      }
    }),
    notes: [`bridge ${name} was there before the network, and stays`],
  }
}

function linkOf({ netns }: Place, name: string): Link | null {
  return listOf(netns.links).find((link) => link.name === name) ?? null
}
