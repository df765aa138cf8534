/** Changes of a real Podman's networks, killed at moments of their steps and cleaned up (test/support/kill-each.ts). */
import { afterAll, beforeAll } from 'vitest'
import type { Intent } from '../../src/model/intent.ts'
import { killEach } from '../support/kill-each.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { podmanTools, startPodman, type PodmanHost } from '../support/podman.ts'
import { requires } from '../support/requires.ts'

const podman = { engine: 'podman' } as const
const connection = { aliases: [], links: [], linkLocal: [], options: {} }

const intents: readonly Intent[] = [
  {
    kind: 'engine-net-create',
    ...podman,
    name: 'made',
    driver: 'bridge',
    subnets: [{ subnet: '10.90.0.0/24', ipRange: '10.90.0.128/25', auxAddresses: {} }],
    ipv6: false,
    internal: false,
    attachable: false,
    ingress: false,
    options: { 'com.docker.network.driver.mtu': '1400' },
    labels: { of: 'us' },
    swarmWide: false,
  },
  { kind: 'engine-net-rm', ...podman, name: 'idle', force: false, swarmWide: false },
  { kind: 'engine-net-rm', ...podman, name: 'busy', force: true, swarmWide: false },
  { kind: 'engine-net-prune', ...podman },
  {
    kind: 'engine-net-connect',
    ...podman,
    container: 'one',
    connection: { ...connection, network: 'idle', ip: '10.91.0.77', aliases: ['first'] },
  },
  { kind: 'engine-net-disconnect', ...podman, container: 'two', network: 'busy', force: false },
]

type Json = { readonly [key: string]: unknown }

if (requires({ root: true, tools: [...podmanTools, 'flock'] })) {
  let real: PodmanHost
  let runner: LabRunner
  let before: unknown

  /** Without ids, and when a network was made. */
  const stateNow = (): unknown => {
    const names = real.podman('network', 'ls', '--format', '{{.Name}}').split('\n').toSorted()
    const networks = JSON.parse(real.podman('network', 'inspect', ...names)) as readonly Json[]
    const containers = JSON.parse(real.podman('inspect', 'one', 'two', 'ended')) as readonly {
      readonly Name: string
      readonly NetworkSettings: { readonly Networks: Record<string, Json> | null }
    }[]
    return {
      networks: networks.map((each) => ({ ...each, created: null, id: null })),
      places: containers.map(({ Name, NetworkSettings: { Networks } }) => [Name, placesOf(Networks ?? {})]),
    }
  }
  /** An endpoint's id is another one each time. */
  const placesOf = (places: Record<string, Json>): Json =>
    Object.fromEntries(
      Object.entries(places)
        .map(([network, each]) => {
          const aliases = Array.isArray(each['Aliases']) ? (each['Aliases'] as readonly string[]) : []
          return [network, { ...each, EndpointID: null, Aliases: aliases.toSorted() }] as const
        })
        .toSorted(([a], [b]) => a.localeCompare(b)),
    )

  beforeAll(async () => {
    real = await startPodman()
    real.podman('network', 'create', '--subnet', '10.91.0.0/24', 'idle')
    real.podman('network', 'create', '--subnet', '10.92.0.0/24', '--label', 'a=b', '--internal', 'busy')
    real.podman('network', 'create', '--subnet', '10.93.0.0/24', 'empty')
    real.start('one', '--network', 'busy:ip=10.92.0.20')
    real.start('two', '--network', 'busy:alias=zwei,mac=02:00:00:00:00:22')
    real.start('ended', '--network', 'busy:alias=drei')
    real.podman('stop', '-t', '0', 'ended')
    runner = await labOn(real.host)
    before = stateNow()
  }, 240_000)

  afterAll(() => real?.end())

  killEach(intents, {
    runner: () => runner,
    state: () => stateNow(),
    before: () => before,
    limitMs: 240_000,
    settleMs: 20_000,
  })
}
