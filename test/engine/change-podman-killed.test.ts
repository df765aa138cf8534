/**
 * Changes of a real Podman's networks, killed at moments of their steps and cleaned up: each kind at one moment of one step, there or on the way
 * back; VETHSCOPE_EVERY_STEP=1: at every moment of every step; VETHSCOPE_SEED for the same once more.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Intent } from '../../src/model/intent.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { podmanTools, startPodman, type PodmanHost } from '../support/podman.ts'
import { requires } from '../support/requires.ts'

const isWhole = (process.env['VETHSCOPE_EVERY_STEP'] ?? '') !== ''
const seed = Number(process.env['VETHSCOPE_SEED'] ?? Date.now() % 1_000_000)
const forward = ['before-step', 'after-step-line', 'during', 'after-command', 'after-step'] as const
const back = ['before-undo', 'after-undo-line', 'during-undo', 'after-undo-command', 'after-undo'] as const

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

  const said = ({ kind, ...rest }: Intent): string =>
    [kind, ...Object.values(rest).filter((each) => typeof each === 'string')].join(' ')

  test.each(intents.map((intent) => [said(intent), intent] as const))(
    `%s, killed (seed ${seed})`,
    { timeout: isWhole ? 1_800_000 : 240_000 },
    async (_, intent) => {
      const { length } = (await runner.plan(intent)).steps
      expect(length).toBeGreaterThan(0)
      for (const [moment, again] of killsOf(length, intents.indexOf(intent))) {
        const at = `${moment}${again === null ? '' : `, then ${again}`}`
        // A plan of each time: what was made again was made at another time.
        expect(await runner.killed(await runner.plan(intent), moment), at).toBe(true)
        if (again !== null) expect(await runner.cleanupKilled(again), at).toBe(true)
        const { cleaned } = await runner.cleanup()
        expect(cleaned, at).toMatchObject([{ applied: false, verified: true, left: [] }])
        await vi.waitFor(() => expect(stateNow(), at).toEqual(before), { timeout: 20_000, interval: 500 })
      }
      expect(await runner.cleanup()).toEqual({ cleaned: [] })
    },
  )
}
