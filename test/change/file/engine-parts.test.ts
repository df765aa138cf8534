/** What a file says of Docker, held against hosts with one and without. */
import { expect, test } from 'vitest'
import { composed } from '../../../src/change/file/composed.ts'
import { wantsOf } from '../../../src/change/file/net-apply.ts'
import { planOf } from '../../../src/change/plan-of.ts'
import type { PlanContext } from '../../../src/change/planner.ts'
import type { World } from '../../../src/model/world.ts'
import { readNetworkFile } from '../../../src/netfile/read-network-file.ts'
import { docker, hostWith } from '../engine/support-engine.ts'
import { context as bare } from '../lab/support-nets.ts'

const context: PlanContext = { ...bare, tools: new Set([...bare.tools, 'curl', 'conntrack']) }

type How = { readonly remove?: boolean; readonly replace?: boolean }

function asked(world: World, text: string, { remove = false, replace = false }: How = {}) {
  const read = readNetworkFile(`vethscope: 1\n${text}`, 'lab.yaml')
  if (!read.ok) throw new Error(read.failure.what)
  const intent = { kind: 'net-apply', file: read.value, remove, replace } as const
  const plan = planOf(world, intent, context)
  const whole = composed({ world, context }, wantsOf(intent), planOf)
  return {
    notes: plan.ok ? plan.value.notes : [],
    steps: plan.ok ? plan.value.steps.map(({ title }) => title) : [],
    refusals: plan.ok
      ? []
      : plan.refusals.map(({ what, hint, path = [] }) => ({ at: path.join('.'), what, hint })),
    after: whole.ok ? whole.value.after.world : world,
  }
}

const mixed = [
  'networks:',
  '  shop: {engine: docker}',
  'containers:',
  '  c1: {networks: [shop]}',
  '  p1: {engine: podman, networks: [pods]}',
  'nodes:',
  '  lone: {mode: none}',
].join('\n')

test('where there is no such engine nothing of it can be taken away, and that is said', () => {
  const { after } = asked(hostWith(), 'nodes:\n  lone: {mode: none}')
  expect(asked(after, mixed, { remove: true })).toMatchObject({
    notes: [
      'remove node lone',
      'what the file names of docker is passed over: there is no Docker on this host',
      'what the file names of podman is passed over: there is no Podman on this host',
    ],
    refusals: [],
  })
  expect(asked(hostWith(), mixed, { remove: true })).toMatchObject({
    notes: [
      'nothing of it is there',
      'what the file names of docker is passed over: there is no Docker on this host',
      'what the file names of podman is passed over: there is no Podman on this host',
    ],
    steps: [],
    refusals: [],
  })
})

test('of one that does not answer nobody knows what is there', () => {
  const silent = hostWith(docker({ containers: { unknown: 'no answer in 2 s' } }))
  const { refusals } = asked(silent, 'containers:\n  c1: {networks: [own]}', { remove: true })
  expect(refusals.map(({ what }) => what)).toEqual([expect.stringContaining('no answer in 2 s')])
})

const manager = { nodeId: 'n', address: '192.0.2.2', isManager: true }
const overlay = (more = ''): string =>
  `networks:\n  far: {engine: docker, driver: overlay, attachable: true${more}}`

test('an overlay is on every host of its swarm: made, made again and removed only where the file says that this is meant', () => {
  const host = hostWith(docker({ swarm: manager }))
  expect(asked(host, overlay()).refusals).toEqual([
    {
      at: 'networks.far',
      what: 'network far concerns every host of the swarm, not this one alone',
      hint: 'say --swarm-wide, or swarm_wide: true in a file, if that is meant',
    },
  ])
  const wide = ', swarm_wide: true'
  const made = asked(host, overlay(wide))
  expect(made).toMatchObject({ steps: ['make network far of Docker'], refusals: [] })
  expect(asked(made.after, overlay(wide)).steps).toEqual([])
  expect(asked(made.after, overlay(`${wide}, internal: true`), { replace: true })).toMatchObject({
    steps: ['remove network far of Docker', 'make network far of Docker'],
    refusals: [],
  })
  expect(asked(made.after, overlay(), { remove: true }).refusals).toHaveLength(1)
  expect(asked(made.after, overlay(wide), { remove: true })).toMatchObject({
    steps: ['remove network far of Docker'],
    refusals: [],
  })
})

test('no other network is of a whole swarm', () => {
  expect(asked(hostWith(docker()), 'networks:\n  a: {engine: docker, swarm_wide: true}').refusals).toEqual([
    {
      at: 'networks.a',
      what: 'network a of docker cannot have swarm_wide: its driver is bridge, and only an overlay is on every host of a swarm',
      hint: 'driver: overlay',
    },
  ])
  expect(asked(hostWith(), 'networks:\n  a: {swarm_wide: true}').refusals).toMatchObject([
    { what: 'network a of the lab cannot have swarm_wide: that is Docker’s' },
  ])
})
