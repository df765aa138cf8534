/** A lab's network as a file asks for it, held against the one that is there. */
import { normalIp } from '../../lib/ip.ts'
import { labDrivers } from '../../model/lab-words.ts'
import type { IntentOf } from '../../model/intent.ts'
import type { LabNetwork } from '../../model/lab.ts'
import type { FileNetwork } from '../../model/network-file.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { withOptions, type NetWish } from '../lab/network-options.ts'
import { networkOf } from '../names.ts'
import { planned, refused, type Planned } from '../planner.ts'
import { says, sameWords, type Difference } from './differences.ts'

export function labNetworkIntent(name: string, network: FileNetwork): Planned<IntentOf<'net-create'>> {
  const { driver, subnets = [], vxlan } = network
  const known = labDrivers.find((each) => each === driver)
  const notOfLab = [
    ...(known === undefined ? [`driver ${sanitise(driver)}: a lab has ${labDrivers.join(', ')}`] : []),
    ...(network.attachable === true ? ['attachable: that is Docker’s'] : []),
    ...(network.swarm_wide === true ? ['swarm_wide: that is Docker’s'] : []),
    ...(subnets.some(({ aux_addresses }) => aux_addresses !== undefined)
      ? ['aux_addresses: they are Docker’s']
      : []),
  ]
  if (known === undefined || notOfLab.length > 0) {
    return refused(
      ...notOfLab.map((what) => ({
        kind: 'usage' as const,
        what: `network ${sanitise(name)} of the lab cannot have ${what}`,
        subject: name,
        hint: 'engine: docker makes it a network of Docker’s',
      })),
    )
  }
  const { bridge, parent, mode, mtu, mac } = network
  return planned({
    kind: 'net-create',
    name,
    driver: known,
    subnets: subnets.map(({ subnet }) => subnet),
    gateways: subnets.flatMap(({ gateway }) => gateway ?? []),
    ipRanges: subnets.flatMap(({ ip_range }) => ip_range ?? []),
    remotes: vxlan?.remotes ?? [],
    internal: network.internal ?? false,
    ipv6: network.ipv6 ?? false,
    icc: network.icc ?? true,
    masquerade: network.masquerade ?? true,
    options: network.options ?? {},
    labels: network.labels ?? {},
    acceptInForeign: false,
    ...(bridge === undefined ? {} : { bridge }),
    ...(parent === undefined ? {} : { parent }),
    ...(mode === undefined ? {} : { mode }),
    ...(vxlan === undefined ? {} : { vni: vxlan.vni }),
    ...(vxlan?.local === undefined ? {} : { local: vxlan.local }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(mac === undefined ? {} : { mac }),
  })
}

/** What is not as it is asked for; what is not asked for may be as it is. */
export function labNetworkDifferences(
  there: LabNetwork,
  asked: IntentOf<'net-create'>,
  { subnets = [] }: FileNetwork,
): Planned<readonly Difference[]> {
  const wished = withOptions(asked)
  if (!wished.ok) return wished
  const wish = wished.value
  return planned([
    ...says('driver', there.driver, wish.driver),
    ...subnetDifferences(there, subnets, wish.ipv6),
    ...says('internal', there.internal, wish.internal),
    ...says('icc', there.icc, wish.icc),
    // What leaves macvlan and ipvlan passes no rule of this host: it is never on there, whatever is asked for.
    ...(there.driver === 'macvlan' || there.driver === 'ipvlan'
      ? []
      : says('masquerade', there.masquerade, wish.masquerade)),
    ...(wish.mtu === undefined ? [] : says('mtu', there.mtu, wish.mtu)),
    ...bridgeDifferences(there, wish),
    ...(wish.mac === undefined ? [] : says('mac', there.mac, wish.mac.toLowerCase())),
    ...(there.driver === 'vxlan' && wish.parent === undefined
      ? []
      : says('parent', there.parent, wish.parent ?? null)),
    ...says('mode', modeOf(there.driver, there.mode), modeOf(wish.driver, wish.mode ?? null)),
    ...says('vxlan.vni', there.vxlan?.vni ?? null, wish.vni ?? null),
    ...(wish.local === undefined
      ? []
      : says('vxlan.local', there.vxlan?.local ?? null, normalIp(wish.local))),
    ...says(
      'vxlan.remotes',
      sameWords(there.vxlan?.remotes ?? []),
      sameWords(wish.remotes.map((each) => normalIp(each) ?? each)),
    ),
    ...says('labels', pairs(there.labels), pairs(wish.labels)),
  ])
}

function modeOf(driver: string, mode: string | null): string | null {
  return driver === 'macvlan' ? (mode ?? 'bridge') : driver === 'ipvlan' ? (mode ?? 'l2') : mode
}

function bridgeDifferences(
  there: LabNetwork,
  { bridge, bridgeName, driver }: NetWish,
): readonly Difference[] {
  if (driver !== 'bridge' && driver !== 'vxlan') return []
  const own = there.ownsBridge ? null : there.bridge
  return [
    ...says('bridge', own, bridge ?? null),
    ...(bridgeName === null ? [] : says('the bridge’s name', there.bridge, bridgeName)),
  ]
}

type AskedSubnets = NonNullable<FileNetwork['subnets']>
type There = readonly {
  readonly subnet: string
  readonly gateway: string | null
  readonly ipRange?: string | null | undefined
}[]

export function subnetDifferences(
  { subnets }: { readonly subnets: There },
  asked: AskedSubnets,
  ipv6: boolean,
): readonly Difference[] {
  const wanted = asked.map((each) => ({ ...each, subnet: plain(each.subnet) }))
  const families = [
    ...new Set(['inet', ...(ipv6 ? ['inet6'] : []), ...wanted.map(({ subnet }) => familyOf(subnet))]),
  ]
  const extra = subnets.filter(
    ({ subnet }) =>
      !families.includes(familyOf(subnet)) ||
      (wanted.some((each) => familyOf(each.subnet) === familyOf(subnet)) &&
        wanted.every((each) => each.subnet !== subnet)),
  )
  const has = sameWords(subnets.map(({ subnet }) => subnet))
  const lacks = wanted.filter(({ subnet }) => subnets.every((each) => each.subnet !== subnet))
  const lacksFamily = families.filter((family) => subnets.every(({ subnet }) => familyOf(subnet) !== family))
  if (extra.length + lacks.length > 0)
    return says('subnets', has, sameWords(wanted.map(({ subnet }) => subnet)))
  if (lacksFamily.includes('inet6')) return says('ipv6', false, true)
  return wanted.flatMap(({ subnet, gateway, ip_range }) => {
    const there = subnets.find((each) => each.subnet === subnet)
    return [
      ...(gateway === undefined
        ? []
        : says(`gateway of ${subnet}`, there?.gateway ?? null, normalIp(gateway) ?? gateway)),
      ...(ip_range === undefined
        ? []
        : says(`ip_range of ${subnet}`, there?.ipRange ?? null, plain(ip_range))),
    ]
  })
}

function plain(text: string): string {
  const network = networkOf(text)
  return network.ok ? network.value.text : text
}

function familyOf(subnet: string): 'inet' | 'inet6' {
  return subnet.includes(':') ? 'inet6' : 'inet'
}

export function pairs(all: Readonly<Record<string, string>>): string {
  return sameWords(Object.entries(all).map(([name, value]) => `${name}=${value}`))
}
