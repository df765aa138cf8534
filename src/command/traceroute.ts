import { hopNames } from '../derive/probe/hop-names.ts'
import { soughtOf } from '../derive/probe/sought.ts'
import { failed, succeeded } from '../lib/failure.ts'
import type { TracerouteRequest } from '../model/probe.ts'
import { command } from './command.ts'
import { familyOf, familyOptions } from './family-options.ts'
import { probeFrom, watchTo } from './probe-flow.ts'

const usual = { maxHops: 30, probes: 3, timeoutMs: 1000 } as const

export const traceroute = command({
  name: 'traceroute',
  summary: 'the way of packets hop by hop, with the names of namespaces that are met',
  description: [
    'Each hop is tried with UDP datagrams, or with ICMP echo or TCP connections, which firewalls may treat otherwise. A hop that belongs to a namespace of this host has its name beside the address.',
    '--mtu sends packets as large as the link takes and shows who passes only smaller ones. Exit 1: the target did not answer.',
  ],
  examples: [
    'vethscope traceroute web 198.51.100.1',
    'vethscope traceroute web redis123 --icmp',
    'vethscope traceroute web www.example.org --tcp --port 443',
  ],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'where it starts', required: true },
    target: { value: 'TARGET', summary: 'where it goes: as for ping', required: true },
  },
  options: {
    icmp: { type: 'switch', short: 'I', summary: 'with ICMP echo' },
    tcp: { type: 'switch', short: 'T', summary: 'with TCP connections, which are taken back at once' },
    port: {
      type: 'integer',
      short: 'p',
      value: 'PORT',
      min: 1,
      max: 65_535,
      summary: 'of UDP the first (33434), of TCP the one (80)',
    },
    'max-hops': {
      type: 'integer',
      short: 'm',
      value: 'N',
      min: 1,
      max: 255,
      summary: `how far, ${usual.maxHops} by default`,
    },
    probes: {
      type: 'integer',
      short: 'q',
      value: 'N',
      min: 1,
      max: 10,
      summary: `how many for each hop, ${usual.probes} by default`,
    },
    timeout: {
      type: 'seconds',
      short: 'w',
      value: 'S',
      min: 0.01,
      max: 60,
      summary: 'how long an answer is waited for, 1 by default',
    },
    mtu: { type: 'switch', summary: 'with packets as large as pass; not with --tcp' },
    ...familyOptions,
  },
  run: async (deps, { netns, target: asked, icmp, tcp, port, probes, timeout, mtu, ...values }) => {
    const family = familyOf(values)
    if (!family.ok) return family
    if ((icmp && tcp) || (tcp && mtu) || (icmp && port !== undefined)) {
      const two = icmp && tcp ? '--icmp and --tcp' : tcp && mtu ? '--tcp and --mtu' : '--icmp and --port'
      return failed({ kind: 'usage', what: `${two} exclude each other`, hint: 'leave one out' })
    }
    const method: TracerouteRequest['method'] = icmp ? 'icmp' : tcp ? 'tcp' : 'udp'
    return probeFrom(deps, netns, (start) => {
      const target = soughtOf(start.world, start.netns, asked, family.value)
      if (!target.ok) return target
      return succeeded({
        kind: 'traceroute',
        place: start.place,
        watch: watchTo(start, target.value),
        target: target.value,
        maxHops: values['max-hops'] ?? usual.maxHops,
        probes: probes ?? usual.probes,
        timeoutMs: timeout === undefined ? usual.timeoutMs : Math.round(timeout * 1000),
        method,
        port: port ?? null,
        mtu,
        names: hopNames(start.world),
      })
    })
  },
})
