import { expect, test } from 'vitest'
import { withNetwork, withNode } from '../../../src/change/lab/lab.ts'
import type { Lab } from '../../../src/model/lab.ts'
import { member, network } from './support-nets.ts'

const empty: Lab = { networks: [], nodes: [], masquerades: [], unfinished: null }
const names = ['b', 'a-b', 'a', 'a.c', 'B']

/** How collect/lab reads them: in the order of their files' names. */
const asRead = names
  .map((name) => `network-${name}.json`)
  .toSorted()
  .map((file) => file.slice('network-'.length, -'.json'.length))

test('networks and nodes stand in the order in which they are read again, whenever they came', () => {
  const lab = names.reduce(
    (all, name) => withNode(withNetwork(all, { ...network, name }), member(name)),
    empty,
  )
  expect(lab.networks.map(({ name }) => name)).toEqual(asRead)
  expect(lab.nodes.map(({ name }) => name)).toEqual(asRead)
})

test('one of the same name takes its place', () => {
  const lab = withNetwork(withNetwork(empty, network), { ...network, mtu: 1400 })
  expect(lab.networks.map(({ mtu }) => mtu)).toEqual([1400])
})
