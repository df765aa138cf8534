/** What is told of a World; each check by itself is tried on the real kernel (test/live/findings.test.ts). */
import { expect, test } from 'vitest'
import { findings, findingsSteps } from '../../../src/derive/findings/findings.ts'
import type { Chain, Rule } from '../../../src/model/ruleset.ts'
import type { World } from '../../../src/model/world.ts'
import { manyPorts, piecesOf } from '../../support/many-ports.ts'
import { netns, world } from '../../support/world.ts'

const rule = (number: number, kind: 'accept' | 'drop'): Rule => ({
  number,
  handle: number,
  matches: [],
  statements: [{ kind }],
  text: kind,
  packets: null,
  bytes: null,
  comment: null,
})

function chain(name: string): Chain {
  const plain = { handle: 1, type: null, hook: null, priority: null, devices: [], policy: null }
  return { ...plain, name, packets: null, bytes: null, rules: [rule(1, 'drop'), rule(2, 'accept')] }
}

function worldWith(chains: number): World {
  const table = {
    backend: 'nft' as const,
    family: 'inet' as const,
    name: 'fw',
    handle: 1,
    flags: [],
    chains: Array.from({ length: chains }, (_, at) => chain(`c${at}`)),
    sets: [],
    flowtables: [],
  }
  const firewall = { generation: 1, tables: [table], unread: [], ipsets: [], ipvs: [] }
  return world([netns(1, 'host', { firewall })])
}

const hostWith = (chains: number): ReturnType<typeof findings> => findings(worldWith(chains))

test('of thousands alike the first are told, and how many more there are', () => {
  expect(hostWith(20).findings).toHaveLength(20)
  const many = hostWith(3000).findings
  expect(many).toHaveLength(21)
  expect(many.at(-1)).toMatchObject({
    id: 'F38',
    subject: 'c2999 2',
    says: expect.stringContaining('2980 more'),
  })
})

test('a finding about a rule says which', () => {
  expect(hostWith(1).findings[0]?.rule).toEqual({
    netns: '1',
    backend: 'nft',
    family: 'inet',
    table: 'fw',
    chain: 'c0',
    number: 2,
  })
})

test('thousands of rules are gone through in small pieces', () => {
  const pieces = (count: number): number => piecesOf(findingsSteps(manyPorts(count))).pieces
  // Each port has pieces of its own: as it is found, as it is resolved, and in the checks of ports.
  expect(pieces(2000) - pieces(1000)).toBeGreaterThanOrEqual(4000)
})
