/** A result of each kind of probe, as the probes of a small Docker host gave them: what docs/json.md shows. */
import type { CaptureResult } from '../src/model/capture.ts'
import { netnsId } from '../src/model/ids.ts'
import type {
  DnsResult,
  HttpResult,
  ListenResult,
  MatrixResult,
  PingResult,
  TcpResult,
  TracerouteResult,
  UdpResult,
} from '../src/model/probe-result.ts'

const netns = { id: netnsId('4026532177'), name: 'nginx1' }
const host = { id: netnsId('4026531840'), name: 'host' }
const prohibited = { from: '192.0.2.254', type: 3, code: 13, says: 'administratively prohibited' }

export const ping: PingResult = {
  kind: 'ping',
  ok: false,
  netns,
  target: '198.51.100.1',
  address: '198.51.100.1',
  transmitted: 4,
  received: 0,
  duplicates: 0,
  rttMs: null,
  errors: [{ ...prohibited, count: 4 }],
  grown: [
    {
      netns: host,
      what: 'rule',
      name: 'filter FORWARD 3 REJECT',
      by: 4,
      says: 'packets from 172.17.0.0/16 to 198.51.100.0/24 are refused',
      command: 'iptables -t filter -vnL FORWARD --line-numbers',
    },
  ],
}

export const tcp: TcpResult = {
  kind: 'tcp',
  ok: true,
  netns,
  target: 'redis123',
  address: '172.17.0.2',
  result: 'connected',
  ports: [{ port: 6379, result: 'connected', icmp: null, source: '172.17.0.3', ms: 0.412 }],
}

export const udp: UdpResult = {
  kind: 'udp',
  ok: false,
  netns,
  target: '172.17.0.1',
  address: '172.17.0.1',
  result: 'open-or-filtered',
  ports: [{ port: 514, result: 'open-or-filtered', icmp: null, source: '172.17.0.3', ms: 3000 }],
}

export const listen: ListenResult = {
  kind: 'listen',
  ok: true,
  netns,
  protocol: 'tcp',
  address: '0.0.0.0',
  port: 8080,
  came: [{ at: 1_795_269_802_000, from: '172.17.0.2', port: 40_001, says: 'GET / HTTP/1.1' }],
}

export const dns: DnsResult = {
  kind: 'dns',
  ok: true,
  netns,
  name: 'web',
  status: 'NOERROR',
  from: 'dns',
  servers: [
    {
      address: '127.0.0.11',
      status: 'NOERROR',
      ms: 0.6,
      asked: 'web',
      answers: [{ name: 'web', type: 'A', ttl: 600, value: '172.28.5.2' }],
    },
  ],
  answers: [{ name: 'web', type: 'A', ttl: 600, value: '172.28.5.2' }],
  remarks: [],
}

export const http: HttpResult = {
  kind: 'http',
  ok: true,
  netns,
  url: 'http://web/',
  status: 200,
  bytes: 612,
  ms: 2.9,
  timing: { dns: 0.7, connect: 0.3, tls: null, firstByte: 1.6, total: 2.9 },
  address: '172.28.5.2',
  headers: [{ name: 'content-type', value: 'text/html' }],
  redirects: [],
  tls: null,
  file: null,
}

export const traceroute: TracerouteResult = {
  kind: 'traceroute',
  ok: true,
  netns,
  target: '198.51.100.1',
  address: '198.51.100.1',
  hops: [
    { hop: 1, answers: [{ from: '172.17.0.1', name: 'host', ms: 0.05, icmp: { from: '172.17.0.1', type: 11, code: 0, says: 'time exceeded' } }] },
    { hop: 2, answers: [{ from: '198.51.100.1', name: null, ms: 0.4, icmp: { from: '198.51.100.1', type: 3, code: 3, says: 'port unreachable' } }] },
  ],
}

export const capture: CaptureResult = {
  kind: 'capture',
  ok: true,
  netns,
  captured: 12,
  dropped: 0,
  file: '/root/web.pcapng',
  onWay: true,
  links: [
    { label: 'eth0@nginx1', packets: 4, ended: null },
    { label: 'vethe8201cd', packets: 4, ended: null },
    { label: 'docker0', packets: 4, ended: null },
    { label: 'eth0', packets: 0, ended: null },
  ],
  flows: [
    {
      flow: 'icmp 172.17.0.3 > 198.51.100.1 id 7',
      packets: 4,
      seen: [
        { link: 'eth0@nginx1', packets: 4 },
        { link: 'vethe8201cd', packets: 4 },
        { link: 'docker0', packets: 4 },
      ],
      lastSeen: 'docker0',
      next: 'eth0',
      notSeen: ['eth0'],
      translated: [],
      back: null,
      errors: [],
    },
  ],
  moreFlows: 0,
  because: 'count',
}

export const matrix: MatrixResult = {
  kind: 'matrix',
  ok: false,
  network: 'tomcat-net',
  members: [
    { name: 'web', address: '172.28.5.2', netns },
    { name: 'db', address: '172.28.5.3', netns: { id: netnsId('4026532301'), name: 'db' } },
  ],
  tried: ['ping', 5432],
  cells: [
    [
      ['answered', 'refused'],
      ['answered', 'connected'],
    ],
    [
      ['lost', 'timeout'],
      ['answered', 'connected'],
    ],
  ],
  ms: [
    [
      [0.03, 0.1],
      [0.05, 0.2],
    ],
    [
      [null, null],
      [0.03, 0.1],
    ],
  ],
  seconds: 1.1,
  mostSockets: 8,
}
