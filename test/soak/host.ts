/** The host that is soaked: namespaces on a bridge, rules that translate, and one link with traffic all the while. */
import type { TestHost } from '../support/host.ts'
import { hostOf } from '../bench/hosts.ts'

/** Its link is left alone by the churn: the chart of it never rests. */
export const loaded = 'load0'

const rules = `
table ip soak {
  chain prerouting { type nat hook prerouting priority -100; udp dport 5353 dnat to 10.99.0.2:53
  }
  chain input { type filter hook input priority 0; ct state invalid drop
  }
  chain changing {
  }
}
`

export async function soakHost(namespaces: number): Promise<TestHost> {
  const host = await hostOf(namespaces)
  host.ip(
    'link set lo up',
    `netns add ${loaded}`,
    `link add vload type veth peer name eth0 netns ${loaded}`,
    'addr add 10.99.0.1/24 dev vload',
    'link set vload up',
  )
  host.run(['ip', '-n', loaded, '-batch', '-'], {
    input:
      'link set lo up\naddr add 10.99.0.2/24 dev eth0\nlink set eth0 up\nroute add default via 10.99.0.1\n',
  })
  host.run(['nft', '-f', '-'], { input: rules })
  // Seconds: connections come and go while one looks.
  host.run(['sysctl', '-qw', 'net.netfilter.nf_conntrack_udp_timeout=3'])
  host.spawn(['ip', 'netns', 'exec', loaded, 'ping', '-q', '-i', '0.02', '-s', '1000', '10.99.0.1'])
  return host
}

/** Names of the namespaces in /run/netns. */
export function named(host: TestHost): readonly string[] {
  return host.run(['ls', '/run/netns']).split('\n').filter(Boolean)
}
