/**
 * The settings below /proc/sys/net that decide a packet's fate and belong to a namespace. Those of single links
 * come with the link dump; `all` and `default`, with which they combine, are here.
 */
import { unknown, type Known } from '../../../model/known.ts'
import { reasonOf, type ReadProc } from './read-proc.ts'

const ipv4Conf = [
  'accept_local',
  'arp_announce',
  'arp_filter',
  'arp_ignore',
  'forwarding',
  'ignore_routes_with_linkdown',
  'log_martians',
  'proxy_arp',
  'route_localnet',
  'rp_filter',
  'src_valid_mark',
]
const ipv6Conf = ['accept_dad', 'accept_ra', 'disable_ipv6', 'forwarding', 'proxy_ndp']

/** As `sysctl` names them, without the leading `net.`. */
export const netnsSysctls: readonly string[] = [
  'bridge.bridge-nf-call-arptables',
  'bridge.bridge-nf-call-ip6tables',
  'bridge.bridge-nf-call-iptables',
  'bridge.bridge-nf-filter-vlan-tagged',
  'bridge.bridge-nf-pass-vlan-input-dev',
  ...['all', 'default'].flatMap((conf) => ipv4Conf.map((name) => `ipv4.conf.${conf}.${name}`)),
  'ipv4.fib_multipath_hash_policy',
  'ipv4.icmp_echo_ignore_all',
  'ipv4.ip_default_ttl',
  'ipv4.ip_forward',
  'ipv4.ip_local_port_range',
  'ipv4.ip_no_pmtu_disc',
  'ipv4.ip_nonlocal_bind',
  'ipv4.ip_unprivileged_port_start',
  'ipv4.tcp_mtu_probing',
  'ipv6.bindv6only',
  ...['all', 'default'].flatMap((conf) => ipv6Conf.map((name) => `ipv6.conf.${conf}.${name}`)),
  'ipv6.fib_multipath_hash_policy',
  'ipv6.icmp.echo_ignore_all',
  'ipv6.ip_nonlocal_bind',
  'netfilter.nf_conntrack_count',
  'netfilter.nf_conntrack_tcp_be_liberal',
  'netfilter.nf_conntrack_tcp_loose',
]

/** Each with its value or its own reason: one that this kernel lacks says nothing about the others. */
export function readSysctls(
  read: ReadProc,
  names: readonly string[] = netnsSysctls,
): Readonly<Record<string, Known<string>>> {
  return Object.fromEntries(names.map((name) => [name, readSysctl(read, name)]))
}

/** One setting by its dotted name. None of the names asked for has a dot inside a part (a VLAN link would). */
export function readSysctl(read: ReadProc, name: string): Known<string> {
  const content = read(sysctlPath(name))
  return typeof content === 'string' ? sysctlValue(content) : unknown(reasonOf(content, absence(name)))
}

export function sysctlPath(name: string): string {
  return `sys/net/${name.replaceAll('.', '/')}`
}

/** `ip_local_port_range` has a tab between its numbers: one space, so that nothing has to be escaped. */
export function sysctlValue(content: string): string {
  return content.trim().replaceAll(/\s+/g, ' ')
}

function absence(name: string): string {
  if (name.startsWith('bridge.')) return 'not there: br_netfilter is not loaded'
  // Before 5.x nf_conntrack hid its settings from namespaces that an unprivileged user owns.
  if (name.startsWith('netfilter.')) return 'not there: nf_conntrack is not loaded, or hides it here'
  if (name.startsWith('ipv6.')) return 'not there: no IPv6, or an older kernel'
  if (name.includes('gc_thresh')) return 'not there: only the first network namespace has it'
  return 'not there: this kernel has no such setting'
}
