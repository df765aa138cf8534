import { expect, test } from 'vitest'
import { checkFact } from '../../../src/change/check/check-fact.ts'
import { sayDifference } from '../../../src/change/check/say-difference.ts'
import type { EngineNetwork } from '../../../src/model/engine.ts'
import { isUnknown, unknown } from '../../../src/model/known.ts'
import type { Fact } from '../../../src/model/plan.ts'
import type { World } from '../../../src/model/world.ts'
import { container, endpoint, engine, network } from '../../support/engine.ts'
import { netns, world } from '../../support/world.ts'

const socket = '/run/docker.sock'
const web = network('web', 'br-web', {
  subnets: [
    { subnet: '10.5.0.0/24', gateway: null },
    { subnet: 'fd00:5::/64', gateway: null },
  ],
})

const having = (
  networks: readonly EngineNetwork[],
  containers: Parameters<typeof engine>[0] = [
    container('one', 5, {
      endpoints: [endpoint('web', { ipv4: '10.5.0.9/24', ipv6: 'fd00:5::9/64', mac: '02:42:0a:05:00:09' })],
    }),
  ],
): World => world([netns(1, 'host')], { engines: [engine(containers, { networks: [...networks] })] })

const files = new Map()
const is = (fact: Fact, at: World) => checkFact(fact, at, files)
const says = (fact: Fact, at: World) => sayDifference(fact, at, files)

type NetworkFact = Extract<Fact, { readonly kind: 'engine-network' }>
type EndpointFact = Extract<Fact, { readonly kind: 'engine-endpoint' }>
const netFact = (there: boolean, more: Partial<NetworkFact> = {}): NetworkFact => ({
  kind: 'engine-network',
  engine: 'docker',
  socket,
  name: 'web',
  there,
  ...more,
})
const endFact = (there: boolean, more: Partial<EndpointFact> = {}): EndpointFact => ({
  kind: 'engine-endpoint',
  engine: 'docker',
  socket,
  network: 'web',
  container: 'one',
  there,
  ...more,
})

test('a network is there by its name, or not', () => {
  expect([is(netFact(true), having([web])), is(netFact(false), having([web]))]).toEqual([true, false])
  expect([is(netFact(true), having([])), is(netFact(false), having([]))]).toEqual([false, true])
  expect(says(netFact(true), having([]))).toBe('network web of docker is not there')
  expect(says(netFact(false), having([web]))).toBe('network web of docker is there')
})

test('of two with one name neither is the one, and neither is gone', () => {
  const twice = having([web, { ...web, id: 'other' }])
  expect([is(netFact(true), twice), is(netFact(false), twice)]).toEqual([false, false])
  expect(says(netFact(true), twice)).toBe('network web of docker is there 2 times')
})

test('what it should be like is compared, however it is spelled and ordered', () => {
  const like = (facts: NonNullable<NetworkFact['is']>) => is(netFact(true, { is: facts }), having([web]))
  expect(like({ driver: 'bridge', subnets: ['fd00:0005:0::/64', '10.5.0.0/24'], internal: false })).toBe(true)
  expect(like({ subnets: ['10.5.0.0/24'] })).toBe(false)
  expect(like({ driver: 'macvlan' })).toBe(false)
  const internal = netFact(true, { is: { internal: true } })
  expect(says(internal, having([web]))).toBe('network web of docker has internal false, not true')
})

test('a container is on a network, with what it should have there', () => {
  const here = having([web])
  expect([is(endFact(true), here), is(endFact(false), here)]).toEqual([true, false])
  expect(is(endFact(true, { container: 'two' }), here)).toBe(false)
  expect(is(endFact(true, { network: 'other' }), here)).toBe(false)
  const like = (facts: NonNullable<EndpointFact['is']>) => is(endFact(true, { is: facts }), here)
  expect(like({ ipv4: '10.5.0.9', ipv6: 'FD00:5:0::9', mac: '02:42:0A:05:00:09' })).toBe(true)
  expect(like({ ipv4: '10.5.0.8' })).toBe(false)
  expect(like({ ipv6: null })).toBe(false)
  expect(says(endFact(true, { is: { ipv4: '10.5.0.8' } }), here)).toBe(
    'container one on network web of docker has ipv4 10.5.0.9, not 10.5.0.8',
  )
})

test('an engine that was not read leaves it open, with the reason', () => {
  const silent = having([], unknown('no answer'))
  const gone = world([netns(1, 'host')], { engines: [] })
  expect(isUnknown(is(endFact(true), silent))).toBe(true)
  for (const fact of [netFact(true), netFact(false), endFact(false)]) {
    expect(is(fact, gone)).toEqual({ unknown: 'nothing answers at /run/docker.sock' })
    expect(is(fact, { ...gone, engines: unknown('not asked') })).toEqual({ unknown: 'not asked' })
  }
  expect(says(endFact(true), silent)).toContain('cannot tell whether container one')
})
