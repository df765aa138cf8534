/** A node on a network, as it is asked for and as it will be: addresses, MAC, names of both ends of its link. */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { LabConnection } from '../../model/intent.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Lab, LabEndpoint, LabNetwork } from '../../model/lab.ts'
import type { World } from '../../model/world.ts'
import { hostSpot, linkNamed, type Spot } from '../at.ts'
import { checkIp, checkMac, checkPlainName } from '../names.ts'
import { misuse, planned, refusal, refused, type PlanContext, type Planned } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { addressesSeen, addressUsers, freeAddress, whyNotAddress } from './free-address.ts'
import { hostLinkName } from './host-link.ts'
import { macOf, withoutLength } from './mac-of.ts'
import { noNetwork, whyNotMember } from './network-room.ts'
import { hasMacOfParent } from './parent-mode.ts'

export type AskedEndpoint = {
  /** With what was planned before it: nodes of the same plan. */
  readonly lab: Lab
  readonly node: string
  readonly connection: LabConnection
  /** What it will be called in the node: eth1. */
  readonly link: string
}

/** Every reason why it cannot be, where there is any. */
export function planEndpoint(
  world: World,
  { lab, node, connection, link }: AskedEndpoint,
  context: PlanContext,
): Planned<LabEndpoint> {
  const network = lab.networks.find(({ name }) => name === connection.network)
  if (network === undefined) return refused(noNetwork(connection.network, lab))
  const host = hostSpot(world, context)
  if (host.netns !== null && isUnknown(host.netns.links)) {
    return refused(unreadable(network.name, 'the links of the host', host.netns.links.unknown))
  }
  const refusals = whyNotMember(network, lab, host)
  const aliases = connection.aliases.flatMap((alias) => checkPlainName(alias, 'alias') ?? [])
  const links = linksOf(connection, network, lab, node)
  const addresses = addressesOf(world, connection, network, lab, host)
  const mac = macFor(connection, network, lab, host, addresses.found)
  const all = [...refusals, ...aliases, ...links.refusals, ...addresses.refusals, ...mac.refusals]
  if (all.length > 0) return refused(...all)
  return planned({
    network: network.name,
    link,
    hostLink: network.bridge === null ? null : hostLinkName(network.name, node, takenNames(lab, host)),
    mac: mac.found,
    ipv4: addresses.found.inet,
    ipv6: addresses.found.inet6,
    aliases: [...new Set(connection.aliases)],
    isDefault: false,
    links: links.found,
  })
}

function takenNames(lab: Lab, host: Spot): ReadonlySet<string> {
  const ours = lab.nodes.flatMap(({ endpoints }) => endpoints.flatMap(({ hostLink }) => hostLink ?? []))
  return new Set([...listOf(host.netns?.links ?? []).map(({ name }) => name), ...ours])
}

type Found<T> = { readonly found: T; readonly refusals: readonly Failure[] }
type Addresses = { readonly inet: string | null; readonly inet6: string | null }

function addressesOf(
  world: World,
  connection: LabConnection,
  network: LabNetwork,
  lab: Lab,
  host: Spot,
): Found<Addresses> {
  const users = addressUsers(network, lab, host)
  const refusals: Failure[] = []
  const one = (isSix: boolean, asked: string | undefined): string | null => {
    const subnet = network.subnets.find((each) => each.subnet.includes(':') === isSix)
    const family = isSix ? 'IPv6' : 'IPv4'
    if (subnet === undefined || (isSix && !network.ipv6)) {
      if (asked === undefined) return null
      refusals.push(
        refusal(asked, `cannot give ${sanitise(asked)}: network ${network.name} has no ${family}`),
      )
      return null
    }
    const length = subnet.subnet.split('/')[1] ?? ''
    if (asked === undefined) {
      const free = freeAddress(subnet, users, addressesSeen(world))
      if (free !== null) return `${free}/${length}`
      const where = subnet.ipRange ?? subnet.subnet
      refusals.push(refusal(network.name, `network ${network.name} has no free address left in ${where}`))
      return null
    }
    const wrong = checkIp(asked)
    const why = wrong === null ? whyNotAddress(asked, subnet, users) : null
    if (wrong !== null) refusals.push(wrong)
    if (why !== null) refusals.push(refusal(asked, `cannot give ${asked}: ${why}`))
    return `${withoutLength(asked)}/${length}`
  }
  const found = { inet: one(false, connection.ip), inet6: one(true, connection.ip6) }
  if (refusals.length === 0 && found.inet === null && found.inet6 === null)
    refusals.push(refusal(network.name, `network ${network.name} has no subnet`))
  return { found, refusals }
}

function macFor(
  { mac }: LabConnection,
  network: LabNetwork,
  lab: Lab,
  host: Spot,
  { inet, inet6 }: Addresses,
): Found<string> {
  if (hasMacOfParent(network)) {
    const parent = network.parent ?? 'the parent'
    const own = linkNamed(host, parent)?.lladdr ?? ''
    if (mac === undefined) return { found: own, refusals: [] }
    const whose =
      network.driver === 'ipvlan'
        ? `on an ipvlan network all have that of ${parent}`
        : `in mode passthru a node has that of ${parent}`
    return { found: own, refusals: [refusal(mac, `cannot give MAC ${sanitise(mac)}: ${whose}`)] }
  }
  const made = macOf(withoutLength(inet ?? inet6 ?? ''))
  if (mac === undefined) return { found: made, refusals: [] }
  const asked = mac.toLowerCase()
  const wrong = checkMac(mac)
  if (wrong !== null) return { found: asked, refusals: [wrong] }
  const user = macUser(asked, network, lab, host)
  return {
    found: asked,
    refusals: user === null ? [] : [refusal(asked, `cannot give MAC ${asked}: ${user} has it`)],
  }
}

function macUser(mac: string, network: LabNetwork, lab: Lab, host: Spot): string | null {
  const node = lab.nodes.find(({ endpoints }) =>
    endpoints.some((each) => each.network === network.name && each.mac === mac),
  )
  if (node !== undefined) return `node ${node.name}`
  const link = linkNamed(host, network.bridge ?? network.parent ?? '')
  return link?.lladdr === mac ? `the host's ${link.name}` : null
}

function linksOf(
  { links }: LabConnection,
  network: LabNetwork,
  lab: Lab,
  self: string,
): Found<LabEndpoint['links']> {
  const refusals: Failure[] = []
  const found = links.flatMap((text) => {
    const [name = '', alias = name, ...rest] = text.split(':')
    const shown = sanitise(text)
    const bad = rest.length > 0 ? null : checkPlainName(alias, 'alias')
    const node = lab.nodes.find((each) => each.name === name)
    const isMember = node?.endpoints.some((each) => each.network === network.name) === true
    if (rest.length > 0 || name === '' || alias === '') {
      refusals.push(misuse(shown, `cannot link "${shown}": that is not NODE or NODE:ALIAS`))
    } else if (bad !== null) refusals.push(bad)
    else if (name === self) refusals.push(refusal(name, `node ${name} cannot be linked to itself`))
    else if (node === undefined)
      refusals.push({
        ...refusal(name, `cannot link "${shown}": there is no node ${sanitise(name)}`),
        kind: 'not-found',
      })
    else if (!isMember)
      refusals.push(refusal(name, `cannot link node ${name}: it is not on network ${network.name}`))
    else return [{ node: name, alias }]
    return []
  })
  return { found, refusals }
}
