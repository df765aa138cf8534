/** Overlays of a real Swarm of two nodes, made and removed by vethscope: as the docker client makes them, on every host. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { IntentOf } from '../../src/model/intent.ts'
import { dockerTools, image, type DockerHost } from '../support/docker.ts'
import { networkState, placesOf } from '../support/docker-state.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { requires } from '../support/requires.ts'
import { startSwarm, type Swarm } from '../support/swarm.ts'

const vniOption = 'com.docker.network.driver.overlay.vxlanid_list'
const limitMs = 30_000

describe.runIf(requires({ root: true, tools: [...dockerTools, 'flock'] }))('overlays of a Swarm', () => {
  let swarm: Swarm
  let manager: DockerHost
  let worker: DockerHost
  let runner: LabRunner

  beforeAll(async () => {
    swarm = await startSwarm()
    ;[manager, worker] = swarm.nodes
    runner = await labOn(manager.host)
  })
  afterAll(() => swarm?.end())

  const overlay = (more: Partial<IntentOf<'engine-net-create'>> = {}): IntentOf<'engine-net-create'> => ({
    kind: 'engine-net-create',
    engine: 'docker',
    name: 'ov2',
    driver: 'overlay',
    subnets: [{ subnet: '10.78.0.0/24', auxAddresses: {} }],
    ipv6: false,
    internal: false,
    attachable: true,
    ingress: false,
    options: {},
    labels: { of: 'us' },
    swarmWide: true,
    ...more,
  })
  const removal = (name: string, more = {}): IntentOf<'engine-net-rm'> => ({
    kind: 'engine-net-rm',
    engine: 'docker',
    name,
    force: false,
    swarmWide: true,
    ...more,
  })
  const names = (node: DockerHost): readonly string[] =>
    node.docker('network', 'ls', '--format', '{{.Name}}').split('\n')
  const goneFrom = (node: DockerHost, name: string): Promise<void> =>
    vi.waitFor(() => expect(names(node)).not.toContain(name), { timeout: limitMs, interval: 200 })

  /** Which number is free is the Swarm's to say. */
  const withoutVni = (state: unknown): unknown =>
    JSON.parse(JSON.stringify(state, (key, value: unknown) => (key === vniOption ? 'a number' : value)))

  test('refused where it is not said that the whole Swarm is meant, and where the host does not manage it', async () => {
    for (const intent of [overlay({ swarmWide: false }), removal('ov1', { swarmWide: false })])
      expect((await runner.refusals(intent)).join()).toContain('concerns every host of the swarm')
    const elsewhere = await labOn(worker.host)
    for (const intent of [overlay(), removal('ov1')])
      expect((await elsewhere.refusals(intent)).join()).toContain('does not manage it')
  })

  test('made as the docker client makes it, and taken back', async () => {
    const before = names(manager)
    const create = ['network', 'create', '-d', 'overlay', '--attachable'] as const
    manager.docker(...create, '--subnet', '10.78.0.0/24', '--label', 'of=us', 'ov2')
    const wanted = withoutVni(networkState(manager, 'ov2'))
    manager.docker('network', 'rm', 'ov2')
    await goneFrom(manager, 'ov2')
    const { steps } = await runner.change(overlay())
    expect(steps.at(-1)?.says).toMatch(/^id [0-9a-z]{12}$/)
    expect(withoutVni(networkState(manager, 'ov2'))).toEqual(wanted)
    await runner.undo()
    await goneFrom(manager, 'ov2')
    expect(names(manager)).toEqual(before)
  })

  test('killed while it is made, and cleaned up', async () => {
    const before = names(manager)
    for (const moment of ['during:1', 'after-command:1'] as const) {
      expect(await runner.killed(await runner.plan(overlay()), moment)).toBe(true)
      const { cleaned } = await runner.cleanup()
      expect(cleaned, moment).toMatchObject([{ applied: false, verified: true, left: [] }])
      await goneFrom(manager, 'ov2')
      expect(names(manager), moment).toEqual(before)
    }
  })

  test('removed with who is on it, and made again: the same number, addresses and aliases', async () => {
    await runner.change(overlay())
    manager.docker(
      'run',
      '-d',
      '--name',
      'here',
      '--network',
      'ov2',
      '--network-alias',
      'hier',
      image,
      '/bin/sleep',
      '3600',
    )
    const [before, place] = [networkState(manager, 'ov2'), addressOf(placesOf(manager, 'here')['ov2'])]
    const removed = await runner.change(removal('ov2', { force: true }))
    expect(removed.steps.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
    await goneFrom(manager, 'ov2')
    await runner.undo()
    const after = networkState(manager, 'ov2')
    expect(optionsOf(after)).toEqual(optionsOf(before))
    expect(addressOf(placesOf(manager, 'here')['ov2'])).toEqual(place)
  })

  test('in use on the other host alone: the Swarm’s own words, and all stays', async () => {
    worker.docker('run', '-d', '--name', 'there', '--network', 'ov2', image, '/bin/sleep', '3600')
    manager.docker('rm', '-f', 'here')
    const told = await runner.apply(await runner.plan(removal('ov2')))
    expect(told).toMatchObject({ applied: false, left: [], error: { exitCode: 22 } })
    expect(told.error?.stderr).toMatch(/in use/)
    expect(names(manager)).toContain('ov2')
    expect(worker.docker('exec', 'there', '/bin/ip', 'addr')).toContain('10.78.0.')
  })
})

function addressOf(place: unknown): unknown {
  const { IPAddress, Aliases } = place as Readonly<Record<string, unknown>>
  return { IPAddress, Aliases }
}

function optionsOf(network: unknown): unknown {
  const { Options, IPAM, Attachable, Labels } = network as Readonly<Record<string, unknown>>
  return { Options, IPAM, Attachable, Labels }
}
