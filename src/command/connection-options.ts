/** How a node or container is on a network: options of `net connect`, and of `node add` for the first network. */
import { succeeded, type Outcome } from '../lib/failure.ts'
import type { EngineConnection, LabConnection } from '../model/intent.ts'
import { pairsOf } from './change-words.ts'
import type { OptionValues } from './command.ts'

export const connectionOptions = {
  ip: { type: 'text', value: 'IP', summary: 'its IPv4 address there; default: the next free one' },
  ip6: { type: 'text', value: 'IP', summary: 'its IPv6 address there' },
  'mac-address': { type: 'text', value: 'MAC', summary: 'its hardware address there' },
  alias: { type: 'texts', value: 'NAME', summary: 'another name for it there; several' },
  link: {
    type: 'texts',
    value: 'NODE[:ALIAS]',
    summary: 'a member that it knows by a name of its own, and reaches where members may not talk; several',
  },
} as const

/** Of containers alone. */
export const containerOptions = {
  'link-local-ip': {
    type: 'texts',
    value: 'IP',
    summary: 'of Docker: one more address, link-local; several',
  },
  'driver-opt': {
    type: 'texts',
    value: 'KEY=VALUE',
    summary: 'of Docker: an option of the network’s driver for this place; several',
  },
} as const

export function connectionTo(
  network: string,
  { ip, ip6, 'mac-address': mac, alias, link }: OptionValues<typeof connectionOptions>,
): LabConnection {
  return {
    network,
    aliases: alias,
    links: link,
    ...(ip === undefined ? {} : { ip }),
    ...(ip6 === undefined ? {} : { ip6 }),
    ...(mac === undefined ? {} : { mac }),
  }
}

export function containerConnection(
  network: string,
  values: OptionValues<typeof connectionOptions> & OptionValues<typeof containerOptions>,
): Outcome<EngineConnection> {
  const options = pairsOf('driver-opt', values['driver-opt'])
  if (!options.ok) return options
  return succeeded({
    ...connectionTo(network, values),
    linkLocal: values['link-local-ip'],
    options: options.value,
  })
}

/** Names of those that were given. */
export function givenOf(values: OptionValues<typeof connectionOptions>): readonly string[] {
  const { ip, ip6, 'mac-address': mac, alias, link } = values
  return [
    ...(ip === undefined ? [] : ['--ip']),
    ...(ip6 === undefined ? [] : ['--ip6']),
    ...(mac === undefined ? [] : ['--mac-address']),
    ...(alias.length === 0 ? [] : ['--alias']),
    ...(link.length === 0 ? [] : ['--link']),
  ]
}
