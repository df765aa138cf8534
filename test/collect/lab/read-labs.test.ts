import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { isMasqueradeRecord, isNetworkRecord, isNodeRecord } from '../../../src/collect/lab/is-record.ts'
import { readLabs } from '../../../src/collect/lab/read-labs.ts'
import { labMasqueradeSchema, labNetworkSchema, labNodeSchema } from '../../../src/model/lab.ts'
import { isUnknown } from '../../../src/model/known.ts'

const network = {
  name: 'lab0',
  driver: 'vxlan',
  bridge: 'lab0',
  ownsBridge: true,
  added: ['172.19.0.1/16'],
  kept: ['route_localnet'],
  parent: null,
  mode: null,
  vxlan: { link: 'vx0', vni: 7, local: '192.0.2.1', remotes: ['192.0.2.2'], dstport: 4789 },
  subnets: [{ subnet: '172.19.0.0/16', gateway: '172.19.0.1', ipRange: null }],
  mtu: 1450,
  mac: '02:00:00:00:00:01',
  internal: false,
  ipv6: false,
  icc: true,
  masquerade: true,
  acceptInForeign: false,
  options: { a: 'b' },
  labels: {},
  created: '2026-01-01T00:00:00Z',
}

const node = {
  name: 'web',
  mode: 'bridge',
  of: null,
  endpoints: [
    {
      network: 'lab0',
      link: 'eth0',
      hostLink: 'vweb',
      mac: '02:00:00:00:00:02',
      ipv4: '172.19.0.2/16',
      ipv6: null,
      aliases: ['www'],
      isDefault: true,
      links: [{ node: 'db', alias: 'database' }],
    },
  ],
  ports: [{ hostIp: '0.0.0.0', hostPort: 8080, port: 80, protocol: 'tcp' }],
  ownsEtcNetns: true,
  created: '2026-01-01T00:00:00Z',
}

const masquerade = { at: 'host', subnet: '10.0.0.0/8', out: null }

const made: string[] = []
afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function labs(records: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'labs-'))
  made.push(folder)
  mkdirSync(join(folder, '4026531840', 'lab'), { recursive: true })
  for (const [name, text] of Object.entries(records)) {
    writeFileSync(join(folder, '4026531840', 'lab', `${name}.json`), text)
  }
  return folder
}

test('records are read', () => {
  const folder = labs({
    'network-lab0': JSON.stringify(network),
    'node-web': JSON.stringify(node),
    'masquerade-x': JSON.stringify(masquerade),
  })
  expect(readLabs(folder)).toEqual([
    { host: '4026531840', networks: [network], nodes: [node], masquerades: [masquerade], unfinished: null },
  ])
})

test('a record that is being written is as if it were not there', () => {
  const folder = labs({ 'node-web': JSON.stringify(node).slice(0, 40), 'node-db': '' })
  expect(readLabs(folder)).toMatchObject([{ nodes: [] }])
})

test.each([
  ['node-web', { name: 'web' }],
  ['node-web', { ...node, endpoints: [{}] }],
  ['network-lab0', { ...network, subnets: null }],
  ['masquerade-x', []],
])('%s that is none makes the lab unknown, and names the file', (name, record) => {
  const found = readLabs(labs({ [name]: JSON.stringify(record) }))
  expect(isUnknown(found) && found.unknown).toContain(`lab/${name}.json is no record of a lab`)
})

/** Each with one thing in it left out, or of another type. */
function* broken(value: unknown): Generator<unknown> {
  for (const other of [null, 7, 1.5, 'x', true, {}, [], [null], { a: 1 }]) yield other
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    const others = Object.entries(value).filter(([other]) => other !== key)
    if (!Array.isArray(value)) yield Object.fromEntries(others)
    for (const less of broken(each)) {
      yield Array.isArray(value)
        ? value.with(Number(key), less)
        : Object.fromEntries([...others, [key, less]])
    }
  }
}

test.each([
  ['network', network, isNetworkRecord, labNetworkSchema],
  ['node', node, isNodeRecord, labNodeSchema],
  ['masquerade', masquerade, isMasqueradeRecord, labMasqueradeSchema],
] as const)('a broken %s is told as the schema tells it', (_, record, isRecord, schema) => {
  expect(isRecord(record)).toBe(true)
  const all = [...broken(record)]
  const differing = all.filter((each) => isRecord(each) !== schema.safeParse(each).success)
  expect(differing).toEqual([])
  expect(all.filter((each) => !isRecord(each)).length).toBeGreaterThan(20)
})
