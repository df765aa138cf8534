/** Changes of a real Docker's networks, killed at moments of their steps and cleaned up (test/support/kill-each.ts). */
import { afterAll, beforeAll } from 'vitest'
import type { Intent } from '../../src/model/intent.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { dockerState } from '../support/docker-state.ts'
import { killEach } from '../support/kill-each.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { requires } from '../support/requires.ts'

const docker = { engine: 'docker' } as const
const connection = { aliases: [], links: [], linkLocal: [], options: {} }

const intents: readonly Intent[] = [
  {
    kind: 'engine-net-create',
    ...docker,
    name: 'made',
    driver: 'bridge',
    subnets: [{ subnet: '10.90.0.0/24', ipRange: '10.90.0.128/25', auxAddresses: { router: '10.90.0.5' } }],
    ipv6: false,
    internal: false,
    attachable: true,
    ingress: false,
    options: { 'com.docker.network.driver.mtu': '1400' },
    labels: { of: 'us' },
    swarmWide: false,
  },
  { kind: 'engine-net-rm', ...docker, name: 'idle', force: false, swarmWide: false },
  { kind: 'engine-net-rm', ...docker, name: 'busy', force: true, swarmWide: false },
  { kind: 'engine-net-prune', ...docker },
  {
    kind: 'engine-net-connect',
    ...docker,
    container: 'one',
    connection: {
      ...connection,
      network: 'idle',
      ip: '10.91.0.77',
      aliases: ['first'],
      links: ['two:other'],
    },
  },
  { kind: 'engine-net-disconnect', ...docker, container: 'two', network: 'busy', force: false },
]

/**
 * Without what was asked for: on the way back the address that it had is asked for, also where the engine had chosen it. Where there
 * are no options some answers have null, others an empty object.
 */
function stateOf(engine: DockerHost): unknown {
  return JSON.parse(
    JSON.stringify(dockerState(engine), (key, value: unknown) =>
      key === 'IPAMConfig' ? undefined : key === 'DriverOpts' ? (value ?? {}) : value,
    ),
  )
}

if (requires({ root: true, tools: [...dockerTools, 'flock'] })) {
  let engine: DockerHost
  let runner: LabRunner
  let before: unknown

  beforeAll(async () => {
    engine = await startDocker()
    engine.docker('network', 'create', '--subnet', '10.91.0.0/24', 'idle')
    engine.docker('network', 'create', '--subnet', '10.92.0.0/24', '--label', 'a=b', '--internal', 'busy')
    engine.docker('network', 'create', '--subnet', '10.93.0.0/24', 'empty')
    const run = ['run', '-d', '--network', 'busy'] as const
    engine.docker(...run, '--name', 'one', '--ip', '10.92.0.20', image, '/bin/sleep', '3600')
    engine.docker(
      ...run,
      '--name',
      'two',
      '--network-alias',
      'zwei',
      '--hostname',
      'host2',
      image,
      '/bin/sleep',
      '3600',
    )
    engine.docker('network', 'connect', 'bridge', 'two')
    runner = await labOn(engine.host)
    before = stateOf(engine)
  }, 120_000)

  afterAll(() => engine.end())

  killEach(intents, {
    runner: () => runner,
    state: () => stateOf(engine),
    before: () => before,
    limitMs: 120_000,
    settleMs: 5000,
  })
}
