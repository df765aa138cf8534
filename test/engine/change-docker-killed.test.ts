/**
 * Changes of a real Docker's networks, killed at moments of their steps and cleaned up: each kind at one moment of one step, there or on the way back;
 * VETHSCOPE_EVERY_STEP=1: at every moment of every step; VETHSCOPE_SEED for the same once more.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Intent } from '../../src/model/intent.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { dockerState } from '../support/docker-state.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { requires } from '../support/requires.ts'

const isWhole = (process.env['VETHSCOPE_EVERY_STEP'] ?? '') !== ''
const seed = Number(process.env['VETHSCOPE_SEED'] ?? Date.now() % 1_000_000)
const forward = ['before-step', 'after-step-line', 'during', 'after-command', 'after-step'] as const
const back = ['before-undo', 'after-undo-line', 'during-undo', 'after-undo-command', 'after-undo'] as const

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

/** At what it is killed, and then at what cleaning up after that is (null: not). */
type Kill = readonly [moment: string, again: string | null]

function killsOf(steps: number, kind: number): readonly Kill[] {
  const numbers = Array.from({ length: steps }, (_, at) => at + 1)
  const there = numbers.flatMap((step) => forward.map((moment): Kill => [`${moment}:${step}`, null]))
  const again = numbers.flatMap((step) =>
    back.map((moment): Kill => [`after-step:${steps}`, `${moment}:${step}`]),
  )
  if (isWhole) return [...there, ...again]
  const one = (seed + kind) % 2 === 0 ? there : again
  const at = (seed + kind) % one.length
  return one.slice(at, at + 1)
}

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

  const said = ({ kind, ...rest }: Intent): string =>
    [kind, ...Object.values(rest).filter((each) => typeof each === 'string')].join(' ')

  test.each(intents.map((intent) => [said(intent), intent] as const))(
    `%s, killed (seed ${seed})`,
    { timeout: isWhole ? 900_000 : 120_000 },
    async (_, intent) => {
      const { length } = (await runner.plan(intent)).steps
      expect(length).toBeGreaterThan(0)
      for (const [moment, again] of killsOf(length, intents.indexOf(intent))) {
        const at = `${moment}${again === null ? '' : `, then ${again}`}`
        // A plan of each time: what was made again has other ids.
        expect(await runner.killed(await runner.plan(intent), moment), at).toBe(true)
        if (again !== null) expect(await runner.cleanupKilled(again), at).toBe(true)
        const { cleaned } = await runner.cleanup()
        expect(cleaned, at).toMatchObject([{ applied: false, verified: true, left: [] }])
        await vi.waitFor(() => expect(stateOf(engine), at).toEqual(before), {
          timeout: 5000,
          interval: 200,
        })
      }
      expect(await runner.cleanup()).toEqual({ cleaned: [] })
    },
  )
}
