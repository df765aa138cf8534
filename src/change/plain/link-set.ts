/** One property of a link changed: up, down, name, MTU. */
import { isResolved, peers } from '../../derive/peers.ts'
import { indexOf } from '../../derive/netns-index.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Link } from '../../model/link.ts'
import type { LinkFacts, Step, Touch } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { kindOf } from '../check/seen.ts'
import { checkLinkName, checkMtu } from '../names.ts'
import {
  planned,
  refusal,
  refused,
  type Drafted,
  type PlanContext,
  type Planned,
  type Planner,
} from '../planner.ts'
import { restoreAddresses, restoreLabels } from '../restore/addresses.ts'
import { restoreNeighbours } from '../restore/neighbours.ts'
import { restoreNeverUp } from '../restore/settings.ts'
import { restoreAfterDown, restoreAfterSmallMtu } from '../restore/restore-link.ts'
import { placeIn, siteOf, type Site } from '../restore/site.ts'
import { inOrder, type Undo } from '../restore/undo.ts'
import { called, linkFact, nameTaken, noLinkFact, ofLab, siteNamed, touchLink, unlessAny } from './scene.ts'

export const linkUp: Planner<'link-up'> = (world, { netns, link }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  if (site.value.link.flags.includes('UP'))
    return refused(refusal(link, `${called(site.value)} is up already`))
  const down = site.value.spot.ip('link', 'set', 'dev', link, 'down')
  return oneStep(site.value, `set ${called(site.value)} up`, ['up'], 'up', [{ up: false }, { up: true }], {
    // What was given to it while it was down goes with going down.
    undo: inOrder(
      [down],
      context.tools.has('tc') ? restoreNeverUp(site.value) : [],
      restoreAddresses(site.value, 'inet6'),
      restoreNeighbours(site.value),
    ),
  })
}

export const linkDown: Planner<'link-down'> = (world, { netns, link }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  if (!site.value.link.flags.includes('UP'))
    return refused(refusal(link, `${called(site.value)} is down already`))
  // The kernel sets VLANs on it down, and up again, with it (vlan_device_event in net/8021q/vlan.c).
  const vlans = uppersOf(world, site.value, context)
  if (!vlans.ok) return vlans
  const also = vlans.value.filter((upper) => upper.link.kind === 'vlan' && upper.link.flags.includes('UP'))
  return oneStep(
    site.value,
    `set ${called(site.value)} down`,
    ['down'],
    'down',
    [{ up: true }, { up: false }],
    {
      undo: inOrder(restoreAfterDown(site.value), ...also.map(restoreAfterDown)),
      touches: also.map((upper) => touchLink(upper, 'change', 'down')),
    },
  )
}

export const linkMtu: Planner<'link-mtu'> = (world, { netns, link, mtu }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  const { minMtu, maxMtu, mtu: now } = site.value.link
  const bad = checkMtu(mtu, minMtu, maxMtu)
  if (bad !== null) {
    return refused({ ...bad, kind: 'refused', what: `${called(site.value)}: ${bad.what}` })
  }
  if (mtu === now) return refused(refusal(link, `${called(site.value)} has an MTU of ${mtu} already`))
  const lower = lowerOf(world, site.value)
  if (lower !== null && mtu > lower.mtu) {
    const what = `${called(site.value)} stands on ${sanitise(lower.name)}, whose MTU is ${lower.mtu}: its own cannot be larger`
    return refused(refusal(link, what))
  }
  const uppers = uppersOf(world, site.value, context)
  if (!uppers.ok) return uppers
  const shrunk = uppers.value.filter((upper) => hasLowersMtu(upper.link) && upper.link.mtu > mtu)
  const all = [site.value, ...shrunk]
  const undo: Undo = inOrder(
    ...all.map((each) => [mtuCommand(each, each.link.mtu)]),
    ...all.map((each) => (mtu < leastInet6Mtu ? restoreAfterSmallMtu(each) : [])),
  )
  return oneStep(
    site.value,
    `set the MTU of ${called(site.value)} to ${mtu}`,
    ['mtu', String(mtu)],
    'mtu',
    [{ mtu: now }, { mtu }],
    { undo, touches: shrunk.map((upper) => touchLink(upper, 'change', 'mtu')) },
  )
}

/** RFC 8200, 5: below that the kernel takes all of IPv6 away from the link. */
const leastInet6Mtu = 1280

function mtuCommand({ spot, link }: Site, mtu: number): ReturnType<typeof spot.ip> {
  return spot.ip('link', 'set', 'dev', link.name, 'mtu', String(mtu))
}

/** The kernel makes theirs smaller with that of the link below (macvlan_device_event, vlan_device_event). */
function hasLowersMtu({ kind }: Link): boolean {
  return kind === 'macvlan' || kind === 'macvtap' || kind === 'ipvlan' || kind === 'ipvtap' || kind === 'vlan'
}

function lowerOf(world: World, { netns, link }: Site): Link | null {
  if (!hasLowersMtu(link)) return null
  const lower = peers(world.netns).lowerOf(netns.id, link.ifindex)
  if (!isResolved(lower)) return null
  const there = world.netns.find(({ id }) => id === lower.netns)
  return (there === undefined ? undefined : indexOf(there).links.get(lower.ifindex)) ?? null
}

function uppersOf(world: World, { netns, link }: Site, context: PlanContext): Planned<readonly Site[]> {
  const sites: Site[] = []
  for (const upper of peers(world.netns).uppersOf(netns.id, link.ifindex)) {
    const there = world.netns.find(({ id }) => id === upper.netns)
    const found = there === undefined ? undefined : indexOf(there).links.get(upper.ifindex)
    if (there === undefined || found === undefined) continue
    const place = placeIn(world, there, context)
    if (!place.ok) return place
    sites.push(siteOf(place.value, found))
  }
  return planned(sites)
}

/** Addresses, routes and settings stay with it; only what knows it by its name does not. */
export const linkRename: Planner<'link-rename'> = (world, { netns, link, name }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  const { spot, link: now } = site.value
  if (now.kind === 'loopback') return refused(refusal(link, `${called(site.value)} cannot be renamed`))
  if (name === link) return refused(refusal(link, `${called(site.value)} is called that already`))
  const free = ofLab(world, site.value)
  if (!free.ok) return free
  const bad = checkLinkName(name)
  const mustBeDown =
    now.flags.includes('UP') && !renamesWhatIsUp(world.kernel)
      ? refusal(
          link,
          `${called(site.value)} is up, and kernel ${sanitise(world.kernel)} renames only links that are down`,
          'set it down first',
        )
      : null
  return unlessAny([bad ?? nameTaken(site.value, name), mustBeDown], () => {
    const after = { ...site.value, link: { ...now, name } }
    const renamed: Step = {
      title: `rename ${called(site.value)} to ${name}`,
      command: spot.ip('link', 'set', 'dev', link, 'name', name),
      undo: inOrder([spot.ip('link', 'set', 'dev', name, 'name', link)], restoreLabels(site.value)),
      after: [linkFact(after, { kind: kindOf(now) }), noLinkFact(spot.at, link)],
      before: [linkFact(site.value, { kind: kindOf(now) }), noLinkFact(spot.at, name)],
      touches: [touchLink(site.value, 'delete', 'rename'), touchLink(after, 'add', 'rename')],
    }
    const notes = ['rules and programs that know it by its old name do not meet it any more']
    return planned({ title: renamed.title, steps: [renamed], notes })
  })
}

/** Since 6.2 (commit bd039b5ea2a9, net/core: Allow live renaming when an interface is up). */
function renamesWhatIsUp(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map(Number)
  return major > 6 || (major === 6 && minor >= 2)
}

/** One `ip link set` of one link. */
export function oneStep(
  site: Site,
  title: string,
  words: readonly string[],
  what: NonNullable<Touch['what']>,
  [before, after]: readonly [LinkFacts, LinkFacts],
  more: {
    readonly undo: Undo
    readonly touches?: readonly Touch[]
    readonly notes?: readonly string[]
  },
): Planned<Drafted> {
  const step: Step = {
    title,
    command: site.spot.ip('link', 'set', 'dev', site.link.name, ...words),
    undo: more.undo,
    after: [linkFact(site, after)],
    before: [linkFact(site, before)],
    touches: [touchLink(site, 'change', what), ...(more.touches ?? [])],
  }
  return planned({ title, steps: [step], notes: more.notes ?? [] })
}
