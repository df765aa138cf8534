/** An address given to a link, and taken from it. */
import { sanitise } from '../../lib/sanitise.ts'
import { parseIp } from '../../lib/ip.ts'
import { isUnknown } from '../../model/known.ts'
import type { Address } from '../../model/address.ts'
import type { Fact, Step, Touch } from '../../model/plan.ts'
import { cidrOf, type Cidr } from '../names.ts'
import { planned, refusal, refused, type Planner } from '../planner.ts'
import { addressesOf, addressText, deleted } from '../restore/addresses.ts'
import { restoreNeighbours } from '../restore/neighbours.ts'
import { goesWith, restoreAfterAddress } from '../restore/restore-link.ts'
import { leavesBy, restoreRoutes } from '../restore/routes.ts'
import type { Site } from '../restore/site.ts'
import { inOrder, type Undo } from '../restore/undo.ts'
import { called, linkPath, linksOf, siteNamed, touchLink, type NamedSite } from './scene.ts'

export const addrAdd: Planner<'addr-add'> = (world, { netns, link, address }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  const cidr = cidrOf(address)
  if (!cidr.ok) return cidr
  const why = whyNot(site.value, cidr.value)
  if (why !== null) return refused(why)
  const { spot } = site.value
  const fact = (there: boolean): Fact => addressFact(site.value, cidr.value.text, there)
  const step: Step = {
    title: `give ${cidr.value.text} to ${called(site.value)}`,
    command: spot.ip('address', 'add', cidr.value.text, 'dev', link),
    undo: inOrder(
      [spot.ip('address', 'delete', cidr.value.text, 'dev', link)],
      afterLast(site.value, cidr.value),
    ),
    after: [fact(true)],
    before: [fact(false)],
    touches: [touchAddress(site.value, cidr.value.text, 'add'), touchLink(site.value, 'use')],
  }
  return planned({ title: step.title, steps: [step], notes: notesOn(site.value, cidr.value) })
}

function whyNot(site: NamedSite, { ip, address, text }: Cidr): ReturnType<typeof refusal> | null {
  const { link } = site
  const same = addressesOf(site).find((each) => each.local === address)
  if (same !== undefined && addressText(same) === text)
    return refusal(text, `${called(site)} has ${text} already`)
  if (same !== undefined && ip.family === 'inet6')
    return refusal(
      text,
      `${called(site)} has ${addressText(same)} already: the same address with another length`,
    )
  if (ip.family === 'inet') return null
  if (link.inet6 === null)
    return refusal(
      text,
      `${called(site)} has no IPv6 (MTU ${link.mtu})`,
      'IPv6 needs an MTU of at least 1280',
    )
  if (isUnknown(link.inet6) || link.inet6.disableIpv6 === 0) return null
  const setting = `ipv6.conf.${link.name}.disable_ipv6`
  return refusal(text, `IPv6 is off on ${called(site)}`, `vethscope sysctl set ${setting} 0 turns it on`)
}

/** The first IPv4 address of a link takes all routes and neighbours of the link with it when it goes (fib_inetaddr_event). */
function afterLast(site: Site, { ip }: Cidr): Undo {
  if (ip.family === 'inet6' || addressesOf(site).some(({ family }) => family === 'inet')) return []
  const ifindexes = new Set([site.link.ifindex])
  return inOrder(
    restoreNeighbours(site, 'inet'),
    restoreRoutes(site, (route) => route.family === 'inet' && leavesBy(route, ifindexes)),
  )
}

function notesOn(site: NamedSite, { address, text }: Cidr): readonly string[] {
  const other = linksOf(site).find(
    (link) =>
      link.ifindex !== site.link.ifindex &&
      addressesOf({ ...site, link }).some((each) => each.local === address),
  )
  return [
    ...(site.link.flags.includes('UP')
      ? []
      : [`${called(site)} is down: ${text} reaches nobody until it is up`]),
    ...(other === undefined ? [] : [`${sanitise(other.name)} in ${site.name} has ${address} too`]),
    ...(site.link.master === null
      ? []
      : [`${called(site)} is a bridge's port: what comes in goes to the bridge, not to ${address}`]),
  ]
}

export const addrRm: Planner<'addr-rm'> = (world, { netns, link, address: text }, context) => {
  const site = siteNamed(world, netns, link, context)
  if (!site.ok) return site
  const all = addressesOf(site.value)
  const wanted = addressesLike(all, text)
  if (wanted === null) {
    const cidr = cidrOf(text)
    return cidr.ok ? refused(refusal(text, `${sanitise(text)} is no address`)) : cidr
  }
  const [address, ...more] = wanted
  if (address === undefined) {
    const what = `${called(site.value)} does not have ${sanitise(text)}`
    const has = all.map(addressText).join(', ')
    return refused({
      kind: 'not-found',
      what,
      subject: text,
      hint: has === '' ? 'it has none' : `it has ${has}`,
    })
  }
  if (more.length > 0) {
    const what = `${sanitise(text)} could mean ${wanted.map(addressText).join(' or ')} of ${called(site.value)}`
    return refused({ kind: 'ambiguous', what, subject: text, hint: 'name it with its length' })
  }
  const others = goesWith(address, all)
  const shown = addressText(address)
  const step: Step = {
    title: `take ${shown} from ${called(site.value)}`,
    command: site.value.spot.ip('address', 'delete', ...deleted(address), 'dev', link),
    undo: restoreAfterAddress(site.value, address),
    after: [addressFact(site.value, `${address.local}/${address.prefixLen}`, false)],
    before: [addressFact(site.value, `${address.local}/${address.prefixLen}`, true)],
    touches: [
      ...[address, ...others].map((each) => touchAddress(site.value, addressText(each), 'delete')),
      touchLink(site.value, 'use'),
    ],
  }
  const notes = others.map(
    (each) => `${addressText(each)} is a secondary address of the same network and goes with it`,
  )
  return planned({ title: step.title, steps: [step], notes })
}

/** null: the text is no address. Without a length: whatever its length is. */
function addressesLike(all: readonly Address[], text: string): readonly Address[] | null {
  const [alone = '', length] = text.split('/')
  const ip = parseIp(alone)
  if (ip === null || (length !== undefined && !/^\d{1,3}$/.test(length))) return null
  return all.filter((each) => {
    const other = parseIp(each.local)
    return (
      other?.family === ip.family &&
      other.value === ip.value &&
      (length === undefined || each.prefixLen === Number(length))
    )
  })
}

function addressFact({ spot, link }: Site, address: string, there: boolean): Fact {
  return { kind: 'address', at: spot.at, link: link.name, address, there }
}

function touchAddress(site: Site, address: string, how: Touch['how']): Touch {
  return { path: [...linkPath(site), `address:${address}`], how }
}
