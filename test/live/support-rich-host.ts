/** A host with much on it that a change could lose. */
import { playHost, type TestHost } from '../support/host.ts'

const links = [
  'link add h0 address 02:00:00:00:00:10 mtu 1450 txqueuelen 500 type veth peer name eth0 address 02:00:00:00:00:11 mtu 1450 netns web',
  'link set h0 alias uplink-of-web',
  'link property add dev h0 altname to-web-with-a-long-name',
  'link add br0 address 02:00:00:00:00:20 type bridge forward_delay 400 ageing_time 10000',
  'link add br1 address 02:00:00:00:00:30 type bridge',
  'link add p0 type veth peer name eth1 netns web',
  'link add p1 type veth peer name eth0 netns db',
  'link add loose type veth peer name tight',
  // Its first port gives a bridge the largest TSO there is, and nothing takes that back.
  'link set loose master br1',
  'link set loose nomaster',
  'link set p0 master br0',
  'link set p0 type bridge_slave isolated on hairpin on cost 17 priority 12 learning off',
  'link set p1 master br0',
  'link add vx0 type vxlan id 42 local 10.1.0.1 dstport 4789 nolearning',
  'link set vx0 master br0',
  'link add mv0 link h0 netns db type macvlan mode bridge',
]

const hostLines = [
  'addr add 10.1.0.1/24 dev h0',
  'addr add 10.1.0.2/24 dev h0',
  'addr add 10.1.0.3/24 dev h0 label h0:three',
  'addr add 10.7.0.1 peer 10.7.0.2/32 dev h0',
  'addr add fd01::1/64 dev h0 nodad',
  'addr add fd01::2/64 dev h0 nodad',
  'addr add 10.2.0.1/24 brd + dev br0',
  'addr add fd02::1/64 dev br0 nodad',
  'link set h0 up',
  'link set br0 up',
  'link set p0 up',
  'link set p1 up',
  'link set vx0 up',
  'route add 10.50.0.0/16 via 10.1.0.9 dev h0 metric 50',
  'route add 10.51.0.0/16 via 10.1.0.9 dev h0 src 10.1.0.2 mtu 1300',
  'route add 10.52.0.0/16 dev h0 scope link',
  'route add 10.53.0.0/16 via 10.52.0.1 dev h0 proto static',
  'route add default via 10.1.0.9 dev h0 table 100',
  'route add 10.54.0.0/16 nexthop via 10.1.0.9 dev h0 weight 2 nexthop via 10.2.0.9 dev br0',
  'route add 10.55.0.0/16 via 192.0.2.1 dev h0 onlink',
  'route add blackhole 10.66.0.0/16',
  'route add 10.67.0.0/16 dev br0 src 10.1.0.3 scope link',
  'route add fd50::/64 via fd01::9 dev h0',
  'route add fd51::/64 dev h0 metric 7 src fd01::2 table 101',
  'rule add from 10.1.0.2 table 100 priority 1000',
  'neigh add 10.1.0.9 lladdr 02:00:00:00:00:99 dev h0 nud permanent',
  'neigh add fd01::9 lladdr 02:00:00:00:00:99 dev h0 nud permanent router',
  'neigh add 10.2.0.9 lladdr 02:00:00:00:00:98 dev br0 nud permanent',
  'neigh add proxy 10.1.0.200 dev h0',
]

const webLines = [
  'addr add 10.1.0.9/24 dev eth0',
  'addr add 10.1.0.10/24 dev eth0',
  'addr add fd01::9/64 dev eth0 nodad',
  'addr add 10.2.0.9/24 dev eth1',
  'link set lo up',
  'link set eth0 up',
  'link set eth1 up',
  'route add default via 10.1.0.1 dev eth0',
  'route add 10.60.0.0/16 via 10.2.0.1 dev eth1 src 10.1.0.10',
  'route add 10.61.0.0/16 via 10.1.0.1 dev eth0 table 7',
  'route add default via fd01::1 dev eth0',
  'neigh add 10.1.0.1 lladdr 02:00:00:00:00:10 dev eth0 nud permanent',
  'rule add to 10.61.0.0/16 table 7 priority 500',
]

const others = [
  [
    'sysctl',
    '-q',
    '-w',
    'net.ipv4.conf.h0.rp_filter=2',
    'net.ipv4.conf.h0.proxy_arp=1',
    'net.ipv4.conf.br0.forwarding=1',
  ],
  [
    'sysctl',
    '-q',
    '-w',
    'net.ipv6.conf.h0.accept_ra=2',
    'net.ipv6.conf.p0.disable_ipv6=1',
    'net.ipv4.conf.p0.arp_ignore=1',
  ],
  [
    'ip',
    'netns',
    'exec',
    'web',
    'sysctl',
    '-q',
    '-w',
    'net.ipv4.ip_forward=1',
    'net.ipv4.conf.eth1.forwarding=0',
    'net.ipv4.conf.eth0.arp_announce=2',
  ],
  ['tc', 'qdisc', 'replace', 'dev', 'h0', 'root', 'tbf', 'rate', '5mbit', 'burst', '16kb', 'latency', '50ms'],
  [
    'tc',
    '-n',
    'web',
    'qdisc',
    'replace',
    'dev',
    'eth0',
    'root',
    'tbf',
    'rate',
    '3mbit',
    'burst',
    '8kb',
    'latency',
    '400ms',
  ],
  ['bridge', 'fdb', 'add', '02:00:00:00:00:77', 'dev', 'p0', 'master', 'static'],
  ['bridge', 'fdb', 'append', '00:00:00:00:00:00', 'dev', 'vx0', 'dst', '10.1.0.9'],
  ['bridge', 'fdb', 'append', '00:00:00:00:00:00', 'dev', 'vx0', 'dst', '10.1.0.10'],
  ['bridge', 'fdb', 'append', '02:00:00:00:00:78', 'dev', 'vx0', 'dst', '10.1.0.9'],
]

/** Namespaces `web`, `db` and an empty one. */
export async function richHost(): Promise<TestHost> {
  const host = await playHost()
  // Nobody asks whether an address is taken: the state of that would be a matter of seconds.
  host.run(['sysctl', '-q', '-w', 'net.ipv6.conf.default.accept_dad=0', 'net.ipv6.conf.all.accept_dad=0'])
  host.ip('netns add web', 'netns add db', 'netns add empty')
  for (const name of ['web', 'db'])
    host.run(['ip', 'netns', 'exec', name, 'sysctl', '-q', '-w', 'net.ipv6.conf.default.accept_dad=0'])
  host.ip(...links)
  host.run(['ip', '-n', 'web', '-batch', '-'], { input: webLines.join('\n') + '\n' })
  host.run(['ip', '-n', 'db', 'link', 'set', 'eth0', 'up'])
  host.ip(...hostLines)
  for (const command of others) host.run(command)
  return host
}
