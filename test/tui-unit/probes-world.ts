/** Probes as the helper tells of them, for the screen. */
import type { CapturedPacket, CaptureRequest, CaptureResult } from '../../src/model/capture.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { NetnsRef } from '../../src/model/ids.ts'
import type {
  PingRequest,
  Place,
  ProbeEvent,
  ProbeRequest,
  Target,
  TcpRequest,
} from '../../src/model/probe.ts'
import type {
  DnsResult,
  MatrixResult,
  PingResult,
  ProbeResult,
  TcpResult,
} from '../../src/model/probe-result.ts'
import { probeStarted } from '../../src/tui/update/probes.ts'
import { hostileTexts } from '../support/hostile.ts'
import { start, type Screen } from './screen.ts'

export const host: NetnsRef = { id: netnsId(100), name: 'host' }
export const nginx: NetnsRef = { id: netnsId(202), name: 'nginx1' }
export const redis: NetnsRef = { id: netnsId(201), name: 'redis123' }

export function placeIn(netns: NetnsRef): Place {
  return { netns, dev: 4, paths: [`/proc/812/ns/net`], sockets: [], user: null }
}

export function targetOf(text: string, address: string): Target {
  return { text, address, family: 4, from: null }
}

export function pingRequest(change: Partial<PingRequest> = {}): PingRequest {
  return {
    kind: 'ping',
    place: placeIn(nginx),
    target: targetOf('198.51.100.1', '198.51.100.1'),
    count: 12,
    intervalMs: 1000,
    size: 56,
    dontFragment: false,
    ttl: null,
    link: null,
    timeoutMs: 1000,
    findMtu: false,
    ...change,
  }
}

export function tcpRequest(change: Partial<TcpRequest> = {}): TcpRequest {
  return {
    kind: 'tcp',
    place: placeIn(nginx),
    target: targetOf('redis123', '172.17.0.2'),
    ports: [6379],
    timeoutMs: 2000,
    bannerMs: 0,
    ...change,
  }
}

export const dnsRequest: ProbeRequest = {
  kind: 'dns',
  place: placeIn(redis),
  name: 'www',
  type: null,
  resolver: { from: '/etc', resolvConf: null, hosts: null, nsswitch: null },
  server: null,
  timeoutMs: 5000,
}

export function captureRequest(change: Partial<CaptureRequest> = {}): CaptureRequest {
  const link = (label: string, order: number) => ({
    place: placeIn(order === 0 ? nginx : host),
    link: label.replace(/@.*/, ''),
    label,
    order,
  })
  return {
    kind: 'capture',
    place: placeIn(host),
    links: [link('eth0@nginx1', 0), link('vethe8201cd', 1), link('docker0', 2), link('eth0', 3)],
    filter: 'icmp',
    count: null,
    durationMs: null,
    maxBytes: null,
    snapLength: 0,
    file: null,
    keepMs: 60_000,
    names: {},
    ...change,
  }
}

export function pingResult(change: Partial<PingResult> = {}): PingResult {
  return {
    kind: 'ping',
    ok: true,
    netns: nginx,
    target: '198.51.100.1',
    address: '198.51.100.1',
    transmitted: 3,
    received: 3,
    duplicates: 0,
    rttMs: { min: 0.06, avg: 0.08, max: 0.31, mdev: 0.1 },
    errors: [],
    ...change,
  }
}

/** DROPped in FORWARD. */
export const droppedTcp: TcpResult = {
  kind: 'tcp',
  ok: false,
  netns: nginx,
  target: 'redis123',
  address: '172.17.0.2',
  result: 'timeout',
  ports: [{ port: 6379, result: 'timeout', icmp: null, source: '172.17.0.3', ms: 2000 }],
  grown: [
    {
      netns: host,
      what: 'rule',
      name: 'filter FORWARD 3 DROP',
      by: 3,
      says: 'dropped by a rule of the host',
      command: 'iptables -t filter -L FORWARD -v -n -x --line-numbers',
    },
    {
      netns: nginx,
      what: 'conntrack',
      name: 'SYN_SENT of 172.17.0.3',
      by: 1,
      says: 'the connection was never answered',
      command: 'conntrack -L -s 172.17.0.3',
    },
  ],
}

export function connectedTcp(ms = 0.42): TcpResult {
  return {
    kind: 'tcp',
    ok: true,
    netns: nginx,
    target: 'redis123',
    address: '172.17.0.2',
    result: 'connected',
    ports: [{ port: 6379, result: 'connected', icmp: null, source: '172.17.0.3', ms }],
  }
}

export const halfSilentDns: DnsResult = {
  kind: 'dns',
  ok: true,
  netns: redis,
  name: 'www',
  status: 'NOERROR',
  from: 'dns',
  servers: [
    { address: '10.0.0.53', status: 'timeout', ms: 5000, asked: 'www.example.org', answers: [] },
    {
      address: '127.0.0.11',
      status: 'NOERROR',
      ms: 1.2,
      asked: 'www.example.org',
      answers: [{ name: 'www.example.org', type: 'A', ttl: 60, value: '172.28.5.2' }],
    },
  ],
  answers: [{ name: 'www.example.org', type: 'A', ttl: 60, value: '172.28.5.2' }],
  remarks: ['the first server is silent: each name takes 5 s longer'],
}

export function packet(number: number, link = 'docker0', time = start + number): CapturedPacket {
  return {
    number,
    time,
    link,
    direction: 'in',
    length: 98,
    summary: `nginx1 > 198.51.100.1: ICMP echo request, id 7, seq ${number}`,
    flow: 'icmp 172.17.0.3 > 198.51.100.1 id 7',
  }
}

export const captureResult: CaptureResult = {
  kind: 'capture',
  ok: true,
  netns: host,
  captured: 36,
  dropped: 0,
  file: null,
  onWay: true,
  moreFlows: 0,
  links: [
    { label: 'eth0@nginx1', packets: 12, ended: null },
    { label: 'vethe8201cd', packets: 12, ended: null },
    { label: 'docker0', packets: 12, ended: null },
    { label: 'eth0', packets: 0, ended: null },
  ],
  flows: [
    {
      flow: 'icmp 172.17.0.3 > 198.51.100.1 id 7',
      packets: 12,
      seen: [
        { link: 'eth0@nginx1', packets: 12 },
        { link: 'vethe8201cd', packets: 12 },
        { link: 'docker0', packets: 12 },
      ],
      lastSeen: 'docker0',
      next: 'eth0',
      notSeen: ['eth0'],
      translated: [],
      back: null,
      errors: [],
    },
  ],
  because: 'stopped',
}

export const matrixRequest: ProbeRequest = {
  kind: 'matrix',
  place: placeIn(host),
  network: 'tomcat-net',
  members: [nginx, redis].map((each) => ({
    name: each.name,
    place: placeIn(each),
    target: targetOf(each.name, '172.28.5.2'),
  })),
  ping: true,
  ports: [80],
  timeoutMs: 1000,
}

export const matrixResult: MatrixResult = {
  kind: 'matrix',
  ok: false,
  network: 'tomcat-net',
  members: ['nginx1', 'redis123', 'tomcat01'].map((name, at) => ({
    name,
    address: `172.28.5.${at + 2}`,
    netns: host,
  })),
  tried: ['ping', 80],
  cells: [
    [
      ['answered', 'connected'],
      ['answered', 'refused'],
      ['answered', 'connected'],
    ],
    [
      ['answered', 'connected'],
      ['answered', 'refused'],
      ['lost', 'timeout'],
    ],
    [
      ['answered', 'connected'],
      ['answered', null],
      ['cannot-enter', 'cannot-enter'],
    ],
  ],
  ms: [],
  seconds: 1.24,
  mostSockets: 18,
}

/** As the keys of another screen start it. */
export function started(it: Screen, request: ProbeRequest, what: string): number {
  const [state, ...effects] = probeStarted(it.state, request, what)
  it.state = state
  it.effects.push(...effects)
  // Whatever starts one is a message: it settles.
  it.send({ type: 'resize', size: it.state.size })
  return it.state.probes.last
}

export function told(it: Screen, number: number, ...events: readonly ProbeEvent[]): void {
  it.send({ type: 'probe-told', number, events })
}

export function ended(it: Screen, number: number, result: ProbeResult): void {
  it.send({ type: 'probe-ended', number, outcome: { ok: true, value: result }, now: it.now })
}

export function line(text: string, at = start): ProbeEvent {
  return { type: 'line', at, text, tone: 'plain' }
}

/** A reply of so many milliseconds; null: none came. */
export function reply(seq: number, ms: number | null): readonly ProbeEvent[] {
  const text = ms === null ? `no reply to seq ${seq}` : `64 bytes from 198.51.100.1: seq ${seq}, ${ms} ms`
  return [
    { type: 'line', at: start + seq * 1000, text, tone: ms === null ? 'bad' : 'good' },
    { type: 'sample', ms },
    { type: 'progress', done: seq, total: 12 },
  ]
}

const text = Object.values(hostileTexts)
const nasty = (at: number): string => text[at % text.length] ?? ''

/** One of each kind. */
export const probeRequests: readonly ProbeRequest[] = [
  pingRequest(),
  pingRequest({ findMtu: true }),
  tcpRequest({ ports: [1, 2, 3] }),
  { ...tcpRequest(), kind: 'udp', payload: 'x' },
  {
    kind: 'listen',
    place: placeIn(nginx),
    protocol: 'udp',
    address: '::',
    port: 53,
    count: null,
    timeoutMs: 9,
  },
  dnsRequest,
  {
    kind: 'http',
    place: placeIn(nginx),
    url: `http://${nasty(1)}/`,
    known: {},
    resolver: { from: '/etc', resolvConf: null, hosts: null, nsswitch: null },
    timeoutMs: 5000,
    maxRedirects: 5,
    file: null,
    headers: [],
    head: false,
    insecure: false,
  },
  {
    kind: 'traceroute',
    place: placeIn(redis),
    target: {
      text: nasty(2),
      family: null,
      resolver: { from: '', resolvConf: null, hosts: null, nsswitch: null },
    },
    maxHops: 30,
    probes: 3,
    timeoutMs: 1000,
    method: 'tcp',
    port: 80,
  },
  { kind: 'tool', place: placeIn(host), argv: ['ping', nasty(3)], timeoutMs: null },
  captureRequest(),
  matrixRequest,
]

const icmp = { from: '172.17.0.1', type: 3, code: 1, says: nasty(4), mtu: 1400 }

/** At least one of each kind, with everything in it that there can be. */
export const probeResults: readonly ProbeResult[] = [
  pingResult(),
  pingResult({
    ok: false,
    received: 0,
    rttMs: null,
    duplicates: 2,
    errors: [{ ...icmp, count: 3 }],
    mtu: { passes: 1400, linkMtu: 1500 },
    grown: [],
  }),
  droppedTcp,
  connectedTcp(),
  {
    kind: 'udp',
    ok: false,
    netns: nginx,
    target: nasty(5),
    address: '::1',
    result: 'closed',
    ports: [{ port: 53, result: 'closed', icmp, source: null, ms: 3, answer: nasty(6), says: nasty(7) }],
    grown: droppedTcp.grown ?? [],
  },
  {
    kind: 'listen',
    ok: true,
    netns: nginx,
    protocol: 'tcp',
    address: '::',
    port: 80,
    came: [{ at: start, from: '::1', port: 4, says: nasty(8) }],
  },
  halfSilentDns,
  {
    ...halfSilentDns,
    ok: false,
    from: 'hosts',
    status: 'NXDOMAIN',
    remarks: [nasty(9)],
    answers: [{ name: nasty(1), type: 'PTR', ttl: null, value: nasty(2) }],
  },
  {
    kind: 'http',
    ok: false,
    netns: nginx,
    url: nasty(1),
    status: 503,
    bytes: 12_345,
    ms: 12,
    timing: { dns: 1, connect: 2, tls: null, firstByte: 3, total: 12 },
    address: '192.0.2.1',
    headers: [{ name: nasty(2), value: nasty(3) }],
    redirects: [{ status: 301, url: nasty(4) }],
    tls: { protocol: 'TLSv1.3', problem: nasty(5), subject: nasty(6), issuer: nasty(7), validTo: nasty(8) },
    file: nasty(9),
    error: { what: 'tls', says: nasty(1), icmp },
  },
  {
    kind: 'traceroute',
    ok: true,
    netns: nginx,
    target: nasty(1),
    address: '192.0.2.1',
    hops: [
      {
        hop: 1,
        answers: [
          { from: '172.17.0.1', name: nasty(2), ms: 0.1, icmp: null },
          { from: null, name: null, ms: null, icmp: null },
          { from: '172.17.0.1', name: null, ms: 3, icmp },
        ],
      },
    ],
  },
  { kind: 'tool', ok: false, netns: host, command: ['ping', nasty(1)], exitCode: 1, problem: null },
  { kind: 'tool', ok: false, netns: host, command: ['ping'], exitCode: null, problem: nasty(2) },
  captureResult,
  matrixResult,
]
