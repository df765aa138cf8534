/** `--opt`: Docker's own names for what a lab network has under others. */
import { dockerOptions } from '../../model/docker-options.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { IntentOf } from '../../model/intent.ts'
import type { Failure } from '../../lib/failure.ts'
import { misuse, planned, refused, type Planned } from '../planner.ts'

/** What was asked for, with what options say at its place. */
export type NetWish = IntentOf<'net-create'> & {
  /** What the bridge that is made shall be called; null: after the network. */
  readonly bridgeName: string | null
}

type Driver = NetWish['driver']
type Option = {
  readonly drivers: readonly Driver[]
  /** A text: why the value cannot be. */
  readonly apply: (wish: NetWish, value: string) => NetWish | string
}

const bridged: readonly Driver[] = ['bridge', 'vxlan']

const known: { readonly [name: string]: Option } = {
  [dockerOptions.bridge]: {
    drivers: bridged,
    apply: (wish, value) =>
      wish.bridge === undefined || wish.bridge === value
        ? { ...wish, bridgeName: value }
        : `the network is to be on bridge ${sanitise(wish.bridge)}`,
  },
  [dockerOptions.icc]: {
    drivers: bridged,
    apply: (wish, value) => bool(value, (icc) => ({ ...wish, icc: wish.icc && icc })),
  },
  [dockerOptions.masquerade]: {
    drivers: bridged,
    apply: (wish, value) => bool(value, (is) => ({ ...wish, masquerade: wish.masquerade && is })),
  },
  [dockerOptions.mtu]: {
    drivers: ['bridge', 'vxlan', 'macvlan', 'ipvlan'],
    apply: (wish, value) => number(value, wish.mtu, (mtu) => ({ ...wish, mtu })),
  },
  [dockerOptions.vxlanIds]: {
    drivers: ['vxlan'],
    apply: (wish, value) => number(value, wish.vni, (vni) => ({ ...wish, vni })),
  },
  parent: {
    drivers: ['macvlan', 'ipvlan'],
    apply: (wish, value) => text(value, wish.parent, (parent) => ({ ...wish, parent })),
  },
  macvlan_mode: {
    drivers: ['macvlan'],
    apply: (wish, value) => text(value, wish.mode, (mode) => ({ ...wish, mode })),
  },
  ipvlan_mode: {
    drivers: ['ipvlan'],
    apply: (wish, value) => text(value, wish.mode, (mode) => ({ ...wish, mode })),
  },
}

export function withOptions(intent: IntentOf<'net-create'>): Planned<NetWish> {
  const refusals: Failure[] = []
  let wish: NetWish = { ...intent, bridgeName: null }
  for (const [name, value] of Object.entries(intent.options)) {
    const option = Object.hasOwn(known, name) ? known[name] : undefined
    const shown = `option ${sanitise(name)}`
    if (option?.drivers.includes(wish.driver) !== true) {
      const not = option === undefined ? 'is not known' : `is not one of driver ${wish.driver}`
      refusals.push(misuse(name, `${shown} ${not}`, `known: ${namesOf(wish.driver).join(', ')}`))
      continue
    }
    const applied = option.apply(wish, value)
    if (typeof applied === 'string') {
      refusals.push(misuse(name, `${shown} cannot be "${sanitise(value)}": ${applied}`))
    } else wish = applied
  }
  return refusals.length > 0 ? refused(...refusals) : planned(wish)
}

/** What the driver has no place for. */
export function misplaced(wish: NetWish): readonly Failure[] {
  const { driver } = wish
  const isBridged = bridged.includes(driver)
  const found: readonly (readonly [boolean, string])[] = [
    [wish.bridge !== undefined && driver !== 'bridge', 'an existing bridge'],
    [wish.parent !== undefined && driver === 'bridge', 'a parent'],
    [wish.mode !== undefined && isBridged, 'a mode'],
    [wish.vni !== undefined && driver !== 'vxlan', 'a VNI'],
    [wish.local !== undefined && driver !== 'vxlan', 'a local VTEP'],
    [wish.remotes.length > 0 && driver !== 'vxlan', 'remote VTEPs'],
    [wish.mac !== undefined && !isBridged, 'a MAC address of its own'],
    [wish.mac !== undefined && wish.bridge !== undefined, 'a MAC address where the bridge exists already'],
    [!wish.icc && !isBridged, 'a bridge to isolate its nodes on (--icc=false)'],
  ]
  return found
    .filter(([is]) => is)
    .map(([, what]) => misuse(wish.name, `a network of driver ${driver} has no place for ${what}`))
}

/** Known names of a driver's options, for the form. */
function namesOf(driver: Driver): readonly string[] {
  return Object.entries(known).flatMap(([name, { drivers }]) => (drivers.includes(driver) ? [name] : []))
}

function bool(value: string, apply: (is: boolean) => NetWish): NetWish | string {
  if (value === 'true' || value === '1') return apply(true)
  if (value === 'false' || value === '0') return apply(false)
  return 'it is true or false'
}

function number(value: string, asked: number | undefined, apply: (is: number) => NetWish): NetWish | string {
  if (!/^\d{1,8}$/.test(value)) return 'it is a number'
  return asked === undefined || asked === Number(value) ? apply(Number(value)) : `${asked} is asked for, too`
}

function text(value: string, asked: string | undefined, apply: (is: string) => NetWish): NetWish | string {
  return asked === undefined || asked === value ? apply(value) : `${sanitise(asked)} is asked for, too`
}
