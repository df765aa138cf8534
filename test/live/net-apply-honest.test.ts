/**
 * The World as a plan is thought to leave it (src/change/file/world-after.ts), held against a real host: each part of a file is planned on
 * both, and really made, before the next one is.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { partByPart } from './support-net-apply.ts'

const tools = ['ip', 'bridge', 'nft', 'iptables', 'ip6tables', 'sysctl', 'nsenter', 'conntrack']

/** A way out, a bridge of somebody else, namespaces, and rules that drop what is forwarded. */
const surroundings = `
ip link add up0 type veth peer name up1
ip addr add 198.51.100.1/24 dev up0
ip addr add 2001:db8:1::1/64 dev up0 nodad
ip link set up0 up
ip link set up1 up
ip route add default via 198.51.100.9
ip link add old0 type bridge
ip addr add 10.66.0.1/24 dev old0
ip link set old0 up
ip netns add left
ip netns add right
iptables -P FORWARD DROP
iptables -N DOCKER-USER
iptables -I FORWARD -j DOCKER-USER
iptables -A DOCKER-USER -j RETURN
ip6tables -P FORWARD DROP
`

const first = `
vethscope: 1
networks:
  lab0: {subnets: [10.7.0.0/24, {subnet: "fd00:7::/64", gateway: "fd00:7::9"}], mtu: 1400}
  inner: {internal: true, icc: false}
  on-old: {bridge: old0}
  far:
    driver: vxlan
    subnets: [{subnet: 10.77.0.0/24, ip_range: 10.77.0.128/25}]
    vxlan: {vni: 42, local: 198.51.100.1, remotes: [198.51.100.7, 198.51.100.8]}
  mv: {driver: macvlan, parent: up1, subnets: [{subnet: 10.55.0.0/24, gateway: 10.55.0.254}], mode: private}
nodes:
  web:
    networks: [lab0, {name: inner, aliases: [w1, w2]}]
    ports: ["8080:80", "127.0.0.1:5353:53/udp", "9000-9001:90-91"]
  db:
    networks: [{name: inner, links: ["web:front"]}, {name: lab0, ip: 10.7.0.2, mac: "02:11:11:11:11:11"}]
    ports: ["198.51.100.1:7000:70"]
  o: {networks: [on-old]}
  f: {networks: [far, mv], hosts: {remote1: 10.77.0.3}}
  beside: {mode: "container:web"}
  above: {mode: host}
links:
- ends: [{in: left, name: a0, addresses: [10.44.0.1/30]}, {in: right, name: b0, addresses: [10.44.0.2/30, "fd44::2/64"]}]
  mtu: 1300
- ends: [{in: beside, name: x0}, {in: right, name: x1}]
`

const second = `
vethscope: 1
networks:
  lab0: {subnets: [10.7.1.0/24], mtu: 1300}
  inner: {icc: true}
  extra: {ipv6: true}
nodes:
  web: {networks: [extra, {name: inner, aliases: [w1, w3]}], ports: ["8080:80", "8443:443"]}
  db: {networks: [{name: inner, links: ["web:front"]}], routes: [{to: 10.123.0.0/16, via: 172.17.0.9}]}
  f: {networks: [lab0], hosts: {there: 10.0.0.9}}
  beside: {mode: "container:web"}
  new: {mode: none}
links:
- ends: [{in: left, name: a0, addresses: [10.44.0.1/30, 10.44.9.1/24]}, {in: right, name: b0, addresses: ["fd44::2/64"]}]
`

if (requires({ root: true, tools })) {
  let host: TestHost
  beforeAll(async () => {
    host = await playHost()
    host.run(['sh', '-ec', surroundings])
  }, 60_000)
  afterAll(() => host.end())

  const held = async (text: string, how: { readonly remove?: boolean; readonly replace?: boolean } = {}) => {
    const read = readNetworkFile(text, 'lab.yaml')
    if (!read.ok) throw new Error(read.failure.what)
    return partByPart(host, { kind: 'net-apply', file: read.value, remove: false, ...how })
  }

  test.each([
    ['made', first, {}, 16],
    ['changed and made again', second, { replace: true }, 10],
    ['and taken away', second, { remove: true }, 5],
    ['with the rest', first, { remove: true }, 5],
  ] as const)('%s', { timeout: 400_000 }, async (_, text, how, least) => {
    const { parts, steps, differing } = await held(text, how)
    expect(differing).toEqual([])
    expect(parts).toBeGreaterThanOrEqual(least)
    expect(steps).toBeGreaterThan(parts)
  })
}
