/** A link put on a bridge, and taken from it. */
import { indexOf } from '../../derive/netns-index.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Link } from '../../model/link.ts'
import { mostPorts } from '../lab/network-room.ts'
import { refusal, refused, type Planner } from '../planner.ts'
import { addressesOf, addressText, isAutomatic } from '../restore/addresses.ts'
import { restoreNeighbours } from '../restore/neighbours.ts'
import { restorePort } from '../restore/port.ts'
import { siteOf, type Site } from '../restore/site.ts'
import { inOrder, type Undo } from '../restore/undo.ts'
import { oneStep } from './link-set.ts'
import { called, linkCalled, noLink, ofLab, siteNamed, touchLink, type NamedSite } from './scene.ts'

export const linkAttach: Planner<'link-attach'> = (world, { netns, link, bridge }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  const master = linkCalled(site.value, bridge)
  if (master === null) return refused(noLink(site.value, bridge))
  const why = whyNot(site.value, master)
  if (why !== null) return refused(refusal(link, why))
  const on = siteOf(site.value, master)
  return oneStep(
    site.value,
    `put ${called(site.value)} on bridge ${sanitise(bridge)}`,
    ['master', bridge],
    'master',
    [{ master: null }, { master: bridge }],
    {
      undo: inOrder([site.value.spot.ip('link', 'set', 'dev', link, 'nomaster')], ownAddress(on)),
      touches: [touchLink(on, 'use')],
      notes: addressNotes(site.value),
    },
  )
}

function whyNot(site: NamedSite, bridge: Link): string | null {
  const { link, netns } = site
  const shown = sanitise(bridge.name)
  if (bridge.kind !== 'bridge') return `link ${shown} in ${site.name} is no bridge (${bridge.kind})`
  if (bridge.ifindex === link.ifindex) return `bridge ${shown} cannot be put on itself`
  if (link.master === bridge.ifindex) return `${called(site)} is on bridge ${shown} already`
  if (link.master !== null) {
    const master = indexOf(netns).links.get(link.master)?.name ?? `ifindex ${link.master}`
    return `${called(site)} is on ${sanitise(master)} already: take it from there first`
  }
  if (link.kind === 'loopback') return `${called(site)} cannot be put on a bridge`
  if (link.kind === 'bridge')
    return `${called(site)} is a bridge itself: a bridge cannot be put on another one`
  if (link.linkType !== 'ether')
    return `${called(site)} has no Ethernet (${link.linkType}): only that can be bridged`
  const ports = indexOf(netns).slaves.get(bridge.ifindex)?.length ?? 0
  return ports >= mostPorts
    ? `bridge ${shown} in ${site.name} has ${ports} ports: more are not possible`
    : null
}

/**
 * A bridge whose MAC address nobody set takes the lowest of its ports, and none with the last one: its own is given back, with the
 * neighbours that the kernel forgets with it (br_stp_recalculate_bridge_id in net/bridge/br_stp_if.c).
 */
function ownAddress(bridge: Site): Undo {
  const { link, netns, spot } = bridge
  if (link.addrAssignType === 'set' || link.lladdr === null) return []
  const hasPorts = (indexOf(netns).slaves.get(link.ifindex)?.length ?? 0) > 0
  const given = hasPorts ? [] : [spot.ip('link', 'set', 'dev', link.name, 'address', link.lladdr)]
  return inOrder(given, restoreNeighbours(bridge))
}

function addressNotes(site: Site): readonly string[] {
  const own = addressesOf(site).filter((each) => !isAutomatic(each))
  if (own.length === 0) return []
  const shown = own.map(addressText).join(', ')
  return [
    `${sanitise(site.link.name)} has ${shown}: what comes in by a bridge's port goes to the bridge, not to these`,
  ]
}

export const linkDetach: Planner<'link-detach'> = (world, { netns, link }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  const { link: now } = site.value
  if (now.master === null) return refused(refusal(link, `${called(site.value)} is on no bridge`))
  const free = ofLab(world, site.value)
  if (!free.ok) return free
  const master = indexOf(site.value.netns).links.get(now.master)
  if (master === undefined)
    return refused(
      refusal(link, `what ${called(site.value)} is on (ifindex ${now.master}) could not be read`),
    )
  const on = siteOf(site.value, master)
  const neighbours = master.addrAssignType === 'set' ? [] : restoreNeighbours(on)
  return oneStep(
    site.value,
    `take ${called(site.value)} from ${sanitise(master.name)}`,
    ['nomaster'],
    'master',
    [{ master: master.name }, { master: null }],
    { undo: inOrder(restorePort(site.value), neighbours), touches: [touchLink(on, 'use')] },
  )
}
