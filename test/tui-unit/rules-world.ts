/** The host of worlds.ts with the rules that Docker writes for it, as `iptables-nft-save -c` prints them. */
import { parseIptablesSave } from '../../src/collect/firewall/parse-iptables-save.ts'
import type { Firewall, NfTable } from '../../src/model/ruleset.ts'
import type { World } from '../../src/model/world.ts'
import { container, endpoint, engine, network } from '../support/docker-world.ts'
import { netnsId } from '../../src/model/ids.ts'
import { dockerHost } from './worlds.ts'

/** `more`: of the one rule whose counters the tests let grow. */
export const saved = (more = 0): string => `*nat
:PREROUTING ACCEPT [3:180]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [12:840]
:POSTROUTING ACCEPT [12:840]
:DOCKER - [0:0]
[3:180] -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
[0:0] -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
[${15 + more}:${974 + 84 * more}] -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
[0:0] -A POSTROUTING -s 172.28.5.0/24 ! -o br-3d5350 -j MASQUERADE
[0:0] -A POSTROUTING -s 172.17.0.3/32 -d 172.17.0.3/32 -p tcp -m tcp --dport 80 -j MASQUERADE
[0:0] -A DOCKER -i docker0 -j RETURN
[0:0] -A DOCKER -i br-3d5350 -j RETURN
[1:60] -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80
COMMIT
*filter
:INPUT ACCEPT [120:20411]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [99:12000]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
[1432:1204411] -A FORWARD -j DOCKER-USER
[1432:1204411] -A FORWARD -j DOCKER-ISOLATION-STAGE-1
[700:1100000] -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
[6:360] -A FORWARD -o docker0 -j DOCKER
[15:974] -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
[0:0] -A FORWARD -i docker0 -o docker0 -j ACCEPT
[6:360] -A DOCKER -d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
[15:974] -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
[0:0] -A DOCKER-ISOLATION-STAGE-1 -i br-3d5350 ! -o br-3d5350 -j DOCKER-ISOLATION-STAGE-2
[1432:1204411] -A DOCKER-ISOLATION-STAGE-1 -j RETURN
[0:0] -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
[0:0] -A DOCKER-ISOLATION-STAGE-2 -o br-3d5350 -j DROP
[15:974] -A DOCKER-ISOLATION-STAGE-2 -j RETURN
[1432:1204411] -A DOCKER-USER -j RETURN
COMMIT
`

export function tablesOf(text: string): readonly NfTable[] {
  return parseIptablesSave(text, 'iptables-nft', 'ip').tables
}

export function withFirewall(world: World, firewall: Firewall | null): World {
  return {
    ...world,
    netns: world.netns.map((each) => (each.id === world.host ? { ...each, firewall } : each)),
  }
}

const none: Firewall = { generation: 7, tables: [], unread: [], ipsets: [], ipvs: [] }

/** redis123 and nginx1 are containers of an engine; nginx1 publishes its port 80 as 8080. */
export function dockerRules(fields: Partial<Firewall> = {}): World {
  const containers = [
    container('redis123', netnsId(201), { endpoints: [endpoint('bridge', '172.17.0.2/16')] }),
    container('nginx1', netnsId(202), { endpoints: [endpoint('bridge', '172.17.0.3/16')] }),
  ]
  const networks = [
    network('bridge', 'docker0', '172.17.0.0/16'),
    network('tomcat-net', 'br-3d5350', '172.28.5.0/24'),
  ]
  const world = dockerHost({ engines: [engine({ containers, networks, netns: netnsId(100) })] })
  return withFirewall(world, { ...none, tables: tablesOf(saved()), ...fields })
}
