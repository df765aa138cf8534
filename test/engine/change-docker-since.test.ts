/** A network of a real Docker is removed and brought back, while containers of it are not as they are in the tests of change-docker. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { requires } from '../support/requires.ts'

const docker = { engine: 'docker' } as const

describe.runIf(requires({ root: true, tools: [...dockerTools, 'flock'] }))(
  'containers that stopped or went away',
  () => {
    let engine: DockerHost
    let runner: LabRunner

    const run = (name: string, ...words: readonly string[]): string =>
      engine.docker('run', '-d', '--name', name, ...words, image, '/bin/sleep', '3600')
    const removed = (name: string) =>
      runner.change({ kind: 'engine-net-rm', ...docker, name, force: true, swarmWide: false })
    const addressOf = (name: string): string =>
      engine.docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name)

    beforeAll(async () => {
      engine = await startDocker()
      engine.docker('network', 'create', '--subnet', '10.5.0.0/24', 'front')
      runner = await labOn(engine.host)
    }, 120_000)

    afterAll(async () => {
      await engine?.end()
    })

    test('one that is stopped starts again, where it asked to be', { timeout: 60_000 }, async () => {
      run('stopped', '--network', 'front', '--ip', '10.5.0.77', '--network-alias', 'www')
      engine.docker('create', '--name', 'never', '--network', 'front', image, '/bin/sleep', '3600')
      engine.docker('stop', '-t', '0', 'stopped')
      await removed('front')
      // What vethscope told of it.
      expect(engine.host.try(['docker', '-H', engine.address, 'start', 'stopped']).stderr).toContain(
        'not found',
      )
      await runner.undo()
      expect(engine.docker('start', 'stopped', 'never')).toBe('stopped\nnever')
      expect(addressOf('stopped')).toBe('10.5.0.77')
      expect(engine.docker('exec', 'never', 'ping', '-c', '1', 'www')).toContain('10.5.0.77')
      engine.docker('rm', '-f', 'stopped', 'never')
    })

    test('one that is gone keeps no other from coming back', { timeout: 60_000 }, async () => {
      run('stays', '--network', 'front', '--ip', '10.5.0.8')
      run('goes', '--network', 'front')
      run('ended', '--network', 'front')
      engine.docker('stop', '-t', '0', 'ended')
      await removed('front')
      engine.docker('rm', '-f', 'goes', 'ended')
      const { notes } = await runner.undo()
      expect(notes).toEqual([
        expect.stringMatching(/^container (?:goes|ended) is gone: it is not connected again$/),
        expect.stringMatching(/^container (?:goes|ended) is gone: it is not connected again$/),
      ])
      await vi.waitFor(() => expect(addressOf('stays')).toBe('10.5.0.8'))
      engine.docker('rm', '-f', 'stays')
    })
  },
)
