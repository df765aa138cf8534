import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { command } from './command.ts'
import { familyOf, familyOptions } from './family-options.ts'
import { listenFrom, listenOptions } from './listen-from.ts'
import { probeFrom, watchTo } from './probe-flow.ts'

const timeoutSeconds = 3
/** Linux hosts tell about one closed port a second: of more than that nothing could be told. */
const mostPorts = 1024

export const udp = command({
  name: 'udp',
  summary: 'a datagram from inside: answered, closed, unreachable, prohibited, or "open or filtered"',
  description: [
    'Silence is told as what it is: no answer, open or filtered. A question is sent three times within the timeout.',
    'Without --payload port 53 gets a DNS question, port 123 an NTP one, all others an empty datagram. Exit 1: not all answered.',
    '--listen opens a listener inside instead, and tells who comes with the first bytes.',
  ],
  examples: [
    'vethscope udp web 172.17.0.1:53',
    'vethscope udp web syslog:514 --payload "<14>hello"',
    'vethscope udp web --listen 5353',
  ],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'where it starts', required: true },
    target: {
      value: 'HOST:PORT',
      summary: 'a name or address, and ports: 53, 53,123 or 5000-5010',
      required: false,
    },
  },
  options: {
    timeout: {
      type: 'seconds',
      value: 'S',
      min: 0.05,
      max: 3600,
      summary: `how long an answer is waited for (${timeoutSeconds}), or the listener listens (until stopped)`,
    },
    payload: { type: 'text', value: 'TEXT', summary: 'what is sent' },
    ...familyOptions,
    ...listenOptions,
  },
  run: async (deps, { netns, target, timeout, payload, listen, count, ...families }) => {
    const family = familyOf(families)
    if (!family.ok) return family
    if (listen !== undefined || target === undefined) {
      return listenFrom(deps, { protocol: 'udp', netns, target, listen, count, timeout })
    }
    if (count !== undefined) return failed({ kind: 'usage', what: 'udp: --count goes with --listen only' })
    const [{ hostPortsOf }, { soughtOf }] = await Promise.all([
      import('../derive/probe/host-ports.ts'),
      import('../derive/probe/sought.ts'),
    ])
    const end = hostPortsOf(target)
    if (!end.ok) return end
    if (end.value.ports.length > mostPorts) return tooMany(end.value.ports.length)
    return probeFrom(deps, netns, (start) => {
      const sought = soughtOf(start.world, start.netns, end.value.host, family.value)
      if (!sought.ok) return sought
      return succeeded({
        kind: 'udp',
        place: start.place,
        watch: watchTo(start, sought.value),
        target: sought.value,
        ports: end.value.ports,
        timeoutMs: (timeout ?? timeoutSeconds) * 1000,
        payload: payload ?? '',
      })
    })
  },
})

function tooMany(count: number): Outcome<never> {
  return failed({
    kind: 'usage',
    what: `udp: ${count} ports are more than ${mostPorts}`,
    hint: 'hosts tell about one closed UDP port a second: ask fewer',
  })
}
