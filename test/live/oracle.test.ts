/**
 * Two readers that share no code but the model: netlink bytes of ours, and iproute2's own parser. On hosts with
 * everything this kernel can make, both must say the same in the fields of oracle-fields.ts.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { demo } from '../../fixtures/record/demo.ts'
import { macvlanVxlan } from '../../fixtures/record/macvlan-vxlan.ts'
import type { Scenario } from '../../fixtures/record/scenario.ts'
import { threeBridges } from '../../fixtures/record/three-bridges.ts'
import { vethPairs } from '../../fixtures/record/veth-pairs.ts'
import { displayName } from '../../src/derive/netns-name.ts'
import { peers, type Peer } from '../../src/derive/peers.ts'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { bundle } from '../support/bundle.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { comparable } from './oracle-fields.ts'

const readBoth = `
import { readWorld } from './src/collect/collector.ts'
const of = async (reader) => {
  const read = await readWorld({ reader, details: true })
  if (!read.ok) throw new Error(read.failure.what)
  return read.value
}
process.stdout.write(JSON.stringify([await of('netlink'), await of('ip'), await of('netlink')]), () => process.exit(0))
`

const odds: Scenario = {
  name: 'odds',
  hostName: 'odds',
  raw: 'all',
  build: (host) => {
    host.ip(
      'tuntap add tap0 mode tap',
      'tuntap add tun0 mode tun user 54321 multi_queue',
      'link add ifb7 type ifb',
      'link set ifb7 up',
      'addr add 10.40.0.1 peer 10.40.0.2/32 dev ifb7',
      'addr add 10.41.0.1/24 broadcast + dev ifb7 label ifb7:0 valid_lft 3600 preferred_lft 1800',
      'addr add fd00:41::1/64 dev ifb7 nodad',
      'addr add fd00:44::1/64 dev ifb7 nodad noprefixroute',
      'addr add fd00:42::1/64 dev ifb7 nodad preferred_lft 0',
      'route add 10.60.0.0/16 dev ifb7 src 10.41.0.1 metric 5 mtu 1400 advmss 1300',
      'route add 10.61.0.0/16 proto static nexthop via 10.41.0.2 dev ifb7 weight 3 nexthop via 10.41.0.3 dev ifb7',
      'route add unreachable 10.62.0.0/16',
      'route add prohibit 10.63.0.0/16 table 77',
      'route add throw 10.64.0.0/16 table 77',
      'route add 10.65.0.0/16 via inet6 fd00:41::9 dev ifb7',
      'route add 10.66.0.0/16 tos 0x10 via 10.41.0.4 dev ifb7',
      'route add fd00:60::/64 via fd00:41::9 dev ifb7 metric 33',
      'route add fd00:61::/64 nexthop via fd00:41::2 dev ifb7 nexthop via fd00:41::3 dev ifb7',
      'route add blackhole fd00:62::/64',
      'nexthop add id 10 via 10.41.0.7 dev ifb7',
      'nexthop add id 11 via 10.41.0.8 dev ifb7',
      'nexthop add id 12 group 10,3/11,1',
      'nexthop add id 13 blackhole',
      'route add 10.70.0.0/16 nhid 10',
      'route add 10.71.0.0/16 nhid 12',
      'rule add from 10.1.0.0/16 to 10.2.0.0/16 iif ifb7 fwmark 0x5/0xff lookup 77 priority 100',
      'rule add not from 10.3.0.0/16 lookup main suppress_prefixlength 0 priority 101',
      'rule add ipproto tcp sport 1000-2000 dport 443 prohibit priority 102',
      'rule add uidrange 1000-2000 blackhole priority 103',
      'rule add goto 32766 priority 104',
      'neigh add 10.41.0.2 lladdr 02:00:00:00:41:02 dev ifb7 nud permanent',
      'neigh add fd00:41::2 lladdr 02:00:00:00:41:02 dev ifb7 router nud permanent',
      'neigh add proxy 10.41.0.77 dev ifb7',
    )
    host.run(['ip', '-6', 'rule', 'add', 'to', 'fd00:5::/64', 'lookup', '77', 'priority', '99'])
  },
}

/** Links whose outer packets travel in another namespace than theirs, on a device there or on none. */
const away: Scenario = {
  name: 'away from their device',
  hostName: 'away',
  raw: 'all',
  build: (host) => {
    host.ip(
      'netns add few',
      'netns add many',
      'netns add later',
      // Its ifindex 2 is another one than the host's.
      'link add low type veth peer name eth0 netns many',
      'link add br0 type bridge',
      'link add vx-here type vxlan id 1 dstport 4801 dev low',
      'link add vx-low type vxlan id 2 dstport 4802 dev low',
      'link add vx-br type vxlan id 3 dstport 4803 dev br0',
      'link add vx-none type vxlan id 4 dstport 4804 remote 10.9.0.9',
      'link add vx-ext type vxlan external dstport 4805',
      'link add mv0 link br0 type macvlan mode bridge',
      'link set vx-low netns many',
      'link set vx-br netns few',
      'link set vx-none netns many',
      'link set vx-ext netns few',
      'link set mv0 netns few',
      // From one foreign namespace into the next: the device stays where it was.
      'link add vx-far type vxlan id 6 dstport 4806 dev br0',
      'link set vx-far netns few',
    )
    host.run(['ip', '-n', 'few', 'link', 'set', 'vx-far', 'netns', 'later'])
  },
}

describe.runIf(requires({ root: true, tools: ['ip', 'bridge', 'nsenter'] }))(
  'netlink and iproute2 agree',
  () => {
    let host: TestHost | null = null
    afterEach(() => host?.end())

    test.each([vethPairs, threeBridges, macvlanVxlan, demo, odds, away])('$name', async (scenario) => {
      host = await playHost(scenario.hostName)
      await scenario.build(host)
      await quiet(host)
      const said = host.run([process.execPath, await bundle(readBoth)])
      const [netlink, ip, again] = JSON.parse(said) as [World, World, World]

      expect(ip.netns.map((each) => each.id).sort()).toEqual(netlink.netns.map((each) => each.id).sort())
      let compared = 0
      for (const ours of netlink.netns) {
        const theirs = ip.netns.find((each) => each.id === ours.id)
        const later = again.netns.find((each) => each.id === ours.id)
        if (theirs === undefined || later === undefined) throw new Error(`${ours.id} is missing`)
        const [expected, before, after] = [theirs, ours, later].map((each) => comparable(each))
        for (const table of Object.keys(expected ?? {})) {
          // A table that moved between the two netlink reads says nothing about the readers.
          if (JSON.stringify(before?.[table]) !== JSON.stringify(after?.[table])) continue
          expect({ netns: displayName(ours), [table]: before?.[table] }).toEqual({
            netns: displayName(ours),
            [table]: expected?.[table],
          })
          compared += listOf(expected?.[table] ?? []).length
        }
        compareDetails(ours, theirs)
      }
      expect(compared).toBeGreaterThan(20)
      // `ip` cannot resolve each nsid (parse-tables.ts), and a lower device has no back pointer. Veth pairs have.
      const exact = pairsOf(netlink)
      expect(exact.filter((pair) => pair.includes('unknown'))).toEqual([])
      expect(exact).toEqual(
        expect.arrayContaining(pairsOf(ip).filter((pair) => !pair.includes('lower unknown'))),
      )
    })
  },
)

function compareDetails(ours: Netns, theirs: Netns): void {
  expect(isUnknown(ours.details?.sysctls)).toBe(false)
  expect(theirs.details?.sysctls).toEqual(ours.details?.sysctls)
}

function pairsOf(world: World): readonly string[] {
  const index = peers(world.netns)
  const say = (peer: Peer) =>
    peer === null ? 'none' : 'unknown' in peer ? `unknown ${peer.unknown}` : `${peer.netns}/${peer.ifindex}`
  return world.netns
    .flatMap((netns) =>
      listOf(netns.links).map(
        ({ ifindex }) =>
          `${netns.id}/${ifindex} peer ${say(index.peerOf(netns.id, ifindex))} lower ${say(index.lowerOf(netns.id, ifindex))}`,
      ),
    )
    .sort()
}

/** Until no address is tentative and no bridge port is on its way. */
async function quiet(host: TestHost): Promise<void> {
  const look = 'ip -d addr; for n in $(ls /run/netns); do ip -n $n -d addr; done'
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    if (!/tentative|state (listening|learning)/.test(host.run(['sh', '-c', look]))) return
    await new Promise((done) => setTimeout(done, 100))
  }
}
