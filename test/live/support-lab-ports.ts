/** docs/lab-ports.md as outcomes, and the lab that they are about. */
import { readFileSync } from 'node:fs'
import type { Intent } from '../../src/model/intent.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { addOutside, answers, node, type Ask } from './support-lab.ts'
import { network as create } from '../support/lab-wishes.ts'

const words: Readonly<Record<string, string>> = {
  outside: '198.51.100.9',
  'the host’s address': '198.51.100.1',
  'the gateway’s address': '172.20.0.1',
  'a node of another network': '172.21.0.2',
  'a node of a network with --icc=false': '172.23.0.2',
  '127.0.0.1': '127.0.0.1',
}
const places: Readonly<Record<string, string>> = {
  outside: 'outside',
  host: 'host',
  'the node itself': 'web',
  'a neighbour': 'next',
  'a node of another network': 'other',
  'a node of an internal network': 'inner',
  'a node of a network with --icc=false': 'closed',
}

type Row = { readonly row: string; readonly from: string; readonly to: string; readonly sees: string | null }

export const rows: readonly Row[] =
  readFileSync(new URL('../../docs/lab-ports.md', import.meta.url), 'utf8')
    .split('\n## ')[0]
    ?.split('\n')
    .flatMap((line): readonly Row[] => {
      const [from = '', by = '', sees = ''] = line
        .split('|')
        .slice(1)
        .map((cell) => cell.trim().replaceAll("'", '’'))
      const [place, to] = [places[from], words[by]]
      if (place === undefined || to === undefined) return []
      const seen = sees === 'nobody' ? null : words[sees]
      if (seen === undefined) throw new Error(`docs/lab-ports.md: who is "${sees}"?`)
      return [{ row: `${from} by ${by}`, from: place, to, sees: seen }]
    }) ?? []

const protocols = ['tcp', 'udp'] as const

/** All rows, both protocols and both settings of bridge-nf-call, as `row: who was seen`. */
export function outcomes(host: TestHost): readonly string[] {
  return ['0', '1'].flatMap((value) => {
    for (const name of ['iptables', 'ip6tables'])
      host.run(['sysctl', '-qw', `net.bridge.bridge-nf-call-${name}=${value}`])
    const asked = protocols.flatMap((protocol) =>
      rows.map(({ from, to }): Ask => ({ from, to, port: 8080, protocol })),
    )
    return answers(host, asked).map((answer, at) => {
      const protocol = protocols[Math.floor(at / rows.length)]
      return `${rows[at % rows.length]?.row}, ${protocol}, bridge-nf-call ${value}: ${answer}`
    })
  })
}

export const documented = ['0', '1'].flatMap((value) =>
  protocols.flatMap((protocol) =>
    rows.map(({ row, sees }) => `${row}, ${protocol}, bridge-nf-call ${value}: ${sees}`),
  ),
)

const both = ['8080:80', '8080:80/udp']

/** Forwarding is on: something passes through the host already. */
export async function hostWithOutside(): Promise<TestHost> {
  const host = await playHost()
  await addOutside(host)
  host.run(['sysctl', '-qw', 'net.ipv4.ip_forward=1'])
  // Where it is built in there is no module.
  host.try(['modprobe', 'br_netfilter'])
  return host
}

export function portsLab(acceptInForeign = false): readonly Intent[] {
  const network = (name: string, subnet: string, fields: Parameters<typeof create>[1] = {}) =>
    create(name, { subnets: [subnet], acceptInForeign, ...fields })
  return [
    network('a', '172.20.0.0/24'),
    network('b', '172.21.0.0/24'),
    network('c', '172.22.0.0/24', { internal: true }),
    network('d', '172.23.0.0/24', { icc: false }),
    node('web', 'a', { ports: both }),
    node('next', 'a'),
    node('other', 'b'),
    node('inner', 'c'),
    node('closed', 'd'),
  ]
}

/** One of the internal network that tries the way out although it was given none. */
export function tryTheWayOut(host: TestHost): void {
  host.run(['ip', '-n', 'inner', 'route', 'add', 'default', 'via', '172.22.0.1'])
}
