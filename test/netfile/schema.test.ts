/** The JSON Schema that editors read and the check that the program makes must say the same. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'

const root = new URL('../../', import.meta.url)
const json = JSON.parse(readFileSync(new URL('docs/network-file.schema.json', root), 'utf8')) as Parameters<
  typeof z.fromJSONSchema
>[0]
const schema = z.fromJSONSchema(json)

const good: Readonly<Record<string, string>> = {
  'nothing but its number': 'vethscope: 1',
  'short forms': 'vethscope: 1\nnetworks: { a: { subnets: [10.9.0.0/24] } }\nnodes: { n: { networks: [a] } }',
  'long forms':
    'vethscope: 1\nnetworks: { a: { subnets: [{ subnet: 10.9.0.0/24, ip_range: 10.9.0.128/25 }] } }\nnodes: { n: { networks: [{ name: a, ip: 10.9.0.130, links: [] }] } }',
  'both forms in one list':
    'vethscope: 1\nnetworks: { a: { subnets: [10.9.0.0/24, { subnet: fd00::/64 }] } }',
  'a link': 'vethscope: 1\nlinks: [{ ends: [{ in: a, name: x }, { in: b, name: y }], mtu: 1400 }]',
  'every key of a network':
    'vethscope: 1\nnetworks: { a: { engine: docker, driver: macvlan, internal: true, ipv6: false, icc: true, masquerade: true, mtu: 1400, bridge: b, mac: x, parent: p, mode: m, vxlan: { vni: 1, remotes: [] }, attachable: true, options: { a: b }, labels: { c: d } } }',
}

const bad: Readonly<Record<string, string>> = {
  'no number': 'networks: {}',
  'another number': 'vethscope: 2',
  'a key that is none': 'vethscope: 1\nnetwork: {}',
  'a key of a network that is none': 'vethscope: 1\nnetworks: { a: { subnet: 10.9.0.0/24 } }',
  'nothing for a network': 'vethscope: 1\nnetworks: { a: }',
  'an engine that is none': 'vethscope: 1\nnetworks: { a: { engine: lxd } }',
  'a word for a truth': 'vethscope: 1\nnetworks: { a: { internal: "yes" } }',
  'a number for a name': 'vethscope: 1\nnodes: { n: { networks: [1] } }',
  'a connection without its name': 'vethscope: 1\nnodes: { n: { networks: [{ ip: 10.0.0.1 }] } }',
  'a mode that is none': 'vethscope: 1\nnodes: { n: { mode: nat } }',
  'a link with one end': 'vethscope: 1\nlinks: [{ ends: [{ in: a, name: x }] }]',
  'a link with three ends':
    'vethscope: 1\nlinks: [{ ends: [{ in: a, name: x }, { in: b, name: y }, { in: c, name: z }] }]',
  'half a number': 'vethscope: 1\nnetworks: { a: { mtu: 1.5 } }',
  'a VNI beyond 24 bits': 'vethscope: 1\nnetworks: { a: { vxlan: { vni: 16777216, remotes: [] } } }',
  'a lab for containers': 'vethscope: 1\ncontainers: { c: { engine: lab, networks: [] } }',
  'a number for a label': 'vethscope: 1\nnetworks: { a: { labels: { x: 1 } } }',
}

test.each([
  ...Object.entries(good).map(([what, text]) => [what, text, true] as const),
  ...Object.entries(bad).map(([what, text]) => [what, text, false] as const),
])('%s', (_, text, isGood) => {
  expect(schema.safeParse(parse(text)).success).toBe(isGood)
  expect(readNetworkFile(text, 'x').ok).toBe(isGood)
})

const examples = readdirSync(new URL('examples/', root), { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.yaml'),
)

test.each(examples)('examples/%s', (name) => {
  const text = readFileSync(new URL(`examples/${name}`, root), 'utf8')
  expect(schema.safeParse(parse(text)).success).toBe(true)
})
