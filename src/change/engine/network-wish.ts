/** What makes a network: of an intent, or of one that is there, so that the same can be made again. */
import { sanitise } from '../../lib/sanitise.ts'
import type { EngineNetwork } from '../../model/engine.ts'
import type { IntentOf } from '../../model/intent.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import type { NetworkWish } from './dialect.ts'
import type { AskedEngine } from './engine-of.ts'

const usualIpam = { driver: 'default', options: {} } as const

export function wishOf(intent: IntentOf<'engine-net-create'>): NetworkWish {
  const { name, driver, ipv6, internal, attachable, ingress, options, labels } = intent
  return {
    name,
    driver,
    ipv6,
    internal,
    attachable,
    ingress,
    options,
    labels,
    subnets: intent.subnets.map(({ subnet, gateway, ipRange, auxAddresses }) => ({
      subnet,
      gateway: gateway ?? null,
      ipRange: ipRange ?? null,
      auxAddresses,
    })),
    ipam: usualIpam,
    configOnly: false,
    configFrom: null,
  }
}

/** Refused where not all of it is known, or what it was made from is gone. */
export function wishAgain({ kind, networks }: AskedEngine, network: EngineNetwork): Planned<NetworkWish> {
  const { name, driver, subnets, ipv6, internal, options, labels, made, bridge, parent } = network
  const shown = `network ${sanitise(name)}`
  if (made === undefined)
    return refused(refusal(name, `the engine did not tell all that ${shown} was made of`))
  const {
    configFrom,
    ipamDriver,
    ipamOptions,
    configOnly,
    attachable,
    ingress,
    ipv4,
    dns,
    dnsServers,
    routes,
  } = made
  if (configFrom !== null && !networks.some((each) => each.name === configFrom))
    return refused(
      refusal(name, `${shown} was made from configuration ${sanitise(configFrom)}, which is gone`),
    )
  return planned({
    name,
    driver,
    subnets: subnets.map(({ subnet, gateway, ipRange, auxAddresses }) => ({
      subnet,
      gateway,
      ipRange: ipRange ?? null,
      auxAddresses: auxAddresses ?? {},
    })),
    ipv6,
    internal,
    attachable,
    ingress,
    ipam: { driver: ipamDriver, options: ipamOptions },
    configOnly,
    configFrom,
    options,
    labels,
    ...(kind === 'podman' ? { link: bridge ?? parent } : {}),
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(dns === undefined ? {} : { dns }),
    ...(dnsServers === undefined ? {} : { dnsServers }),
    ...(routes === undefined ? {} : { routes }),
  })
}
