/** Options of an engine's network that a file has keys for; only where the key says exactly the same. */
import { dockerOptions } from '../model/docker-options.ts'
import type { FileNetwork } from '../model/network-file.ts'

type Keys = Pick<FileNetwork, 'icc' | 'masquerade' | 'mtu' | 'bridge' | 'parent' | 'mode'>

type Reading = (value: string) => Keys | null

/** What an option says in a file; null: it stays an option, as it is written. */
const docker: Readonly<Record<string, Reading>> = {
  [dockerOptions.icc]: (value) => (value === 'false' ? { icc: false } : null),
  [dockerOptions.masquerade]: (value) => (value === 'false' ? { masquerade: false } : null),
  [dockerOptions.mtu]: mtuOf,
  [dockerOptions.bridge]: (bridge) => ({ bridge }),
  [dockerOptions.parent]: (parent) => ({ parent }),
}

const podman: Readonly<Record<string, Reading>> = { mtu: mtuOf }

function mtuOf(value: string): Keys | null {
  return /^[1-9]\d{1,4}$/.test(value) ? { mtu: Number(value) } : null
}

/** `macvlan_mode` of Docker, `mode` of Podman. */
function modeOption(kind: 'docker' | 'podman', driver: string): string | null {
  if (driver !== 'macvlan' && driver !== 'ipvlan') return null
  if (kind === 'podman') return 'mode'
  return driver === 'macvlan' ? dockerOptions.macvlanMode : dockerOptions.ipvlanMode
}

export function splitOptions(
  all: Readonly<Record<string, string>>,
  kind: 'docker' | 'podman',
  driver: string,
): { readonly keys: Keys; readonly options: Readonly<Record<string, string>> } {
  const readings = kind === 'docker' ? docker : podman
  const mode = modeOption(kind, driver)
  let keys: Keys = {}
  const options: Record<string, string> = {}
  for (const [name, value] of Object.entries(all)) {
    const reading = Object.hasOwn(readings, name) ? readings[name] : undefined
    const said = name === mode ? { mode: value } : (reading?.(value) ?? null)
    if (said === null) options[name] = value
    else keys = { ...keys, ...said }
  }
  return { keys, options }
}
