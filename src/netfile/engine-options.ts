/** Options of an engine's network that a file has keys for; only where the key says exactly the same. */
import type { FileNetwork } from '../model/network-file.ts'

type Keys = Pick<FileNetwork, 'icc' | 'masquerade' | 'mtu' | 'bridge' | 'parent' | 'mode'>

/** What each says in a file; null: it stays an option, as it is written. */
const keyOf: { readonly [option: string]: (value: string, driver: string) => Keys | null } = {
  'com.docker.network.bridge.enable_icc': (value) => (value === 'false' ? { icc: false } : null),
  'com.docker.network.bridge.enable_ip_masquerade': (value) =>
    value === 'false' ? { masquerade: false } : null,
  'com.docker.network.driver.mtu': mtuOf,
  'com.docker.network.bridge.name': (value) => ({ bridge: value }),
  parent: (value) => ({ parent: value }),
  macvlan_mode: (value, driver) => (driver === 'macvlan' ? { mode: value } : null),
  ipvlan_mode: (value, driver) => (driver === 'ipvlan' ? { mode: value } : null),
}

function mtuOf(value: string): Keys | null {
  return /^[1-9]\d{1,4}$/.test(value) ? { mtu: Number(value) } : null
}

export function splitOptions(
  all: Readonly<Record<string, string>>,
  driver: string,
): { readonly keys: Keys; readonly options: Readonly<Record<string, string>> } {
  let keys: Keys = {}
  const options: Record<string, string> = {}
  for (const [name, value] of Object.entries(all)) {
    const said = Object.hasOwn(keyOf, name) ? (keyOf[name]?.(value, driver) ?? null) : null
    if (said === null) options[name] = value
    else keys = { ...keys, ...said }
  }
  return { keys, options }
}
