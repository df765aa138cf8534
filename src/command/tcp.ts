import { failed, succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { familyOf, familyOptions } from './family-options.ts'
import { listenFrom, listenOptions } from './listen-from.ts'
import { probeFrom, watchTo } from './probe-flow.ts'

const timeoutSeconds = 5
const bannerSeconds = 0.5

export const tcp = command({
  name: 'tcp',
  summary:
    'a TCP connection from inside: connected, refused, timeout, unreachable, prohibited or reset, and who said so',
  description: [
    'Of a refusal by ICMP it tells who sent it. What the server says of its own accord is shown.',
    'Several ports are tried at the same time, at most 64. Exit 1: not all of them connected.',
    '--listen opens a listener inside instead, and tells who comes with the first bytes.',
  ],
  examples: [
    'vethscope tcp web redis123:6379',
    'vethscope tcp web 172.17.0.2:80,443,8000-8100 --timeout 1',
    'vethscope tcp web [2001:db8::1]:22',
    'vethscope tcp web --listen 8080 --count 1',
  ],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'where it starts', required: true },
    target: {
      value: 'HOST:PORT',
      summary: 'a name or address, and ports: 80, 80,443 or 8000-8100',
      required: false,
    },
  },
  options: {
    timeout: {
      type: 'seconds',
      value: 'S',
      min: 0.05,
      max: 3600,
      summary: `how long a connection is waited for (${timeoutSeconds}), or the listener listens (until stopped)`,
    },
    banner: {
      type: 'seconds',
      value: 'S',
      min: 0,
      max: 60,
      summary: `how long a server that speaks first is listened to (${bannerSeconds}); 0: not at all`,
    },
    ...familyOptions,
    ...listenOptions,
  },
  run: async (deps, { netns, target, timeout, banner, listen, count, ...families }) => {
    const family = familyOf(families)
    if (!family.ok) return family
    if (listen !== undefined || target === undefined) {
      return listenFrom(deps, { protocol: 'tcp', netns, target, listen, count, timeout })
    }
    if (count !== undefined) return failed({ kind: 'usage', what: 'tcp: --count goes with --listen only' })
    const [{ hostPortsOf }, { soughtOf }] = await Promise.all([
      import('../derive/probe/host-ports.ts'),
      import('../derive/probe/sought.ts'),
    ])
    const end = hostPortsOf(target)
    if (!end.ok) return end
    return probeFrom(deps, netns, (start) => {
      const sought = soughtOf(start.world, start.netns, end.value.host, family.value)
      if (!sought.ok) return sought
      return succeeded({
        kind: 'tcp',
        place: start.place,
        watch: watchTo(start, sought.value),
        target: sought.value,
        ports: end.value.ports,
        timeoutMs: (timeout ?? timeoutSeconds) * 1000,
        bannerMs: (banner ?? bannerSeconds) * 1000,
      })
    })
  },
})
