import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { IntentOf } from '../model/intent.ts'
import { changeCommand } from './change-flow.ts'
import { connectionOptions, connectionTo, givenOf } from './connection-options.ts'

export const nodeCommands = [
  changeCommand({
    name: 'node add',
    summary: 'make a node: a namespace that stands where a container would',
    description: [
      'Mode bridge, the usual one: on the networks that are named; addresses, aliases and links are those on the first of them. none: only a loopback. host, container:NODE: a name for the namespace of the host, or of another node or container.',
    ],
    examples: [
      'vethscope node add web --network lab0 --publish 8080:80',
      'vethscope node add spy --mode container:web',
    ],
    arguments: { name: { value: 'NAME', summary: 'its name', required: true } },
    options: {
      network: { type: 'texts', value: 'NET', summary: 'a network that it is on; several' },
      mode: { type: 'text', value: 'MODE', summary: 'bridge, none, host or container:NODE; default: bridge' },
      ...connectionOptions,
      publish: {
        type: 'texts',
        short: 'p',
        value: 'PORT',
        summary: '[HOSTIP:]PORT[-PORT]:PORT[-PORT][/tcp|udp]; several',
      },
      'add-host': {
        type: 'texts',
        value: 'NAME:IP',
        summary: 'one more name that it knows, of whoever has that address; several',
      },
    },
    wish: ({ name, network, mode, publish, 'add-host': addHost, ...options }) => {
      const [first, ...more] = network
      const given = givenOf(options)
      if (first === undefined && given.length > 0) {
        return failed({ kind: 'usage', what: `${given.join(', ')} without --network: on which network?` })
      }
      const wanted = modeOf(mode)
      if (!wanted.ok) return wanted
      const hosts = hostsOf(addHost)
      if (!hosts.ok) return hosts
      return succeeded({
        kind: 'node-add',
        name,
        ...wanted.value,
        connections: [
          ...(first === undefined ? [] : [connectionTo(first, options)]),
          ...more.map((each) => ({ network: each, aliases: [], links: [] })),
        ],
        ports: publish,
        ...(addHost.length === 0 ? {} : { hosts: hosts.value }),
      })
    },
  }),
  changeCommand({
    name: 'node rm',
    summary: 'remove nodes, with their links and published ports',
    description: ['Several are a change each, one after the other, up to the first that is refused.'],
    arguments: { names: { value: 'NODE', summary: 'a node of the lab', required: true, many: true } },
    options: {},
    wish: ({ names }) => succeeded(names.map((name) => ({ kind: 'node-rm', name }) as const)),
  }),
]

function modeOf(text: string | undefined): Outcome<Pick<IntentOf<'node-add'>, 'mode' | 'of'>> {
  const [mode, of] = /^container:(.*)$/.exec(text ?? '') ?? [text ?? 'bridge']
  if (of !== undefined && of !== '') return succeeded({ mode: 'container', of })
  if (mode === 'bridge' || mode === 'none' || mode === 'host') return succeeded({ mode })
  return failed({
    kind: 'usage',
    what: `--mode cannot be "${text}"`,
    hint: 'only bridge, none, host or container:NODE',
  })
}

/** `NAME:IP`, several: an IPv6 address has colons itself. */
function hostsOf(texts: readonly string[]): Outcome<Readonly<Record<string, string>>> {
  const hosts: Record<string, string> = {}
  for (const text of texts) {
    const [, name, address] = /^([^:]+):(.+)$/.exec(text) ?? []
    if (name === undefined || address === undefined)
      return failed({ kind: 'usage', what: `--add-host "${sanitise(text)}": NAME:IP is needed` })
    if (Object.hasOwn(hosts, name))
      return failed({ kind: 'usage', what: `--add-host ${sanitise(name)} is given more than once` })
    hosts[name] = address
  }
  return succeeded(hosts)
}
