/** `exec` with a real Docker: the host's tools, the container's network and names, also those that only 127.0.0.11 knows. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

describe.runIf(requires({ root: true, tools: [...dockerTools, 'getent', 'setpriv'] }))(
  'exec in Docker',
  () => {
    let engine: DockerHost
    let main: string

    const exec = (name: string, ...command: readonly string[]) =>
      engine.host.try([process.execPath, main, 'exec', name, '--', ...command])
    const address = (name: string, network: string) =>
      engine.docker('inspect', '-f', `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, name)

    beforeAll(async () => {
      main = join(await buildVethscope(), 'main.js')
      engine = await startDocker('exec01')
      engine.docker('network', 'create', 'net1')
      const run = (name: string, ...args: readonly string[]) =>
        engine.docker('run', '-d', '--name', name, ...args, image, '/bin/sleep', '3600')
      run('redis123', '--network', 'net1', '--add-host', 'extra:10.1.2.3')
      run('db', '--network', 'net1', '--network-alias', 'database')
      run('plain', '--dns', '192.0.2.53')
      run('joined', '--network', 'container:redis123')
    }, 120_000)
    afterAll(() => engine?.end())

    test('names of the container’s networks are resolved by Docker’s own server, with the host’s getent', () => {
      for (const name of ['db', 'database']) {
        const { code, stdout } = exec('redis123', 'getent', 'ahostsv4', name)
        expect([code, stdout.split(/ +/)[0]]).toEqual([0, address('db', 'net1')])
      }
      expect(exec('redis123', 'getent', 'ahostsv4', 'extra').stdout).toMatch(/^10\.1\.2\.3 +STREAM extra\n/)
      expect(exec('joined', 'getent', 'ahostsv4', 'db').stdout).toContain(address('db', 'net1'))
    })

    test('resolv.conf and hosts are the container’s; nothing of it stays on the host or in the container', () => {
      const before = engine.host.read('/proc/1/mountinfo').toString()
      for (const name of ['redis123', 'plain']) {
        for (const file of ['/etc/resolv.conf', '/etc/hosts']) {
          expect(exec(name, 'cat', file).stdout).toBe(`${engine.docker('exec', name, 'cat', file)}\n`)
        }
      }
      expect(exec('plain', 'cat', '/etc/resolv.conf').stdout).toContain('nameserver 192.0.2.53')
      expect(engine.host.read('/proc/1/mountinfo').toString()).toBe(before)
    })

    test('the container’s links are in /sys, and its own tools are not needed', () => {
      const { stdout } = exec('redis123', 'sh', '-c', 'ls /sys/class/net; command -v getent; hostname')
      expect(stdout).toMatch(/^eth0\nlo\n\/.*getent\nexec01\n$/)
    })

    test('a container that was restarted meanwhile is not entered by what led to the old one', () => {
      engine.docker('restart', '-t', '0', 'plain')
      expect(exec('plain', 'true').code).toBe(0)
      engine.docker('stop', '-t', '0', 'plain')
      expect(exec('plain', 'true')).toMatchObject({ code: 125, stderr: expect.stringContaining('plain') })
    })
  },
)
