import { soughtOf } from '../derive/probe/sought.ts'
import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { familyOf, familyOptions } from './family-options.ts'
import { probeFrom, watchTo } from './probe-flow.ts'

const usual = { count: 4, intervalMs: 1000, size: 56, timeoutMs: 1000 } as const

export const ping = command({
  name: 'ping',
  summary: 'ICMP echo from inside a namespace, also where no ping is installed',
  description: [
    'TARGET is an address, a container’s name or a network alias, "gateway", or a name that is resolved as a program inside would. Each answer, loss and error is told when it happens, errors with who sent them.',
    '--mtu looks for the largest packet that passes unfragmented, and says who limits it; where larger ones vanish and nobody says so, that is an MTU black hole, and the answer is no.',
    `It ends by itself: after ${usual.count} requests unless --count says otherwise; --count 0 goes on until it is stopped, and then tells what it came to. Exit 1: nothing answered.`,
  ],
  examples: [
    'vethscope ping nginx1 redis123',
    'vethscope ping web gateway --count 20 --interval 0.2',
    'vethscope ping web 198.51.100.1 --mtu',
    'vethscope ping web fe80::1%eth0',
  ],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'where it starts', required: true },
    target: { value: 'TARGET', summary: 'what is to answer', required: true },
  },
  options: {
    count: {
      type: 'integer',
      short: 'c',
      value: 'N',
      min: 0,
      max: 1_000_000_000,
      summary: `how many, ${usual.count} by default; 0: until it is stopped`,
    },
    interval: {
      type: 'seconds',
      short: 'i',
      value: 'S',
      min: 0.002,
      max: 86_400,
      summary: 'seconds from one to the next, 1 by default',
    },
    size: {
      type: 'integer',
      short: 's',
      value: 'B',
      min: 0,
      max: 65_507,
      summary: `bytes behind the ICMP header, ${usual.size} by default`,
    },
    timeout: {
      type: 'seconds',
      short: 'W',
      value: 'S',
      min: 0.001,
      max: 3600,
      summary: 'how long an answer is waited for, 1 by default',
    },
    df: { type: 'switch', summary: 'never in fragments' },
    ttl: { type: 'integer', short: 't', value: 'N', min: 1, max: 255, summary: 'how many hops it may go' },
    link: { type: 'text', short: 'I', value: 'LINK', summary: 'leaves by this link, whatever routes say' },
    mtu: { type: 'switch', summary: 'looks for the largest packet that passes, with its headers' },
    ...familyOptions,
  },
  run: async (deps, { netns, target: asked, ...values }) => {
    const family = familyOf(values)
    if (!family.ok) return family
    return probeFrom(deps, netns, (start) => {
      const target = soughtOf(start.world, start.netns, asked, family.value)
      if (!target.ok) return target
      return succeeded({
        kind: 'ping',
        place: start.place,
        watch: watchTo(start, target.value),
        target: target.value,
        count: values.count === 0 ? null : (values.count ?? usual.count),
        intervalMs: milliseconds(values.interval) ?? usual.intervalMs,
        size: values.size ?? usual.size,
        dontFragment: values.df,
        ttl: values.ttl ?? null,
        link: values.link ?? null,
        timeoutMs: milliseconds(values.timeout) ?? usual.timeoutMs,
        findMtu: values.mtu,
      })
    })
  },
})

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000)
}
