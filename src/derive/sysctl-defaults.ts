/**
 * What the settings of a namespace are when nobody changed them, and what the ones that decide a packet's fate mean:
 * Documentation/networking/ip-sysctl.rst, nf_conntrack-sysctl.rst and the initialisers in net/ipv4/devinet.c,
 * net/ipv6/addrconf.c, net/bridge/br_netfilter_hooks.c.
 */
type Setting = { readonly value: string; readonly says: string }

const ipv4Conf: Readonly<Record<string, Setting>> = {
  accept_local: { value: '0', says: 'take packets that come in with an address of this namespace as source' },
  arp_announce: {
    value: '0',
    says: 'which own address ARP questions tell: 1, 2 only one that fits the link',
  },
  arp_filter: { value: '0', says: 'answer ARP only by the link that a reply would leave by' },
  arp_ignore: { value: '0', says: 'for which own addresses ARP is answered: 1 only for those of that link' },
  forwarding: { value: '0', says: 'pass on packets that come in by the link' },
  ignore_routes_with_linkdown: { value: '0', says: 'leave out routes whose link has no carrier' },
  log_martians: { value: '0', says: 'write packets with impossible addresses to the kernel log' },
  proxy_arp: { value: '0', says: 'answer ARP for addresses that are reached by another link' },
  route_localnet: { value: '0', says: '127.0.0.0/8 may come from and go to other links' },
  rp_filter: { value: '0', says: 'drop what comes in by another link than the way back: 1 strict, 2 loose' },
  src_valid_mark: { value: '0', says: 'the way back is looked up with the mark' },
}

const ipv6Conf: Readonly<Record<string, Setting>> = {
  accept_dad: { value: '1', says: 'look whether somebody has the address already before using it' },
  accept_ra: { value: '1', says: 'take addresses and routes from routers (2: also while forwarding)' },
  disable_ipv6: { value: '0', says: 'no IPv6 at all' },
  forwarding: { value: '0', says: 'pass on IPv6 packets' },
  proxy_ndp: { value: '0', says: 'answer neighbour questions for others' },
}

const others: Readonly<Record<string, Setting>> = {
  'bridge.bridge-nf-call-arptables': { value: '1', says: 'what a bridge switches goes through arptables' },
  'bridge.bridge-nf-call-ip6tables': { value: '1', says: 'what a bridge switches goes through ip6tables' },
  'bridge.bridge-nf-call-iptables': { value: '1', says: 'what a bridge switches goes through iptables' },
  'bridge.bridge-nf-filter-vlan-tagged': { value: '0', says: 'so do packets with a VLAN tag' },
  'bridge.bridge-nf-pass-vlan-input-dev': { value: '0', says: 'rules see the VLAN link as where it came in' },
  'ipv4.fib_multipath_hash_policy': {
    value: '0',
    says: 'what chooses among several ways: 0 addresses, 1 ports too',
  },
  'ipv4.icmp_echo_ignore_all': { value: '0', says: 'do not answer ping' },
  'ipv4.ip_default_ttl': { value: '64', says: 'TTL of what is sent' },
  'ipv4.ip_forward': { value: '0', says: 'pass on what is for others' },
  'ipv4.ip_local_port_range': { value: '32768 60999', says: 'ports for connections that go out' },
  'ipv4.ip_no_pmtu_disc': { value: '0', says: 'do not look for the smallest MTU ahead' },
  'ipv4.ip_nonlocal_bind': { value: '0', says: 'sockets may use addresses that are not here' },
  'ipv4.ip_unprivileged_port_start': { value: '1024', says: 'from this port on anybody may listen' },
  'ipv4.tcp_mtu_probing': { value: '0', says: 'TCP tries out the MTU: 1 after loss, 2 always' },
  'ipv6.bindv6only': { value: '0', says: 'sockets on :: do not take IPv4' },
  'ipv6.fib_multipath_hash_policy': { value: '0', says: 'what chooses among several IPv6 ways' },
  'ipv6.icmp.echo_ignore_all': { value: '0', says: 'do not answer IPv6 ping' },
  'ipv6.ip_nonlocal_bind': { value: '0', says: 'sockets may use IPv6 addresses that are not here' },
  'netfilter.nf_conntrack_tcp_be_liberal': { value: '0', says: 'only RST outside the window is INVALID' },
  'netfilter.nf_conntrack_tcp_loose': { value: '1', says: 'pick up connections that began before' },
}

/** null: it is no setting (a count), or this table does not know it. */
export function sysctlDefault(name: string): Setting | null {
  const conf = /^(ipv4|ipv6)\.conf\.(all|default)\.([^.]+)$/.exec(name)
  if (conf === null) return Object.hasOwn(others, name) ? (others[name] ?? null) : null
  const [, family, which, field = ''] = conf
  const table = family === 'ipv4' ? ipv4Conf : ipv6Conf
  const known = Object.hasOwn(table, field) ? table[field] : undefined
  if (known === undefined) return null
  // `all` begins at 0, `default` at 1 (ipv6_devconf and ipv6_devconf_dflt).
  return field === 'accept_dad' && which === 'all' ? { ...known, value: '0' } : known
}
