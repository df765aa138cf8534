/** A network of Docker or Podman as a file asks for it, held against the one that is there. */
import { dockerOptions } from '../../model/docker-options.ts'
import { normalIp } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { EngineNetwork } from '../../model/engine.ts'
import type { IntentOf } from '../../model/intent.ts'
import type { FileNetwork } from '../../model/network-file.ts'
import type { EngineKind } from '../engine/engine-of.ts'
import { planned, refused, type Planned } from '../planner.ts'
import { says, type Difference } from './differences.ts'
import { subnetDifferences } from './lab-network-wants.ts'

export function engineNetworkIntent(
  name: string,
  network: FileNetwork,
  engine: EngineKind,
): Planned<IntentOf<'engine-net-create'>> {
  const { driver, subnets = [], vxlan, mac } = network
  const notOfEngine = [...(vxlan === undefined ? [] : ['vxlan']), ...(mac === undefined ? [] : ['mac'])]
  if (notOfEngine.length > 0)
    return refused(
      ...notOfEngine.map((what) => ({
        kind: 'usage' as const,
        what: `network ${sanitise(name)} of ${engine} cannot have ${what}: that is a lab's`,
        subject: name,
      })),
    )
  const swarmWide = network.swarm_wide ?? false
  if (swarmWide && driver !== 'overlay')
    return refused({
      kind: 'usage',
      what: `network ${sanitise(name)} of ${engine} cannot have swarm_wide: its driver is ${sanitise(driver)}, and only an overlay is on every host of a swarm`,
      subject: name,
      hint: 'driver: overlay',
    })
  return planned({
    kind: 'engine-net-create',
    engine,
    name,
    driver,
    subnets: subnets.map(({ subnet, gateway, ip_range, aux_addresses }) => ({
      subnet,
      auxAddresses: aux_addresses ?? {},
      ...(gateway === undefined ? {} : { gateway }),
      ...(ip_range === undefined ? {} : { ipRange: ip_range }),
    })),
    ipv6: network.ipv6 ?? subnets.some(({ subnet }) => subnet.includes(':')),
    internal: network.internal ?? false,
    attachable: network.attachable ?? false,
    ingress: false,
    options: { ...network.options, ...optionsOf(network) },
    labels: network.labels ?? {},
    swarmWide,
  })
}

/** By Docker's names, which Podman's dialect knows, too. */
function optionsOf({
  driver,
  icc,
  masquerade,
  mtu,
  bridge,
  parent,
  mode,
}: FileNetwork): Readonly<Record<string, string>> {
  return {
    ...(icc === undefined || icc ? {} : { [dockerOptions.icc]: 'false' }),
    ...(masquerade === undefined || masquerade ? {} : { [dockerOptions.masquerade]: 'false' }),
    ...(mtu === undefined ? {} : { [dockerOptions.mtu]: String(mtu) }),
    ...(bridge === undefined ? {} : { [dockerOptions.bridge]: bridge }),
    ...(parent === undefined ? {} : { [dockerOptions.parent]: parent }),
    ...(mode === undefined
      ? {}
      : { [driver === 'ipvlan' ? dockerOptions.ipvlanMode : dockerOptions.macvlanMode]: mode }),
  }
}

/** Options and labels that are not asked for may be there: engines, and what starts containers, add some of their own. */
export function engineNetworkDifferences(
  there: EngineNetwork,
  asked: IntentOf<'engine-net-create'>,
  file: FileNetwork,
): readonly Difference[] {
  const labels = Object.entries(asked.labels).flatMap(([name, value]) =>
    says(`label ${sanitise(name)}`, there.labels[name] ?? null, value),
  )
  return [
    ...says('driver', there.driver, asked.driver),
    ...subnetDifferences(there, file.subnets ?? [], asked.ipv6),
    ...(there.ipv6 === asked.ipv6 || file.subnets !== undefined ? [] : says('ipv6', there.ipv6, asked.ipv6)),
    ...auxDifferences(there, file),
    ...says('internal', there.internal, asked.internal),
    ...(there.made === undefined ? [] : says('attachable', there.made.attachable, asked.attachable)),
    ...optionDifferences(there, asked),
    ...labels,
  ]
}

function auxDifferences({ subnets }: EngineNetwork, file: FileNetwork): readonly Difference[] {
  return (file.subnets ?? []).flatMap(({ subnet, aux_addresses = {} }) => {
    const has = subnets.find((each) => each.subnet === subnet)?.auxAddresses ?? {}
    return Object.entries(aux_addresses).flatMap(([name, address]) =>
      says(`aux_addresses ${sanitise(name)}`, has[name] ?? null, normalIp(address) ?? address),
    )
  })
}

/** What Docker does where an option is not given; `null`: it chooses. */
const usual: Readonly<Record<string, string>> = {
  [dockerOptions.icc]: 'true',
  [dockerOptions.masquerade]: 'true',
  [dockerOptions.macvlanMode]: 'bridge',
  [dockerOptions.ipvlanMode]: 'l2',
}

function optionDifferences(
  there: EngineNetwork,
  { options, engine }: IntentOf<'engine-net-create'>,
): readonly Difference[] {
  const names = new Set([...Object.keys(options), dockerOptions.icc, dockerOptions.masquerade])
  return [...names].flatMap((name) => {
    const wanted = options[name] ?? usual[name] ?? null
    return says(labelOf(name), optionOf(there, name, engine) ?? usual[name] ?? null, wanted)
  })
}

function labelOf(name: string): string {
  const [key] = Object.entries(dockerOptions).find(([, option]) => option === name) ?? []
  return key === undefined ? `option ${sanitise(name)}` : key.replace(/^(mac|ip)vlanMode$/, 'mode')
}

/** Podman has other names for some, and keeps the link beside them. */
function optionOf(there: EngineNetwork, name: string, engine: EngineKind): string | null {
  const own = there.options[name]
  if (own !== undefined || engine === 'docker') return own ?? null
  if (name === dockerOptions.bridge) return there.bridge
  if (name === dockerOptions.parent) return there.parent
  const inPodman =
    name === dockerOptions.mtu
      ? 'mtu'
      : name === dockerOptions.macvlanMode || name === dockerOptions.ipvlanMode
        ? 'mode'
        : name
  return there.options[inPodman] ?? null
}
