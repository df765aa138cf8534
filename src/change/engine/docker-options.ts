/** Docker's own options of networks: what their values may be, and since when it knows them. What it does not know it leaves out silently. */
import { dockerOptions } from '../../model/docker-options.ts'
import { parseIp } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { checkLinkName, checkMtu } from '../names.ts'
import type { NetworkWish } from './dialect.ts'
import { isAtLeast } from './engine-version.ts'

export const gatewayModes = ['nat', 'nat-unprotected', 'routed', 'isolated'] as const
export const macvlanModes = ['bridge', 'private', 'vepa', 'passthru'] as const
export const ipvlanModes = ['l2', 'l3', 'l3s'] as const

type Version = readonly [major: number, minor: number]

type Option = {
  /** On the command line where it is a switch there: how it is called in a refusal. */
  readonly switch?: string
  readonly drivers: readonly string[]
  readonly since?: Version
  /** Why the value cannot be; null: it can. */
  readonly wrong: (value: string, wish: NetworkWish) => string | null
  /** Values that came later than the option. */
  readonly later?: Readonly<Record<string, Version>>
}

const modeValues = {
  drivers: ['bridge'],
  since: [27, 0],
  later: { 'nat-unprotected': [28, 0], isolated: [28, 0] },
  wrong: (value, { internal }) =>
    value === 'isolated' && !internal ? 'it goes with --internal only' : oneOf(gatewayModes)(value),
} as const satisfies Option

const known: { readonly [name: string]: Option } = {
  [dockerOptions.bridge]: {
    switch: '--bridge',
    drivers: ['bridge'],
    wrong: (value) => checkLinkName(value)?.what ?? null,
  },
  [dockerOptions.icc]: { switch: '--icc', drivers: ['bridge'], wrong: bool },
  [dockerOptions.masquerade]: { switch: '--ip-masq', drivers: ['bridge'], wrong: bool },
  [dockerOptions.hostBinding]: {
    switch: '--host-binding',
    drivers: ['bridge'],
    wrong: (value) => (parseIp(value)?.family === 'inet' ? null : 'it is an IPv4 address of this host'),
  },
  [dockerOptions.gatewayMode]: { switch: '--gateway-mode', ...modeValues },
  [dockerOptions.gatewayMode6]: { switch: '--gateway-mode-6', ...modeValues },
  [dockerOptions.trusted]: {
    switch: '--trusted-host-interfaces',
    drivers: ['bridge'],
    since: [28, 2],
    wrong: (value) =>
      value
        .split(':')
        .map((each) => checkLinkName(each)?.what ?? null)
        .find((each) => each !== null) ?? null,
  },
  [dockerOptions.inhibitIp]: { drivers: ['bridge'], wrong: bool },
  [dockerOptions.hostIp]: {
    drivers: ['bridge'],
    since: [23, 0],
    wrong: (value) => (parseIp(value)?.family === 'inet' ? null : 'it is an IPv4 address'),
  },
  [dockerOptions.hostIp6]: {
    drivers: ['bridge'],
    since: [25, 0],
    wrong: (value) => (parseIp(value)?.family === 'inet6' ? null : 'it is an IPv6 address'),
  },
  [dockerOptions.mtu]: {
    switch: '--mtu',
    drivers: ['bridge', 'overlay'],
    wrong: (value) => (/^\d{1,8}$/.test(value) ? (checkMtu(Number(value))?.what ?? null) : 'it is a number'),
  },
  [dockerOptions.parent]: { switch: '--parent', drivers: ['macvlan', 'ipvlan'], wrong: parent },
  [dockerOptions.macvlanMode]: { switch: '--mode', drivers: ['macvlan'], wrong: oneOf(macvlanModes) },
  [dockerOptions.ipvlanMode]: { switch: '--mode', drivers: ['ipvlan'], wrong: oneOf(ipvlanModes) },
  [dockerOptions.vxlanIds]: {
    drivers: ['overlay'],
    wrong: (value) =>
      /^\d{1,8}(,\d{1,8})*$/.test(value) ? null : 'it is a list of VXLAN numbers, 4097,4098',
  },
}

/** Drivers that Docker brings along; others are plugins with options of their own. */
const drivers: readonly string[] = ['bridge', 'macvlan', 'ipvlan', 'overlay']

/** What the engine of this version does not have, or would take and do nothing with. */
export function unknownToDocker(wish: NetworkWish, version: string | null): readonly string[] {
  return Object.entries(wish.options).flatMap(([name, value]) => {
    const { [name]: option } = known
    if (option === undefined || !drivers.includes(wish.driver)) return []
    const shown = option.switch ?? `option ${name}`
    if (!option.drivers.includes(wish.driver))
      return [`${shown} is of driver ${option.drivers.join(' and ')}, not ${sanitise(wish.driver)}`]
    const since = newest(option.since, option.later?.[value])
    if (since !== undefined && !isAtLeast(version, ...since)) {
      const what = option.later?.[value] === undefined ? shown : `${shown} ${value}`
      return [
        `Docker ${version ?? 'of an unknown version'} does not know ${what}: it came with Docker ${since.join('.')}`,
      ]
    }
    const wrong = option.wrong(value, wish)
    return wrong === null ? [] : [`${shown} cannot be "${sanitise(value)}": ${wrong}`]
  })
}

/** Options of Docker's that nobody here knows: it takes any. */
export function unheardOf({ options, driver }: NetworkWish): readonly string[] {
  if (!drivers.includes(driver)) return []
  return Object.keys(options).filter((name) => name.startsWith('com.docker.') && !(name in known))
}

function newest(a: Version | undefined, b: Version | undefined): Version | undefined {
  return b ?? a
}

function bool(value: string): string | null {
  // As strconv.ParseBool of Go takes it.
  return /^(?:1|t|true|0|f|false)$/i.test(value) ? null : 'it is true or false'
}

function oneOf(values: readonly string[]): (value: string) => string | null {
  return (value) => (values.includes(value) ? null : `it is one of ${values.join(', ')}`)
}

/** `eth0`, or `eth0.10`: Docker makes the VLAN itself where it is not there. */
function parent(value: string): string | null {
  return checkLinkName(value)?.what ?? null
}
