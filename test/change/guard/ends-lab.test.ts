/** A namespace that plays the host of a lab is not taken away with the lab in it. */
import { expect, test } from 'vitest'
import { endsLab } from '../../../src/change/guard/ends-lab.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { HostLab } from '../../../src/model/lab.ts'
import type { Fact, Plan } from '../../../src/model/plan.ts'
import type { World } from '../../../src/model/world.ts'
import { netns, world } from '../../support/world.ts'

const lab = (host: number, fields: Partial<HostLab> = {}): HostLab => ({
  host: netnsId(host),
  networks: [],
  nodes: [{ name: 'far1', mode: 'bridge', of: null, endpoints: [], ports: [], created: '' }],
  masquerades: [],
  unfinished: null,
  ...fields,
})

function host(names: readonly string[], labs: World['labs']): World {
  return world(
    [
      netns(100, 'host', { names: [{ name: 'host', source: 'host', path: null }] }),
      netns(200, 'host1', {
        names: names.map((name) => ({ name, source: 'named', path: `/run/netns/${name}` })),
      }),
    ],
    { labs },
  )
}

function removing(...facts: readonly (readonly [name: string, there: boolean])[]): Plan {
  const after = facts.map(([name, there]): Fact => ({ kind: 'netns', name, there }))
  const step = { title: '', command: { argv: ['ip'] }, undo: [], before: [], after, touches: [] }
  return { intent: { kind: 'netns-rm', name: 'host1' }, title: '', steps: [step], notes: [] }
}

const says = (
  labs: World['labs'],
  plan = removing(['host1', false]),
  names: readonly string[] = ['host1'],
  dead = false,
): readonly string[] => endsLab(host(names, labs), plan, () => dead).map(({ what }) => what)

test('with its last name the lab in it would go', () => {
  const lost = ['netns host1 plays the host of a lab (node far1), which would be lost with it']
  expect(says([lab(200)])).toEqual(lost)
  expect(says([lab(200)], removing(['host1', false], ['other', false]), ['host1', 'other'])).toEqual(lost)
})

test('not where another name stays, where it comes back, where the lab is empty, the host’s own or a dead one’s', () => {
  expect(says([lab(200)], undefined, ['host1', 'other'])).toEqual([])
  expect(says([lab(200)], removing(['host1', false], ['host1', true]))).toEqual([])
  expect(says([lab(200)], removing(['far1', false]))).toEqual([])
  expect(says([lab(200, { nodes: [] })])).toEqual([])
  expect(says([lab(100)])).toEqual([])
  expect(says([lab(200)], undefined, undefined, true)).toEqual([])
  expect(says([lab(300)])).toEqual([])
  expect(says({ unknown: 'permission denied' })).toEqual([])
})
