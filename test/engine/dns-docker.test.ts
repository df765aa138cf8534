/** dns and http from containers of a real Docker Engine that have no tool at all in them. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DnsResult, HttpResult } from '../../src/model/probe-result.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

describe.runIf(requires({ root: true, tools: dockerTools }))(
  'dns and http from a container without tools',
  () => {
    let engine: DockerHost
    let main: string
    const json = (...args: readonly string[]): { readonly code: number | null; readonly result: unknown } => {
      const { code, stdout, stderr } = engine.host.try([process.execPath, main, ...args, '--json'])
      if (stdout === '') throw new Error(stderr)
      return { code, result: JSON.parse(stdout) as unknown }
    }
    const dns = (...args: readonly string[]) =>
      json('dns', ...args) as { readonly code: number | null; readonly result: DnsResult }
    const http = (...args: readonly string[]) =>
      json('http', ...args) as { readonly code: number | null; readonly result: HttpResult }

    beforeAll(async () => {
      main = join(await buildVethscope(), 'main.js')
      engine = await startDocker()
      const folder = mkdtempSync(join(tmpdir(), 'vethscope-bare-'))
      mkdirSync(join(folder, 'root/etc'), { recursive: true })
      // A program that can do nothing but sleep under this name; no shell, no libc, no tool.
      copyFileSync('/usr/bin/busybox', join(folder, 'root/sleep'))
      engine.host.run(['tar', '-C', join(folder, 'root'), '-cf', join(folder, 'bare.tar'), '.'])
      engine.docker('import', join(folder, 'bare.tar'), 'bare:local')
      rmSync(folder, { recursive: true })
      engine.docker('network', 'create', '--subnet', '172.28.5.0/24', 'net1')
      const on = ['--network', 'net1'] as const
      engine.docker('run', '-d', '--name', 'bare', ...on, 'bare:local', '/sleep', '3600')
      engine.docker('run', '-d', '--name', 'lonely', ...on, 'bare:local', '/sleep', '3600')
      const nginx = [
        '--name',
        'nginx1',
        '--network-alias',
        'web',
        '--ip',
        '172.28.5.80',
        '-p',
        '8080:80',
      ] as const
      engine.docker('run', '-d', ...on, ...nginx, image, '/bin/httpd', '-f', '-p', '80', '-h', '/etc')
      engine.docker('run', '-d', '--name', 'plain', 'bare:local', '/sleep', '3600')
    })
    afterAll(() => engine?.end())

    test('names and aliases of its network, by the engine’s own server at 127.0.0.11', () => {
      for (const name of ['nginx1', 'web', 'web.net1']) {
        const { code, result } = dns('bare', name)
        expect([code, result.ok, result.status, result.from]).toEqual([0, true, 'NOERROR', 'dns'])
        expect(result.servers.map(({ address }) => address)).toEqual(['127.0.0.11'])
        expect(result.answers.map(({ type, value }) => [type, value])).toEqual([['A', '172.28.5.80']])
      }
      const reverse = dns('bare', '172.28.5.80')
      expect(reverse.result.answers.map(({ type, value }) => [type, value])).toEqual([['PTR', 'nginx1.net1']])
      // Its own name stands in its hosts file, which the engine writes.
      const own = engine.docker('inspect', '-f', '{{.Config.Hostname}}', 'bare')
      expect(dns('bare', own).result).toMatchObject({ from: 'hosts', servers: [] })
    })

    test('another container by its name, and a published port from the host', () => {
      const [byName, byAlias, published] = [
        http('bare', 'http://nginx1/hostname'),
        // Not a name that the engine told us: it is resolved inside.
        http('bare', 'web.net1/hostname'),
        http('host', 'http://127.0.0.1:8080/hostname'),
      ]
      const hostname = `${engine.docker('inspect', '-f', '{{.Config.Hostname}}', 'nginx1')}\n`
      for (const { code, result } of [byName, byAlias, published]) {
        expect([code, result.ok, result.status, result.bytes]).toEqual([0, true, 200, hostname.length])
      }
      expect(byName.result).toMatchObject({
        address: '172.28.5.80',
        netns: { name: 'bare' },
        timing: { dns: null },
      })
      expect(byAlias.result.timing.dns).toBeGreaterThan(0)
      expect(http('bare', 'nginx1/nothing')).toMatchObject({ code: 1, result: { ok: false, status: 404 } })
    })

    test('without the rules that lead to it 127.0.0.11 has no listener, and that is said', () => {
      const pid = engine.docker('inspect', '-f', '{{.State.Pid}}', 'lonely')
      engine.host.run(['nsenter', '-t', pid, '-n', 'iptables', '-t', 'nat', '-F'])
      const { code, result } = dns('lonely', 'web')
      expect([code, result.ok, result.status]).toEqual([1, false, 'unreachable'])
      expect(result.servers[0]).toMatchObject({ address: '127.0.0.11', status: 'unreachable' })
      expect(result.servers[0]?.says).toContain('nothing listens there (connection refused')
      expect(result.remarks).toContainEqual(expect.stringContaining('127.0.0.11 has no listener'))
      expect(http('lonely', 'web.net1/')).toMatchObject({
        code: 1,
        result: { ok: false, error: { what: 'dns' } },
      })
    })

    test('on the default bridge no name of a container is known, and what is asked is the host’s server', () => {
      const { code, result } = dns('plain', 'nginx1', '--timeout', '1')
      expect([code, result.ok]).toEqual([1, false])
      expect(result.servers.map(({ address }) => address)).not.toContain('127.0.0.11')
    })
  },
)
