import { failed, succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { familyOf, familyOptions } from './family-options.ts'
import { probeFrom } from './probe-flow.ts'

const timeoutSeconds = 1
const mostPorts = 64

export const matrix = command({
  name: 'matrix',
  summary: 'every member of a network to every other, by ping and TCP ports, as a grid',
  description: [
    'NETWORK is the name or id of an engine’s network, or a bridge: then its members are the far ends of its ports.',
    'Each is also tried against itself. At most 1,000 sockets are open at the same time. Exit 1: a cell failed.',
    'Where a network has too many members for the kernel’s neighbour table, entries that were made are taken out again.',
  ],
  examples: ['vethscope matrix tomcat-net', 'vethscope matrix br0 --port 80,443 --no-ping'],
  needs: 'world',
  arguments: {
    network: { value: 'NETWORK', summary: 'an engine’s network, or a bridge', required: true },
  },
  options: {
    port: { type: 'text', value: 'PORT[,PORT…]', summary: 'TCP ports that are tried' },
    'no-ping': { type: 'switch', summary: 'ports only' },
    timeout: {
      type: 'seconds',
      value: 'S',
      min: 0.05,
      max: 60,
      summary: `how long one cell is waited for (${timeoutSeconds})`,
    },
    ...familyOptions,
  },
  run: async (deps, { network, port, timeout, 'no-ping': noPing, ...families }) => {
    const family = familyOf(families)
    if (!family.ok) return family
    const [{ portsOf }, { networkMembers }] = await Promise.all([
      import('../derive/probe/host-ports.ts'),
      import('../derive/probe/matrix-members.ts'),
    ])
    const ports = port === undefined ? succeeded([]) : portsOf(port)
    if (!ports.ok) return ports
    if (noPing && ports.value.length === 0) {
      return failed({ kind: 'usage', what: 'matrix: --no-ping leaves nothing to try', hint: 'give --port' })
    }
    if (ports.value.length > mostPorts) {
      return failed({ kind: 'usage', what: `matrix: more than ${mostPorts} ports`, subject: port ?? '' })
    }
    return probeFrom(deps, 'host', ({ world, place }) => {
      const found = networkMembers(world, network, family.value)
      if (!found.ok) return found
      return succeeded({
        kind: 'matrix',
        place,
        ...found.value,
        ping: !noPing,
        ports: ports.value,
        timeoutMs: (timeout ?? timeoutSeconds) * 1000,
      })
    })
  },
})
