/**
 * `vethscope findings` on real engines: a healthy Docker host, a healthy Podman host and both nodes of a healthy Swarm have no
 * fault; and faults that are made for real on the Docker host are found, and gone after the repair.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import type { TestHost } from '../support/host.ts'
import { podmanTools, startPodman } from '../support/podman.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { startSwarm } from '../support/swarm.ts'

type Found = {
  readonly id: string
  readonly severity: string
  readonly subject: string
  readonly says: string
}

const canRun = requires({ root: true, tools: [...dockerTools, 'ip'] })
const serves = ['/bin/httpd', '-f', '-h', '/www', '-p', '80']
const limits = ['--ulimit', 'nofile=1024:2048', '--ulimit', 'nproc=1000:2000']

let program = ''
beforeAll(async () => {
  program = join(await buildVethscope(), 'main.js')
})

type Unchecked = { readonly id: string; readonly unknown: string }

function asked(host: TestHost): readonly (Found | Unchecked)[] {
  const { code, stdout, stderr } = host.try([process.execPath, program, 'findings', '--json'])
  expect(stderr).toBe('')
  const all = JSON.parse(stdout) as readonly (Found | Unchecked)[]
  expect(code).toBe(all.some((each) => 'severity' in each && each.severity === 'fault') ? 1 : 0)
  return all
}

/** Where everything can be checked. */
function found(host: TestHost): readonly Found[] {
  return asked(host).map((each) => {
    if ('unknown' in each) throw new Error(`${each.id} was not checked: ${each.unknown}`)
    return each
  })
}

const faultsOn = (host: TestHost) =>
  asked(host).filter((each) => 'severity' in each && each.severity === 'fault')

describe.runIf(canRun)('findings on a real Docker host', () => {
  let engine: DockerHost
  let host: TestHost

  beforeAll(async () => {
    engine = await startDocker('docker02')
    host = engine.host
    host.ip(
      'netns add internet',
      'link add eth0 type veth peer name host0 netns internet',
      'addr add 192.0.2.2/24 dev eth0',
      'link set eth0 up',
      'route add default via 192.0.2.1',
    )
    host.run(['ip', '-n', 'internet', '-batch', '-'], {
      input: 'addr add 192.0.2.1/24 dev host0\nlink set host0 up\n',
    })
    engine.docker('network', 'create', '--subnet', '172.31.0.0/24', 'net1')
    engine.docker('network', 'create', '--internal', '--subnet', '172.31.1.0/24', 'closed')
    run('plain', ['-p', '8081:80'], serves)
    run('web', ['--network', 'net1', '-p', '8080:80'], serves)
    run('db', ['--network', 'closed'])
    run('nonet', ['--network', 'none'])
    run('onhost', ['--network', 'host'])
    run('sidecar', ['--network', 'container:web'])
  })
  afterAll(() => engine?.end())

  function run(name: string, options: readonly string[], command = ['/bin/sleep', '3600']): void {
    engine.docker('run', '-d', '--name', name, ...options, image, ...command)
  }

  const pidOf = (name: string) => engine.docker('inspect', '--format', '{{.State.Pid}}', name)
  const within = (name: string, ...words: readonly string[]) =>
    host.run(['nsenter', `--net=/proc/${pidOf(name)}/ns/net`, ...words])

  /** What the outside gets of a published port, within a second. */
  const answers = (port: number): boolean => {
    const asks = ['busybox', 'nc', '-w', '1', '192.0.2.2', String(port)]
    const said = host.try([
      'sh',
      '-c',
      `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | ip netns exec internet ${asks.join(' ')}`,
    ])
    return said.stdout.startsWith('HTTP/')
  }

  const works = () => vi.waitFor(() => expect(answers(8080)).toBe(true), { timeout: 20_000, interval: 200 })
  const healthy = async () => {
    await works()
    await vi.waitFor(() => expect(found(host)).toEqual([]), { timeout: 20_000, interval: 200 })
  }

  test('healthy: it answers, and nothing is found', async () => {
    await healthy()
  })

  test('F06 somebody flushed what Docker wrote', async () => {
    const saved = host.run(['iptables-save', '-t', 'nat'])
    host.run(['iptables', '-t', 'nat', '-F'])
    host.run(['iptables', '-t', 'nat', '-X'])
    expect(found(host).map(({ id, severity }) => [id, severity])).toEqual([['F06', 'fault']])
    host.run(['iptables-restore'], { input: saved })
    await healthy()
  })

  test('F06 somebody flushed what lets packets pass to published ports, and what is offered brings it back', async () => {
    host.run(['iptables', '-F', 'DOCKER'])
    expect(answers(8080)).toBe(false)
    const [closed] = found(host).filter(({ id }) => id === 'F06')
    expect(closed?.says).toMatch(
      / is gone: port 808\d\/tcp of (?:plain|web) and 1 more cannot be reached from outside$/,
    )
    const { code, stderr } = host.try([process.execPath, program, 'rules', 'restore', '--yes'])
    expect([code, stderr]).toEqual([0, ''])
    await healthy()
  })

  test('F07 an older rule leads to an address that nobody has', async () => {
    const rule = '-p tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.31.0.99:80'
    host.run(['iptables', '-t', 'nat', '-I', 'DOCKER', ...rule.split(' ')])
    expect(answers(8080)).toBe(false)
    expect(faultsOn(host)).toEqual([expect.objectContaining({ id: 'F07', subject: 'DOCKER 1' })])
    host.run(['iptables', '-t', 'nat', '-D', 'DOCKER', '1'])
    await healthy()
  })

  test('F08 the server listens on 127.0.0.1 of its container', async () => {
    run(
      'shy',
      ['--network', 'net1', '-p', '8082:80'],
      ['/bin/httpd', '-f', '-h', '/www', '-p', '127.0.0.1:80'],
    )
    await vi.waitFor(
      () =>
        expect(found(host)).toEqual([
          expect.objectContaining({ id: 'F08', severity: 'fault', subject: 'shy' }),
        ]),
      { timeout: 20_000, interval: 200 },
    )
    expect(answers(8082)).toBe(false)
    engine.docker('rm', '-f', 'shy')
    await healthy()
  })

  test('F18 a port is taken off its bridge', async () => {
    const peer = /eth0@if(\d+)/.exec(within('web', 'ip', '-o', 'link', 'show', 'eth0'))?.[1] ?? ''
    const line = host
      .run(['ip', '-o', 'link'])
      .split('\n')
      .find((each) => each.startsWith(`${peer}: `))
    const [, name = '', bridge = ''] = /^\d+: (\w+)@.* master (\S+)/.exec(line ?? '') ?? []
    expect(name).toMatch(/^veth/)
    host.run(['ip', 'link', 'set', name, 'nomaster'])
    expect(faultsOn(host)).toContainEqual(expect.objectContaining({ id: 'F18', subject: name }))
    host.run(['ip', 'link', 'set', name, 'master', bridge])
    await healthy()
  })

  test('F21 the rules that lead to the name server are flushed inside the container', async () => {
    const saved = within('web', 'iptables-save', '-t', 'nat')
    within('web', 'iptables', '-t', 'nat', '-F')
    expect(found(host)).toEqual([expect.objectContaining({ id: 'F21', severity: 'fault', subject: 'web' })])
    host.run(['nsenter', `--net=/proc/${pidOf('web')}/ns/net`, 'iptables-restore'], { input: saved })
    await healthy()
  })

  test('F38 a rule after the RETURN of DOCKER-USER', async () => {
    host.run('iptables -A DOCKER-USER -s 203.0.113.9 -j DROP'.split(' '))
    expect(found(host)).toEqual([
      expect.objectContaining({ id: 'F38', severity: 'risk', subject: 'DOCKER-USER 2' }),
    ])
    host.run('iptables -D DOCKER-USER -s 203.0.113.9 -j DROP'.split(' '))
    await healthy()
  })
})

describe.runIf(canRun)('findings on a real Swarm', () => {
  test('no fault on either node', async () => {
    const { nodes, end } = await startSwarm()
    try {
      expect(nodes[0].docker('exec', 'left', '/bin/ping', '-c', '1', '-W', '5', 'right')).toContain(
        '1 packets received',
      )
      for (const { host } of nodes) expect(faultsOn(host)).toEqual([])
    } finally {
      await end()
    }
  })
})

describe.runIf(requires({ root: true, tools: podmanTools }))('findings on a real Podman host', () => {
  test('no fault', async () => {
    const engine = await startPodman('podman02')
    try {
      engine.podman('network', 'create', '--subnet', '10.91.0.0/24', 'front')
      engine.podman(
        'run',
        '-d',
        '--name',
        'web',
        ...limits,
        '--network',
        'front',
        '-p',
        '8080:80',
        image,
        ...serves,
      )
      engine.start('cache')
      engine.start('nonet', '--network', 'none')
      engine.start('onhost', '--network', 'host')
      expect(faultsOn(engine.host)).toEqual([])
    } finally {
      await engine.end()
    }
  })
})
