/** Networks of a real Docker changed by vethscope: what was there comes back, what was not asked for stays, Docker's own words are shown. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ChangeResult } from '../../src/model/change-result.ts'
import { dockerState, type DockerState } from '../support/docker-state.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

const docker = { engine: 'docker' } as const
const create = {
  kind: 'engine-net-create',
  ...docker,
  driver: 'bridge',
  ipv6: false,
  internal: false,
  attachable: false,
  ingress: false,
  options: {},
  labels: {},
  swarmWide: false,
} as const

describe.runIf(requires({ root: true, tools: [...dockerTools, 'iptables-save', 'flock'] }))(
  'networks of a real Docker',
  () => {
    let engine: DockerHost
    let runner: LabRunner
    let main: string
    let before: DockerState

    const vethscope = (...args: readonly string[]) => engine.host.try([process.execPath, main, ...args])
    const routes = (name: string): string =>
      engine.docker('exec', name, 'ip', 'route').replaceAll(/ dev eth\d+/g, '')

    beforeAll(async () => {
      main = join(await buildVethscope(), 'main.js')
      engine = await startDocker()
      const net = (...words: readonly string[]): string => engine.docker('network', 'create', ...words)
      // Of several networks Docker takes the first by name for the default route.
      net('--subnet', '10.5.0.0/24', '--label', 'of=us', 'front')
      net('auto')
      net('--internal', '--subnet', '10.7.0.0/24', 'alone')
      net('idle')
      net('waited')
      const run = (name: string, ...words: readonly string[]): string =>
        engine.docker('run', '-d', '--name', name, ...words, image, '/bin/sleep', '3600')
      run('c1', '--network', 'front', '--ip', '10.5.0.9', '--network-alias', 'www')
      run('c2', '--network', 'front', '-p', '8080:80')
      engine.docker('network', 'connect', '--alias', 'a', 'auto', 'c1')
      engine.docker('network', 'connect', '--ip', '10.7.0.7', '--link', 'c2:other', 'alone', 'c1')
      engine.docker('create', '--name', 's1', '--network', 'waited', image, '/bin/sleep', '1')
      runner = await labOn(engine.host)
      before = dockerState(engine)
    }, 120_000)

    afterAll(async () => {
      await engine?.end()
    })

    test(
      'removed with its members and brought back: addresses, aliases, links, routes',
      { timeout: 90_000 },
      async () => {
        const way = routes('c1')
        const { steps } = await runner.change({
          kind: 'engine-net-rm',
          ...docker,
          name: 'front',
          force: true,
          swarmWide: false,
        })
        expect(steps.map(({ title }) => title)).toEqual([
          expect.stringMatching(/^take c[12] off network front of Docker$/),
          expect.stringMatching(/^take c[12] off network front of Docker$/),
          'remove network front of Docker',
        ])
        expect(engine.docker('network', 'ls', '--format', '{{.Name}}')).not.toContain('front')
        const undone = await runner.undo()
        expect(dockerState(engine)).toEqual({
          ...before,
          containers: withAsked(before, 'c2', 'front', '10.5.0.2'),
        })
        expect(routes('c1')).toBe(way)
        const id = engine.docker('network', 'inspect', '-f', '{{.Id}}', 'front')
        expect(undone.steps.map(({ says }) => says)).toContain(`id ${id.slice(0, 12)}`)
        // Names are resolved again.
        expect(engine.docker('exec', 'c2', 'ping', '-c', '1', 'www')).toContain('10.5.0.9')
        before = dockerState(engine)
      },
    )

    test(
      'one whose subnet Docker chose: members have their addresses again',
      { timeout: 90_000 },
      async () => {
        const [, places] = before.containers.find(([name]) => name === 'c1') ?? []
        const { IPAddress } = (places?.['auto'] ?? {}) as { readonly IPAddress?: string }
        await runner.change({ kind: 'engine-net-rm', ...docker, name: 'auto', force: true, swarmWide: false })
        await runner.undo()
        expect(dockerState(engine)).toEqual({
          ...before,
          containers: withAsked(before, 'c1', 'auto', IPAddress ?? ''),
        })
        before = dockerState(engine)
      },
    )

    test('taken off and put on again: as it asked to be', { timeout: 60_000 }, async () => {
      const way = routes('c1')
      await runner.change({
        kind: 'engine-net-disconnect',
        ...docker,
        container: 'c1',
        network: 'alone',
        force: false,
      })
      expect(routes('c1')).not.toBe(way)
      await runner.undo()
      expect(dockerState(engine)).toEqual(before)
      expect(routes('c1')).toBe(way)
    })

    test('pruned: only what was listed, and all of it comes back', { timeout: 60_000 }, async () => {
      const listed = vethscope('net', 'prune', '--engine', 'docker', '--dry-run', '--json')
      const preview = JSON.parse(listed.stdout) as ChangeResult
      expect(preview.steps.map(({ title }) => title)).toEqual(['remove network idle of Docker'])
      expect(preview.notes).toContain(
        'network waited stays: s1 would not start without it; net rm removes it',
      )
      await runner.change({ kind: 'engine-net-prune', ...docker })
      expect(engine.docker('network', 'ls', '--format', '{{.Name}}').split('\n').toSorted()).toEqual([
        'alone',
        'auto',
        'bridge',
        'front',
        'host',
        'none',
        'waited',
      ])
      await runner.undo()
      expect(dockerState(engine)).toEqual(before)
    })

    test(
      'what only Docker knows is said in its own words, and nothing is left',
      { timeout: 60_000 },
      async () => {
        const subnets = [{ subnet: '10.77.0.0/24', auxAddresses: {} }]
        const plan = await runner.plan({ ...create, name: 'late', subnets })
        engine.docker('network', 'create', '--subnet', '10.77.0.0/16', 'sooner')
        const state = dockerState(engine)
        const { applied, verified, left, error } = await runner.apply(plan)
        expect({ applied, verified, left }).toEqual({ applied: false, verified: true, left: [] })
        expect(error?.exitCode).toBe(22)
        expect(error?.stderr.trim()).toBe('Pool overlaps with other one on this address space')
        expect(dockerState(engine)).toEqual(state)
        engine.docker('network', 'rm', 'sooner')

        const named = await runner.plan({ ...create, name: 'late', subnets: [] })
        engine.docker('network', 'create', 'late')
        await expect(runner.apply(named)).rejects.toThrow(/the host is not as it was when this was planned/)
        engine.docker('network', 'rm', 'late')

        const plugin = await runner.plan({ ...create, name: 'late', driver: 'nobodys', subnets: [] })
        expect((await runner.apply(plugin)).error?.stderr.trim()).toBe('plugin "nobodys" not found')
        expect(dockerState(engine)).toEqual(before)
      },
    )

    test('a place that Docker could not give is no place', { timeout: 60_000 }, async () => {
      const connection = {
        network: 'front',
        ip: '10.5.0.44',
        aliases: [],
        links: [],
        linkLocal: [],
        options: {},
      }
      const plan = await runner
        .plan({ kind: 'engine-net-connect', ...docker, container: 'c3', connection })
        .catch(() => null)
      expect(plan).toBeNull()
      engine.docker('run', '-d', '--name', 'c3', image, '/bin/sleep', '3600')
      const asked = await runner.plan({ kind: 'engine-net-connect', ...docker, container: 'c3', connection })
      engine.docker(
        'run',
        '-d',
        '--name',
        'c4',
        '--network',
        'front',
        '--ip',
        '10.5.0.44',
        image,
        '/bin/sleep',
        '3600',
      )
      const { applied, left, error } = await runner.apply(asked)
      expect({ applied, left }).toEqual({ applied: false, left: [] })
      expect(error?.stderr.trim()).toBe('Address already in use')
      engine.docker('rm', '-f', 'c3', 'c4')
      expect(dockerState(engine)).toEqual(before)
    })

    test('by command: made, inspected, removed', { timeout: 60_000 }, async () => {
      const made = vethscope(
        'net',
        'create',
        'web',
        '--engine',
        'docker',
        '--subnet',
        '10.8.0.0/24',
        '--yes',
        '--json',
      )
      expect(made.code, made.stderr).toBe(0)
      const id = engine.docker('network', 'inspect', '-f', '{{.Id}}', 'web').slice(0, 12)
      expect((JSON.parse(made.stdout) as ChangeResult).steps).toMatchObject([
        { outcome: 'done', says: `id ${id}` },
      ])
      const said = JSON.parse(
        vethscope('net', 'inspect', 'front', '--engine', 'docker', '--json').stdout,
      ) as object
      expect(said).toMatchObject({
        name: 'front',
        made: { attachable: false },
        places: expect.arrayContaining([
          expect.objectContaining({
            name: 'c1',
            ipv4: '10.5.0.9/24',
            link: expect.objectContaining({ ifindex: expect.any(Number) }),
          }),
        ]),
        ports: expect.arrayContaining([
          { node: 'c2', hostIp: '0.0.0.0', hostPort: 8080, port: 80, protocol: 'tcp' },
        ]),
        overlay: null,
      })
      const names = (...words: readonly string[]) => vethscope('__complete', ...words).stdout.split('\n')
      // As many as can be had in a moment, on a machine that may be busy.
      await vi.waitFor(
        () => expect(names('networks', 'docker')).toEqual(expect.arrayContaining(['front', 'web'])),
        { timeout: 20_000 },
      )
      expect(names('networks', 'podman')).toEqual([''])
      await vi.waitFor(() => expect(names('members', 'docker')).toContain('c1'), { timeout: 20_000 })
      expect(names('members', 'lab')).toEqual([''])
      const used = vethscope('net', 'rm', 'front', '--engine', 'docker', '--yes')
      expect(used).toMatchObject({
        code: 5,
        stderr: expect.stringMatching(/network front is in use: c[12], c[12] are on it/),
      })
      expect(vethscope('net', 'rm', 'web', '--engine', 'docker', '--yes').code).toBe(0)
      expect(dockerState(engine)).toEqual(before)
    })
  },
)

/** What it was connected with once more asked for an address, which Docker keeps. */
function withAsked(
  { containers }: DockerState,
  container: string,
  network: string,
  ip: string,
): DockerState['containers'] {
  return containers.map(([name, places]) => {
    const { [network]: place } = places
    if (name !== container || typeof place !== 'object') return [name, places]
    return [name, { ...places, [network]: { ...place, IPAMConfig: { IPv4Address: ip } } }]
  })
}
