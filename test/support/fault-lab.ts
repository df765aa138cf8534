/**
 * A small host that routes for two nodes, and the faults that one command line makes in it. test/live/findings.test.ts makes
 * and repairs each; fixtures/record/faults.ts records each.
 */
import type { TestHost } from './host.ts'

export type Fault = {
  readonly id: string
  readonly what: string
  readonly severity: 'fault' | 'risk' | 'note'
  readonly subject: string | RegExp
  /** Command lines in the host's namespace; a leading `NODE:` goes into that node. */
  readonly breaks: readonly string[]
  readonly repairs: readonly string[]
  /** What cannot be pinged any more, `NODE ADDRESS`; left out where ping does not show it. */
  readonly lost?: string
}

/** What the nodes reach through the host. */
export const outside = '198.51.100.1'

export const faults: readonly Fault[] = [
  {
    id: 'F01',
    what: 'forwarding is off',
    severity: 'fault',
    subject: 'br0',
    breaks: ['sysctl -qw net.ipv4.ip_forward=0'],
    repairs: ['sysctl -qw net.ipv4.ip_forward=1'],
    lost: `n1 ${outside}`,
  },
  {
    id: 'F01',
    what: 'forwarding is off for the bridge alone',
    severity: 'fault',
    subject: 'br0',
    breaks: ['sysctl -qw net.ipv4.conf.br0.forwarding=0'],
    repairs: ['sysctl -qw net.ipv4.conf.br0.forwarding=1'],
    lost: `n1 ${outside}`,
  },
  {
    id: 'F02',
    what: 'the policy of FORWARD drops and nothing accepts',
    severity: 'fault',
    subject: 'br0',
    breaks: ['iptables -D FORWARD -i br0 ! -o br0 -j ACCEPT'],
    repairs: ['iptables -A FORWARD -i br0 ! -o br0 -j ACCEPT'],
    lost: `n1 ${outside}`,
  },
  {
    id: 'F03',
    what: "another table's base chain drops what FORWARD accepts",
    severity: 'fault',
    subject: 'br0',
    breaks: [
      'nft add table inet fw',
      'nft add chain inet fw transit { type filter hook forward priority 10 ; policy drop ; }',
    ],
    repairs: ['nft delete table inet fw'],
    lost: `n1 ${outside}`,
  },
  {
    id: 'F04',
    what: 'iptables-legacy drops unseen',
    severity: 'fault',
    subject: 'host',
    breaks: ['iptables-legacy -P FORWARD DROP'],
    repairs: ['iptables-legacy -P FORWARD ACCEPT'],
    lost: `n1 ${outside}`,
  },
  {
    id: 'F05',
    what: 'nothing masquerades',
    severity: 'risk',
    subject: 'br0',
    breaks: ['iptables -t nat -D POSTROUTING -s 10.7.0.0/24 ! -o br0 -j MASQUERADE'],
    repairs: ['iptables -t nat -A POSTROUTING -s 10.7.0.0/24 ! -o br0 -j MASQUERADE'],
    lost: `n1 ${outside}`,
  },
  {
    id: 'F07',
    what: 'a published port leads to an address that nobody has, before the right rule',
    severity: 'fault',
    subject: /^PREROUTING \d$/,
    breaks: [
      'iptables -t nat -I PREROUTING -p tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 10.7.0.99:80',
    ],
    repairs: ['iptables -t nat -D PREROUTING 1'],
  },
  {
    id: 'F12',
    what: 'a longer prefix leads elsewhere',
    severity: 'fault',
    subject: 'br0',
    breaks: ['ip route add 10.7.0.2/32 dev up0'],
    repairs: ['ip route del 10.7.0.2/32 dev up0'],
    lost: `host 10.7.0.2`,
  },
  {
    id: 'F14',
    what: 'the uplink takes less than the nodes send',
    severity: 'risk',
    subject: 'br0',
    breaks: ['ip link set up0 mtu 1400'],
    repairs: ['ip link set up0 mtu 1500'],
  },
  {
    id: 'F14',
    what: 'one pair takes less than the others',
    severity: 'fault',
    subject: 'v2',
    breaks: ['ip link set v2 mtu 1400', 'n2: ip link set eth0 mtu 1400'],
    repairs: ['ip link set v2 mtu 1500', 'n2: ip link set eth0 mtu 1500'],
  },
  {
    id: 'F18',
    what: 'a port was taken off its bridge',
    severity: 'fault',
    subject: 'v1',
    breaks: ['ip link set v1 nomaster'],
    repairs: ['ip link set v1 master br0'],
    lost: 'n1 10.7.0.1',
  },
  {
    id: 'F19',
    what: 'the bridge is down',
    severity: 'fault',
    subject: 'br0',
    breaks: ['ip link set br0 down'],
    repairs: ['ip link set br0 up'],
    lost: 'n1 10.7.0.1',
  },
  {
    id: 'F19',
    what: 'the bridge lost its address',
    severity: 'fault',
    subject: 'br0',
    breaks: ['ip addr del 10.7.0.1/24 dev br0'],
    repairs: ['ip addr add 10.7.0.1/24 dev br0'],
    lost: 'n1 10.7.0.1',
  },
  {
    id: 'F20',
    what: 'two nodes have one address',
    severity: 'fault',
    subject: '10.7.0.2',
    breaks: ['n2: ip addr add 10.7.0.2/24 dev eth0'],
    repairs: ['n2: ip addr del 10.7.0.2/24 dev eth0'],
  },
  {
    id: 'F20',
    what: 'two nodes have one MAC',
    severity: 'fault',
    subject: '02:00:00:00:07:02',
    breaks: ['n2: ip link set eth0 address 02:00:00:00:07:02'],
    repairs: ['n2: ip link set eth0 address 02:00:00:00:07:03'],
  },
  {
    id: 'F25',
    what: 'a node cannot reach its own published port: no translation of what it sends to itself',
    severity: 'note',
    subject: 'v2',
    breaks: ['iptables -t nat -D POSTROUTING -s 10.7.0.3/32 -d 10.7.0.3/32 -p tcp --dport 80 -j MASQUERADE'],
    repairs: ['iptables -t nat -A POSTROUTING -s 10.7.0.3/32 -d 10.7.0.3/32 -p tcp --dport 80 -j MASQUERADE'],
  },
  {
    id: 'F35',
    what: 'a node has no default route',
    severity: 'note',
    subject: 'n1',
    breaks: ['n1: ip route del default'],
    repairs: ['n1: ip route add default via 10.7.0.1'],
    lost: `n1 ${outside}`,
  },
  {
    id: 'F37',
    what: 'a destination NAT takes transit traffic',
    severity: 'risk',
    subject: /^PREROUTING \d$/,
    breaks: ['iptables -t nat -A PREROUTING -p tcp --dport 443 -j DNAT --to-destination 10.7.0.3:80'],
    repairs: ['iptables -t nat -D PREROUTING -p tcp --dport 443 -j DNAT --to-destination 10.7.0.3:80'],
  },
  {
    id: 'F38',
    what: 'a rule after the RETURN of DOCKER-USER',
    severity: 'risk',
    subject: 'DOCKER-USER 2',
    breaks: ['iptables -A DOCKER-USER -s 203.0.113.9/32 -j DROP'],
    repairs: ['iptables -D DOCKER-USER -s 203.0.113.9/32 -j DROP'],
  },
]

/** Two nodes behind a bridge, one of them published, and an uplink: healthy. */
export function buildLab(host: TestHost): void {
  host.ip('netns add n1', 'netns add n2', 'netns add outside')
  host.ip(
    'link set lo up',
    'link add br0 type bridge',
    'link set br0 up',
    'addr add 10.7.0.1/24 dev br0',
    'link add v1 type veth peer name eth0 netns n1',
    'link add v2 type veth peer name eth0 netns n2',
    'link add up0 type veth peer name eth0 netns outside',
    'link set v1 master br0 up',
    'link set v2 master br0 up',
    'link set up0 up',
    'addr add 198.51.100.2/24 dev up0',
    'route add default via 198.51.100.1',
  )
  for (const [node, own] of [
    ['n1', 2],
    ['n2', 3],
  ] as const) {
    const lines = [
      'link set lo up',
      `link set eth0 address 02:00:00:00:07:0${own} up`,
      `addr add 10.7.0.${own}/24 dev eth0`,
      'route add default via 10.7.0.1',
    ]
    host.run(['ip', '-n', node, '-batch', '-'], { input: `${lines.join('\n')}\n` })
  }
  host.run(['ip', '-n', 'outside', '-batch', '-'], {
    input: `link set lo up\nlink set eth0 up\naddr add ${outside}/24 dev eth0\n`,
  })
  for (const line of [
    'sysctl -qw net.ipv4.ip_forward=1',
    'iptables -t nat -A POSTROUTING -s 10.7.0.0/24 ! -o br0 -j MASQUERADE',
    'iptables -t nat -A PREROUTING -p tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 10.7.0.3:80',
    'iptables -t nat -A POSTROUTING -s 10.7.0.3/32 -d 10.7.0.3/32 -p tcp --dport 80 -j MASQUERADE',
    'bridge link set dev v2 hairpin on',
    'iptables -P FORWARD DROP',
    'iptables -N DOCKER-USER',
    'iptables -A DOCKER-USER -j RETURN',
    'iptables -A FORWARD -j DOCKER-USER',
    'iptables -A FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    'iptables -A FORWARD -o br0 -p tcp --dport 80 -j ACCEPT',
    // Where br_netfilter is loaded, neighbours pass here too.
    'iptables -A FORWARD -i br0 -o br0 -j ACCEPT',
    'iptables -A FORWARD -i br0 ! -o br0 -j ACCEPT',
  ])
    host.run(line.split(' '))
}

/** A server in n2 that takes what is published; its pid as the host numbers it. */
export async function serve(host: TestHost, address: string): Promise<string> {
  const program = `import os, socket, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('${address}', 80))
s.listen()
print(os.getpid(), flush=True)
time.sleep(1000)`
  return (await host.start(['ip', 'netns', 'exec', 'n2', 'python3', '-c', program])).trim()
}

/** One of a fault's command lines. */
export function runLine(host: TestHost, line: string): void {
  const [, node, command] = /^(?:(\w+): )?(.*)$/.exec(line) ?? []
  const words = command?.split(' ') ?? []
  host.run(node === undefined ? words : ['ip', 'netns', 'exec', node, ...words])
}

export function repair(host: TestHost, fault: Fault): void {
  for (const line of fault.repairs) runLine(host, line)
  // A bridge that went down, or lost its address, took the host's own default route with it.
  if (fault.id === 'F19') runLine(host, 'ip route replace default via 198.51.100.1')
}
