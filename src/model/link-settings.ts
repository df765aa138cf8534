/** What a link's own settings are called below /proc/sys/net/ipv4/conf/LINK and /proc/sys/net/ipv6/conf/LINK. */
import type { Inet6Conf, InetConf } from './link.ts'

export const inetSettings: { readonly [K in keyof InetConf]: string } = {
  forwarding: 'forwarding',
  rpFilter: 'rp_filter',
  acceptLocal: 'accept_local',
  routeLocalnet: 'route_localnet',
  srcValidMark: 'src_valid_mark',
  arpIgnore: 'arp_ignore',
  arpAnnounce: 'arp_announce',
  arpFilter: 'arp_filter',
  proxyArp: 'proxy_arp',
  ignoreRoutesWithLinkdown: 'ignore_routes_with_linkdown',
  logMartians: 'log_martians',
}

export const inet6Settings: { readonly [K in keyof Inet6Conf]: string } = {
  disableIpv6: 'disable_ipv6',
  forwarding: 'forwarding',
  acceptRa: 'accept_ra',
  acceptDad: 'accept_dad',
  proxyNdp: 'proxy_ndp',
}
