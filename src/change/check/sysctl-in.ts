/** A setting below /proc/sys/net in a World: those of `all` and `default` are read by name, those of single links come with the links. */
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { Inet6Conf, InetConf } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import { linkIn } from './seen.ts'

const inet: { readonly [name: string]: keyof InetConf } = {
  forwarding: 'forwarding',
  rp_filter: 'rpFilter',
  accept_local: 'acceptLocal',
  route_localnet: 'routeLocalnet',
  src_valid_mark: 'srcValidMark',
  arp_ignore: 'arpIgnore',
  arp_announce: 'arpAnnounce',
  arp_filter: 'arpFilter',
  proxy_arp: 'proxyArp',
  ignore_routes_with_linkdown: 'ignoreRoutesWithLinkdown',
  log_martians: 'logMartians',
}
const inet6: { readonly [name: string]: keyof Inet6Conf } = {
  disable_ipv6: 'disableIpv6',
  forwarding: 'forwarding',
  accept_ra: 'acceptRa',
  accept_dad: 'acceptDad',
  proxy_ndp: 'proxyNdp',
}

/** `name` dotted, below net: `ipv4.conf.eth0.100.rp_filter` is rp_filter of link eth0.100. null: that link is not there. */
export function sysctlIn(netns: Netns, name: string): Known<string | null> {
  const [, family, linkName, setting] = /^(ipv4|ipv6)\.conf\.(.+)\.([^.]+)$/.exec(name) ?? []
  if (family === undefined || linkName === undefined || setting === undefined) return byName(netns, name)
  if (linkName === 'all' || linkName === 'default') return byName(netns, name)
  const link = linkIn(netns, linkName)
  if (isUnknown(link) || link === null) return link
  const value = family === 'ipv4' ? valueIn(link.inet, inet[setting]) : valueIn(link.inet6, inet6[setting])
  if (value !== undefined) return value
  return byName(netns, name)
}

/** undefined: nobody reads that one of a link. */
function valueIn<T extends { readonly [name: string]: number }>(
  conf: Known<T | null>,
  key: keyof T | undefined,
): Known<string> | undefined {
  if (key === undefined) return undefined
  if (isUnknown(conf)) return conf
  return conf === null ? unknown('this kernel does not tell it with the link') : String(conf[key])
}

function byName({ details }: Netns, name: string): Known<string> {
  if (details === null) return unknown('the sysctls were not read')
  if (isUnknown(details.sysctls)) return details.sysctls
  return details.sysctls[name] ?? unknown(`${name} is not among the sysctls that are read`)
}

/** `ip_local_port_range` has a tab between its numbers. */
export function plainValue(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}
