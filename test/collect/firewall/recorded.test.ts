/**
 * What nft 1.0.6 of Debian 12 printed of the dialects (as JSON, and in words for people at the same moment), and of every
 * form that its grammar and our kernel took.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseNftJson } from '../../../src/collect/firewall/parse-nft-json.ts'
import { nftListed, nftSpelled } from './nft-listed.ts'

const folder = new URL('recorded/', import.meta.url).pathname
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.nft-j'))
  .map((file) => file.replace('.nft-j', ''))
const content = (file: string) => readFileSync(folder + file, 'utf8')

function tablesOf(name: string) {
  const parsed = parseNftJson(content(`${name}.nft-j`))
  if (!parsed.ok) throw new Error(parsed.failure.what)
  return parsed.value
}

/** Where our words for an expression are not nft's: a default that it leaves out, and what stays JSON. */
const otherwise = /^(iif "lo" oif != "lo" reject|meter )/
const comparable = (chains: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(
    Object.entries(chains).map(([chain, rules]) => [chain, rules.filter((rule) => !otherwise.test(rule))]),
  )

test.each(names)('%s: each rule in its place, in nft’s own words', (name) => {
  const own = nftListed(content(`${name}.nft-a`))
  const read = nftSpelled(tablesOf(name))
  expect(Object.values(own).flat().length).toBeGreaterThan(10)
  expect(Object.values(read).flat()).toHaveLength(Object.values(own).flat().length)
  expect(comparable(read)).toEqual(comparable(own))
})

/** What of the dialects is not typed; a path that meets it is unknown. */
const opaque: Readonly<Record<string, readonly string[]>> = {
  'docker-29': [],
  netavark: [],
  'kube-proxy': ['meta mark set meta mark ^ 0x00004000'],
  firewalld: ['ct helper set "helper-ftp-tcp"', 'fib saddr . mark . iif oif missing'],
  incus: ['ct mark set meta mark', 'ip version 4', 'meta mark set ct mark'],
}

test.each(Object.entries(opaque))('%s: what is understood', (name, texts) => {
  const rules = tablesOf(name).flatMap(({ chains }) => chains.flatMap(({ rules }) => rules))
  const left = rules
    .flatMap(({ matches, statements }) => [...matches, ...statements])
    .flatMap((each) => (each.kind === 'opaque' ? [each.text] : []))
  expect([...new Set(left)].toSorted()).toEqual(texts)
})

test('sets and verdict maps of the dialects', () => {
  const setsOf = (name: string) =>
    tablesOf(name).flatMap(({ sets }) =>
      sets.map((set) => [set.kind, set.name, set.type, set.elements.length]),
    )
  expect(setsOf('kube-proxy')).toEqual([
    ['set', 'cluster-ips', 'ipv4_addr', 2],
    ['set', 'nodeport-ips', 'ipv4_addr', 1],
    ['map', 'firewall-ips', 'ipv4_addr . inet_proto . inet_service : verdict', 0],
    ['map', 'no-endpoint-services', 'ipv4_addr . inet_proto . inet_service : verdict', 1],
    ['map', 'service-ips', 'ipv4_addr . inet_proto . inet_service : verdict', 2],
    ['map', 'service-nodeports', 'inet_proto . inet_service : verdict', 1],
  ])
  expect(
    tablesOf('docker-29')[0]
      ?.sets[0]?.elements.map(({ key, value }) => [key, value])
      .toSorted(),
  ).toEqual([
    ['docker0', 'jump filter-forward-in__docker0'],
    ['web0', 'jump filter-forward-in__web0'],
  ])
})
