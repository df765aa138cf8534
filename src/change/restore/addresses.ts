/** Addresses of a link as they were. */
import { indexOf } from '../../derive/netns-index.ts'
import type { Family } from '../../lib/ip.ts'
import type { Address } from '../../model/address.ts'
import type { Command } from '../../model/plan.ts'
import type { Site } from './site.ts'
import { restoreRoutes } from './routes.ts'
import { irreversible, inOrder, type Undo } from './undo.ts'

/** What `ip address` takes back as a word (ip-address(8)); the others follow from how an address came to be. */
const words = ['home', 'mngtmpaddr', 'nodad', 'noprefixroute', 'autojoin']

export function addressesOf({ netns, link }: Pick<Site, 'netns' | 'link'>): readonly Address[] {
  return indexOf(netns).addresses.get(link.ifindex) ?? []
}

/** `10.0.0.1/24`, of one point to point with its own length. */
export function addressText({ local, prefixLen, peer }: Address): string {
  return peer === null ? `${local}/${prefixLen}` : local
}

/** The kernel makes it by itself whenever the link comes up. */
export function isAutomatic({ family, protocol, local }: Address): boolean {
  return protocol === 'kernel_ll' || protocol === 'kernel_lo' || (family === 'inet6' && local === '::1')
}

export function restoreAddresses(site: Site, family: Family | null = null): Undo {
  const lost = addressesOf(site).filter((each) => family === null || each.family === family)
  return restored(
    site,
    lost.filter((each) => !isAutomatic(each)),
  )
}

/** IPv4 addresses line up as they are added, IPv6 ones of the same scope the last one first (ipv6_link_dev_addr in net/ipv6/addrconf.c). */
export function restored(site: Site, lost: readonly Address[]): Undo {
  const name = site.link.name
  const leased = lost.filter(({ validLifetime }) => validLifetime !== null)
  const inet = lost.filter(({ family }) => family === 'inet')
  const inet6 = lost.filter(({ family }) => family === 'inet6').toReversed()
  return inOrder(
    irreversible(
      leased.map(
        (each) =>
          `${addressText(each)} of ${name} is a lease of ${each.validLifetime} s (from DHCP or a router): only who gave it can renew it`,
      ),
    ),
    [...inet, ...inet6].map((each) => addressCommand(site, each)),
  )
}

/** `replace`, so that it also goes where some of it is still there. */
function addressCommand({ spot, link }: Site, address: Address): Command {
  const { local, broadcast, scope, label, flags, family } = address
  const usual = family === 'inet' ? 'global' : usualScope(local)
  return spot.ip(
    'address',
    'replace',
    ...deleted(address),
    ...(broadcast === null ? [] : ['broadcast', broadcast]),
    'dev',
    link.name,
    ...(scope === usual || family === 'inet6' ? [] : ['scope', scope]),
    ...(label === null || label === link.name || family === 'inet6' ? [] : ['label', label]),
    ...flags.filter((flag) => words.includes(flag)),
  )
}

function usualScope(local: string): string {
  return local.startsWith('fe80:') ? 'link' : 'global'
}

/**
 * A link that gets another name and back: the kernel numbers the labels of all its IPv4 addresses but the first (`eth0:2`;
 * inetdev_changename in net/ipv4/devinet.c), and a label can only be given with the address. The first one stays, and the link's routes with it.
 */
export function restoreLabels(site: Site): Undo {
  const { spot, link } = site
  const inet = addressesOf(site).filter(({ family }) => family === 'inet')
  const at = inet.findIndex((each, index) => index > 0 && each.label?.includes(':') === false)
  if (at === -1) return []
  const again = inet.slice(at)
  const sources = new Set(again.map(({ local }) => local))
  return inOrder(
    again.toReversed().map((each) => ({
      ...spot.ip('address', 'delete', ...deleted(each), 'dev', link.name),
      // Not there any more when this is run for the second time.
      also: [2],
    })),
    restored(site, again),
    restoreRoutes(site, ({ prefSrc }) => prefSrc !== null && sources.has(prefSrc)),
  )
}

/** As `ip address delete` knows it: one point to point by both ends. */
export function deleted({ local, peer, prefixLen }: Address): readonly string[] {
  return peer === null ? [`${local}/${prefixLen}`] : [local, 'peer', `${peer}/${prefixLen}`]
}
