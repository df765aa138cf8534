/** Options of `net create` as a lab's network or an engine's. */
import { dockerOptions } from '../model/docker-options.ts'
import { macvlanModes } from '../change/engine/docker-options.ts'
import { networkOf } from '../change/names.ts'
import { contains, parseIp, parsePrefix } from '../lib/ip.ts'
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { IntentOf } from '../model/intent.ts'
import { pairsOf } from './change-words.ts'
import { ofEngine, type NetEngine } from './engine-option.ts'

type EngineNet = IntentOf<'engine-net-create'>
type Pool = EngineNet['subnets'][number]

/** As typed; of switches their own value. */
export type EngineNetValues = {
  readonly name: string
  readonly driver: string | undefined
  readonly subnet: readonly string[]
  readonly gateway: readonly string[]
  readonly ipRange: readonly string[]
  readonly auxAddress: readonly string[]
  readonly bridge: string | undefined
  readonly parent: string | undefined
  readonly mode: string | undefined
  readonly mtu: number | undefined
  readonly icc: 'true' | 'false' | undefined
  readonly masquerade: 'true' | 'false' | undefined
  readonly hostBinding: string | undefined
  readonly gatewayMode: string | undefined
  readonly gatewayMode6: string | undefined
  readonly trusted: string | undefined
  readonly internal: boolean
  readonly ipv6: boolean
  readonly attachable: boolean
  readonly ingress: boolean
  readonly swarmWide: boolean
  readonly options: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

export function engineNetWish(
  engine: Exclude<NetEngine, 'lab'>,
  socket: string | undefined,
  values: EngineNetValues,
): Outcome<EngineNet> {
  const { name, driver = 'bridge', internal, ipv6, attachable, ingress, labels, swarmWide } = values
  const subnets = poolsOf(values)
  if (!subnets.ok) return subnets
  const options = withSwitches(values, driver)
  if (!options.ok) return options
  return succeeded({
    kind: 'engine-net-create',
    ...ofEngine(engine, socket),
    name,
    driver,
    subnets: subnets.value,
    ipv6,
    internal,
    attachable,
    ingress,
    options: options.value,
    labels,
    swarmWide,
  })
}

/** An option that is given by its switch and by its own name must be the same. */
function withSwitches(values: EngineNetValues, driver: string): Outcome<EngineNet['options']> {
  const { mode, options } = values
  const isIpvlan = driver === 'ipvlan' || (driver !== 'macvlan' && mode !== undefined && !isMacvlanMode(mode))
  const switches: readonly (readonly [string, string, string | undefined])[] = [
    ['--mtu', dockerOptions.mtu, values.mtu === undefined ? undefined : String(values.mtu)],
    ['--icc', dockerOptions.icc, values.icc],
    ['--ip-masq', dockerOptions.masquerade, values.masquerade],
    ['--bridge', dockerOptions.bridge, values.bridge],
    ['--host-binding', dockerOptions.hostBinding, values.hostBinding],
    ['--gateway-mode', dockerOptions.gatewayMode, values.gatewayMode],
    ['--gateway-mode-6', dockerOptions.gatewayMode6, values.gatewayMode6],
    ['--trusted-host-interfaces', dockerOptions.trusted, values.trusted],
    ['--parent', dockerOptions.parent, values.parent],
    ['--mode', isIpvlan ? dockerOptions.ipvlanMode : dockerOptions.macvlanMode, mode],
  ]
  const all = { ...options }
  for (const [option, key, value] of switches) {
    if (value === undefined) continue
    const given = all[key]
    if (given !== undefined && given !== value)
      return failed({
        kind: 'usage',
        what: `${option} ${sanitise(value)} and --opt ${key}=${sanitise(given)}: which?`,
        subject: option,
      })
    all[key] = value
  }
  return succeeded(all)
}

function isMacvlanMode(mode: string): boolean {
  return macvlanModes.some((each) => each === mode)
}

/** Each gateway, range and auxiliary address in the subnet that it lies in, as docker's own client does it. */
function poolsOf({
  subnet: subnets,
  gateway,
  ipRange,
  auxAddress,
}: EngineNetValues): Outcome<readonly Pool[]> {
  const aux = pairsOf('aux-address', auxAddress)
  if (!aux.ok) return aux
  const pools: Pool[] = subnets.map((subnet) => ({ subnet, auxAddresses: {} }))
  const pieces = [
    ...gateway.map((text) => ({
      option: '--gateway',
      text,
      into: (pool: Pool): Pool => ({ ...pool, gateway: text }),
    })),
    ...ipRange.map((text) => ({
      option: '--ip-range',
      text,
      into: (pool: Pool): Pool => ({ ...pool, ipRange: text }),
    })),
    ...Object.entries(aux.value).map(([name, text]) => ({
      option: '--aux-address',
      text,
      into: (pool: Pool): Pool => ({ ...pool, auxAddresses: { ...pool.auxAddresses, [name]: text } }),
    })),
  ]
  for (const { option, text, into } of pieces) {
    const shown = `${option} ${sanitise(text)}`
    // An ip-range may also be FIRST-LAST, of which one may be missing.
    const bare = text.split(option === '--ip-range' ? /[/-]/ : '/').find((each) => each !== '') ?? ''
    const ip = parseIp(bare)
    if (ip === null)
      return failed({ kind: 'usage', what: `${shown}: "${sanitise(bare)}" is no address`, subject: option })
    if (subnets.length === 0)
      return failed({
        kind: 'usage',
        what: `${shown} without --subnet: of which subnet?`,
        subject: option,
        hint: 'the engine takes one itself where none is given, and then a gateway of its own',
      })
    const at = subnets.findIndex((each) => {
      const prefix = parsePrefix(each)
      return prefix !== null && contains(prefix, ip)
    })
    const pool = pools[at]
    const [wrong] = subnets.flatMap((each) => (parsePrefix(each) === null ? [networkOf(each)] : []))
    if (pool === undefined && wrong?.ok === false && wrong.refusals[0] !== undefined)
      return failed(wrong.refusals[0])
    if (pool === undefined)
      return failed({
        kind: 'usage',
        what: `${shown} is outside of ${subnets.map(sanitise).join(' and ')}`,
        subject: option,
      })
    const next = into(pool)
    if (option !== '--aux-address' && (option === '--gateway' ? pool.gateway : pool.ipRange) !== undefined)
      return failed({
        kind: 'usage',
        what: `${shown}: subnet ${sanitise(pool.subnet)} has one already`,
        subject: option,
      })
    pools[at] = next
  }
  return succeeded(pools)
}
