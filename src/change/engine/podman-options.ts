/** Docker's names of options in Podman's words. Podman 4.3 knows its own alone, and refuses the rest. */
import { dockerOptions } from '../../model/docker-options.ts'
import type { NetworkWish } from './dialect.ts'

const bridgeName = dockerOptions.bridge

/** Options of the driver by Podman's name; `parent` and the name of the bridge are the network's link instead. */
const inPodman: Readonly<Record<string, string>> = {
  [dockerOptions.mtu]: 'mtu',
  macvlan_mode: 'mode',
  ipvlan_mode: 'mode',
}

/** What Podman does anyway, and what it has instead of the opposite. */
const always: Readonly<
  Record<string, { readonly value: string; readonly option: string; readonly hint: string }>
> = {
  [dockerOptions.icc]: {
    value: 'true',
    option: '--icc=false',
    hint: 'its option isolate keeps networks apart, not the containers of one',
  },
  [dockerOptions.masquerade]: {
    value: 'true',
    option: '--ip-masq=false',
    hint: 'what leaves a bridge of Podman gets the host’s address; --internal lets nothing leave',
  },
}

export function podmanOptions({ options, link }: NetworkWish): {
  readonly options: Readonly<Record<string, string>>
  /** Podman's network_interface; null: it chooses. */
  readonly link: string | null
} {
  const kept = Object.entries(options).flatMap(([name, value]) =>
    name === 'parent' || name === bridgeName || name in always
      ? []
      : [[inPodman[name] ?? name, value] as const],
  )
  return {
    options: Object.fromEntries(kept),
    link: link ?? options['parent'] ?? options[bridgeName] ?? null,
  }
}

export function whyNotOptions({ options }: NetworkWish): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const { [name]: only } = always
    if (only !== undefined) return value === only.value ? [] : [`Podman has no ${only.option}: ${only.hint}`]
    if (name === bridgeName || name in inPodman || !name.startsWith('com.docker.')) return []
    return [`Podman has no option ${name}`]
  })
}
