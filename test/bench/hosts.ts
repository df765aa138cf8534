/** Hosts of a given size for the benchmark: namespaces on a bridge, the way Docker wires them. */
import { playHost, type TestHost } from '../support/host.ts'

/** A bridge takes 1,023 ports at most (BR_MAX_PORTS), so each bridge gets 250. */
const portsPerBridge = 250

export async function hostOf(namespaces: number): Promise<TestHost> {
  const host = await playHost('bench')
  const lines: string[] = []
  for (let n = 0; n < namespaces; n++) {
    const bridge = `br${Math.floor(n / portsPerBridge)}`
    const net = Math.floor(n / portsPerBridge)
    if (n % portsPerBridge === 0) {
      lines.push(
        `link add ${bridge} type bridge`,
        `addr add 10.${net}.0.1/16 dev ${bridge}`,
        `link set ${bridge} up`,
      )
    }
    lines.push(
      `netns add ns${n}`,
      `link add veth${n} type veth peer name eth0 netns ns${n}`,
      `link set veth${n} master ${bridge} up`,
    )
  }
  for (let at = 0; at < lines.length; at += 300) host.ip(...lines.slice(at, at + 300))
  for (let n = 0; n < namespaces; n++) {
    const net = Math.floor(n / portsPerBridge)
    const last = n % portsPerBridge
    host.run(['ip', '-n', `ns${n}`, '-batch', '-'], {
      input: [
        'link set lo up',
        'link set eth0 up',
        `addr add 10.${net}.1.${last + 1}/16 dev eth0`,
        `route add default via 10.${net}.0.1`,
        '',
      ].join('\n'),
    })
  }
  return host
}
