/** A host with as many rules as a large node of a cluster has, in the mix that Docker and kube-proxy leave there. */
import { playHost, type TestHost } from '../support/host.ts'

/** `count` rules in all, give or take a few. */
export async function rulesHost(count: number): Promise<TestHost> {
  const host = await playHost('bench-rules')
  host.ip('link add br0 type bridge', 'addr add 10.0.0.1/16 dev br0', 'link set br0 up')
  for (const name of ['web', 'db']) {
    host.ip(
      `netns add ${name}`,
      `link add ${name} type veth peer name eth0 netns ${name}`,
      `link set ${name} master br0 up`,
    )
  }
  host.run(['iptables-restore'], { input: rules(count) })
  return host
}

function rules(count: number): string {
  const published = Math.floor(count / 3)
  const services = Math.floor(count / 30)
  const lines = ['*nat', ':PREROUTING ACCEPT [0:0]', ':POSTROUTING ACCEPT [0:0]', ':DOCKER - [0:0]']
  for (let n = 0; n < services; n++) lines.push(`:KUBE-SVC-${n} - [0:0]`)
  lines.push('-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER')
  lines.push('-A POSTROUTING -s 10.0.0.0/16 ! -o br0 -j MASQUERADE')
  for (let n = 0; n < published; n++) {
    lines.push(`-A DOCKER ! -i br0 -p tcp -m tcp --dport ${1024 + n} -j DNAT --to-destination ${node(n)}:80`)
  }
  for (let n = 0; n < services; n++) {
    lines.push(
      `-A PREROUTING -d 10.96.${n >> 8}.${n & 255}/32 -p tcp -m comment --comment "default/web-${n}" -m tcp --dport 80 -j KUBE-SVC-${n}`,
    )
    for (let end = 0; end < 9; end++) {
      lines.push(
        `-A KUBE-SVC-${n} -m statistic --mode random --probability 0.11 -j DNAT --to-destination ${node(n * 9 + end)}`,
      )
    }
  }
  lines.push('COMMIT', '*filter', ':FORWARD DROP [0:0]', ':DOCKER - [0:0]')
  lines.push('-A FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT')
  lines.push('-A FORWARD -o br0 -j DOCKER', '-A FORWARD -i br0 ! -o br0 -j ACCEPT')
  for (let n = 0; n < count - published - services * 10; n++) {
    lines.push(`-A DOCKER -d ${node(n)}/32 ! -i br0 -o br0 -p tcp -m tcp --dport 80 -j ACCEPT`)
  }
  lines.push('COMMIT', '')
  return lines.join('\n')
}

/** Pods of other nodes, too. */
function node(n: number): string {
  return `10.244.${(n >> 8) & 255}.${n & 255}`
}
