/** The bridge of a network: made, or, where it was there before, given the network's addresses. */
import type { Link } from '../../model/link.ts'
import { labMark } from '../../model/lab-words.ts'
import type { LabNetwork } from '../../model/lab.ts'
import type { Fact, Step, Touch } from '../../model/plan.ts'
import type { Spot } from '../at.ts'
import { ipv6SettingStep } from './link-setting.ts'
import { linkLocalOf } from '../made-mac.ts'

/**
 * `ipv6`: whether this kernel has it. All steps but the first have no inverse of their own: what they do goes with the
 * bridge.
 */
export function bridgeSteps(spot: Spot, network: LabNetwork, bridge: string, ipv6: boolean): readonly Step[] {
  const { at } = spot
  const path = [at, `link:${bridge}`]
  const is = (facts: NonNullable<Extract<Fact, { kind: 'link' }>['is']>): Fact => ({
    kind: 'link',
    at,
    name: bridge,
    there: true,
    is: facts,
  })
  const mark = `${labMark}:${network.name}`
  const mac = network.mac ?? ''
  const own = network.mtu === usualMtu ? [] : ['mtu', String(network.mtu)]
  return [
    {
      title: `make bridge ${bridge}`,
      // One message. With an address of its own (addr_assign_type 3) a bridge keeps it, whichever ports it gets, and udev
      // leaves it alone. With STP off its ports forward at once, whatever forward_delay says (br_make_forwarding).
      command: spot.ip('link', 'add', 'name', bridge, 'address', mac, 'type', 'bridge', 'stp_state', '0'),
      undo: [spot.ip('link', 'del', 'dev', bridge)],
      after: [is({ kind: 'bridge', lladdr: mac })],
      before: [{ kind: 'link', at, name: bridge, there: false }],
      touches: [{ path, how: 'add' }],
    },
    {
      title: `mark bridge ${bridge} as that of network ${network.name}${own.length === 0 ? '' : `, MTU ${network.mtu}`}`,
      // Not in the message that makes it: rtnl_create_link does not look at IFLA_IFALIAS, and an MTU from there is not kept
      // (only br_change_mtu sets BROPT_MTU_SET_BY_USER): it would follow the ports, and be 1500 without any.
      command: spot.ip(
        'link',
        'set',
        'dev',
        bridge,
        'alias',
        mark,
        ...own,
        ...(network.ipv6 ? noAutomatic : []),
      ),
      undo: [],
      after: [is({ alias: mark, mtu: network.mtu })],
      before: [is({ alias: null })],
      touches: [{ path, how: 'change', what: 'alias' }],
    },
    ...ipv6Steps(spot, network, bridge, ipv6),
    ...gatewaysOf(network).map((address) => ({ ...addressStep(spot, bridge, address), undo: [] })),
    {
      title: `set bridge ${bridge} up`,
      command: spot.ip('link', 'set', 'dev', bridge, 'up'),
      undo: [],
      after: [is({ up: true })],
      before: [is({ up: false })],
      touches: [{ path, how: 'change', what: 'up' }],
    },
  ]
}

/** Of a new bridge, and of one without ports. */
const usualMtu = 1500

/**
 * The kernel would make the link-local address when the first port has a carrier, and let it wait until nobody else claims it: it is
 * given by hand, so that it is there at once, and the bridge is the same before its first node and after its last.
 */
export const noAutomatic: readonly string[] = ['addrgenmode', 'none']

/** Before it is up. */
function ipv6Steps(spot: Spot, network: LabNetwork, bridge: string, ipv6: boolean): readonly Step[] {
  if (!ipv6) return []
  if (!network.ipv6) return [ipv6SettingStep(spot, bridge, 'disable_ipv6', '1', `turn IPv6 off on ${bridge}`)]
  return [
    ipv6SettingStep(spot, bridge, 'disable_ipv6', '0', `turn IPv6 on on ${bridge}`),
    // A node must not give the host routes by router advertisements.
    ipv6SettingStep(spot, bridge, 'accept_ra', '0', `take no routes from nodes by ${bridge}`),
    {
      ...addressStep(spot, bridge, `${linkLocalOf(network.mac ?? '')}/64`, 'a link-local address'),
      undo: [],
    },
  ]
}

/** One that was there before: addresses that it lacks, and up. */
export function existingBridgeSteps(
  spot: Spot,
  network: LabNetwork,
  bridge: Link,
  added: readonly string[],
): readonly Step[] {
  const up: Step = {
    title: `set bridge ${bridge.name} up`,
    command: spot.ip('link', 'set', 'dev', bridge.name, 'up'),
    undo: [spot.ip('link', 'set', 'dev', bridge.name, 'down')],
    after: [{ kind: 'link', at: spot.at, name: bridge.name, there: true, is: { up: true } }],
    before: [{ kind: 'link', at: spot.at, name: bridge.name, there: true, is: { up: false } }],
    touches: [{ path: [spot.at, `link:${bridge.name}`], how: 'change', what: 'up' }],
  }
  return [
    ...added.map((address) => addressStep(spot, bridge.name, address)),
    ...(bridge.flags.includes('UP') ? [] : [up]),
  ]
}

/** With length: `172.19.0.1/16`. */
export function gatewaysOf({ subnets }: LabNetwork): readonly string[] {
  return subnets.flatMap(({ subnet, gateway }) =>
    gateway === null ? [] : [`${gateway}/${subnet.split('/')[1] ?? ''}`],
  )
}

function addressStep(spot: Spot, bridge: string, address: string, what = "the gateway's address"): Step {
  // Nobody else has it: it must not wait until that is proven (duplicate address detection takes a second and more).
  const how = address.includes(':') ? ['nodad'] : ['broadcast', '+']
  const fact = { kind: 'address', at: spot.at, link: bridge, address } as const
  const touch: Touch = { path: [spot.at, `link:${bridge}`, `address:${address}`], how: 'add' }
  return {
    title: `give ${bridge} ${what} ${address}`,
    command: spot.ip('address', 'add', address, ...how, 'dev', bridge),
    undo: [spot.ip('address', 'del', address, 'dev', bridge)],
    after: [{ ...fact, there: true }],
    before: [{ ...fact, there: false }],
    touches: [touch],
  }
}
