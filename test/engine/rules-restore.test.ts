/**
 * Lost rules of a real Docker are written back: word for word and in the order in which the engine writes them when it starts, so that
 * traffic passes again; and taken back exactly, also where it is killed on the way.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ChangeResult } from '../../src/model/change-result.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import type { TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { byThing } from './support-rules.ts'
import { restartDocker } from './support-restart.ts'

const canRun = requires({ root: true, tools: [...dockerTools, 'ip', 'nft', 'ip6tables'] })
const bridgeOption = (name: string, value: string) => ['-o', `com.docker.network.bridge.${name}=${value}`]

describe.runIf(canRun)('lost rules of a real Docker', () => {
  let engine: DockerHost
  let host: TestHost
  let program = ''
  /** All of iptables, as Docker writes it when it starts, with some rules of others. */
  let whole: readonly string[] = []

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    engine = await startDocker('docker07', '--live-restore')
    host = engine.host
    host.ip(
      'netns add internet',
      'link add eth0 type veth peer name host0 netns internet',
      'addr add 192.0.2.2/24 dev eth0',
      'link set eth0 up',
      'route add default via 192.0.2.1',
    )
    host.run(['ip', '-n', 'internet', '-batch', '-'], {
      input: 'addr add 192.0.2.1/24 dev host0\nlink set host0 up\nlink set lo up\n',
    })
    const create = (name: string, subnet: string, ...options: readonly string[]) =>
      engine.docker('network', 'create', '--subnet', subnet, ...options, name)
    create('plain', '172.30.0.0/24')
    create('noicc', '172.30.1.0/24', ...bridgeOption('enable_icc', 'false'))
    create('closed', '172.30.2.0/24', '--internal')
    create('nomasq', '172.30.3.0/24', ...bridgeOption('enable_ip_masquerade', 'false'))
    create(
      'bound',
      '172.30.4.0/24',
      ...bridgeOption('name', 'mybr0'),
      ...bridgeOption('host_binding_ipv4', '192.0.2.2'),
    )
    run('web', ['-p', '8080:80'], ['/bin/httpd', '-f', '-h', '/www', '-p', '80'])
    run('several', ['-p', '8443:443', '-p', '127.0.0.1:8081:80', '-p', '53:53/udp'])
    run('ranged', ['--network', 'plain', '-p', '9000-9002:9000-9002'])
    run('shut', ['--network', 'noicc', '-p', '7000:80'])
    run('own', ['--network', 'bound', '-p', '7001:80'])
    run('inner', ['--network', 'closed'])
    run('twice', ['--network', 'nomasq', '-p', '7002:80', '-p', '7003:80'])
    // On two networks: its ports move to the one that comes first by name.
    engine.docker('network', 'connect', 'noicc', 'ranged')
    run('stopped', ['-p', '7004:80'])
    engine.docker('stop', '-t', '0', 'stopped')
    await restartDocker(host, () => host.run(['nft', 'flush', 'ruleset']))
    // Making a network lets Docker see to DOCKER-USER, which it forgets when containers live on.
    engine.docker('network', 'create', 'passing')
    engine.docker('network', 'rm', 'passing')
    host.run(['iptables', '-I', 'DOCKER-USER', '-s', '198.51.100.9', '-j', 'DROP'])
    host.run(['iptables', '-A', 'FORWARD', '-i', 'tun7', '-j', 'DROP'])
    host.run(['iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'tun7', '-j', 'MASQUERADE'])
    whole = saved()
  })
  afterAll(() => engine?.end())

  function run(name: string, options: readonly string[], command = ['/bin/sleep', '3600']): void {
    engine.docker('run', '-d', '--name', name, ...options, image, ...command)
  }

  /** Without counters and policies. */
  function saved(tool = 'iptables-save'): readonly string[] {
    return host
      .run([tool])
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/^(:\S+) .*$/, '$1'))
  }

  const vethscope = (...args: readonly string[]) => host.try([process.execPath, program, ...args])

  function changed(...args: readonly string[]): ChangeResult {
    const { code, stdout, stderr } = vethscope(...args, '--yes', '--json')
    expect(code, stderr + stdout).toBe(0)
    const result = JSON.parse(stdout) as ChangeResult
    expect(result.verified, JSON.stringify(result.differences)).toBe(true)
    return result
  }

  type Found = { readonly id: string; readonly command: string }
  const found = (): readonly Found[] =>
    (JSON.parse(vethscope('findings', '--json').stdout) as readonly Found[])
      .filter(({ id }) => id === 'F05' || id === 'F06')
      .map(({ id, command }) => ({ id, command }))
  const faults = (): readonly string[] => found().map(({ id }) => id)

  const pidOf = (name: string) => engine.docker('inspect', '--format', '{{.State.Pid}}', name)
  const within = (name: string, ...words: readonly string[]) =>
    host.try(['nsenter', `--net=/proc/${pidOf(name)}/ns/net`, ...words])

  /** What the outside gets of a published port. */
  const answers = (port: number): boolean =>
    host
      .try([
        'sh',
        '-c',
        `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | ip netns exec internet busybox nc -w 2 192.0.2.2 ${port}`,
      ])
      .stdout.startsWith('HTTP/')
  /** Connections that the rule of that port led to a container. */
  function translated(port: number): number {
    const rules = host.run(['iptables', '-t', 'nat', '-vnxL', 'DOCKER']).split('\n')
    const rule = rules.find((line) => line.includes(`dpt:${port} `))
    return Number(rule?.trim().split(/\s+/)[0])
  }
  /** The outside knows no way back to a container's own address. */
  const getsOut = (name: string): boolean =>
    within(name, 'ping', '-c', '1', '-W', '2', '192.0.2.1').code === 0

  test('nothing is lost after a start of the daemon: every rule of its is known, and none is strange', () => {
    const { steps, notes } = changed('rules', 'restore')
    expect({ steps, notes: notes.filter((note) => !note.includes('policy')) }).toEqual({
      steps: [],
      notes: [],
    })
    expect(saved()).toEqual(whole)
  })

  const lost = [
    ['a table is flushed', ['iptables', '-t', 'nat', '-F']],
    ['a table is gone', ['nft', 'delete', 'table', 'ip', 'nat']],
    [
      'one MASQUERADE',
      [
        'iptables',
        '-t',
        'nat',
        '-D',
        'POSTROUTING',
        '-s',
        '172.30.4.0/24',
        '!',
        '-o',
        'mybr0',
        '-j',
        'MASQUERADE',
      ],
    ],
    ['DNAT of all ports', ['iptables', '-t', 'nat', '-F', 'DOCKER']],
    ['who may come to ports', ['iptables', '-F', 'DOCKER']],
    ['the jump to DOCKER-USER', ['iptables', '-D', 'FORWARD', '-j', 'DOCKER-USER']],
    ['isolation', ['iptables', '-F', 'DOCKER-ISOLATION-STAGE-1']],
    [
      'a chain with all that leads to it',
      ['sh', '-c', 'iptables-save -t nat | grep -v DOCKER | iptables-restore -T nat'],
    ],
    [
      'all but what tells the order',
      [
        'sh',
        '-c',
        'iptables-save -t filter | grep -vE "^-A (FORWARD.*(br|docker0|DOCKER)|DOCKER )" | iptables-restore -T filter; iptables -t nat -F',
      ],
    ],
  ] as const

  test.each(lost)('written back as it was, in its order: %s', (_, command) => {
    host.run(command)
    const bare = saved()
    expect(bare).not.toEqual(whole)
    changed('rules', 'restore')
    const theirs = (lines: readonly string[]) => lines.filter((line) => line.includes('tun7'))
    const its = (lines: readonly string[]) => lines.filter((line) => !line.includes('tun7'))
    expect(its(saved())).toEqual(its(whole))
    // What others lost is not for us to know.
    expect(theirs(saved())).toEqual(theirs(bare))
    if (theirs(bare).length < theirs(whole).length)
      host.run(['iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'tun7', '-j', 'MASQUERADE'])
  })

  test('taken back exactly; F05 comes and goes with it', () => {
    const text = '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'
    host.run(['iptables', '-t', 'nat', '-D', 'POSTROUTING', ...text.split(' ')])
    host.run(['iptables', '-F', 'FORWARD'])
    const bare = saved()
    expect(faults()).toEqual(['F05'])
    const { id } = changed('rules', 'restore')
    expect(faults()).toEqual([])
    changed('undo', String(id))
    expect(saved()).toEqual(bare)
    changed('rules', 'restore')
  })

  test('with all rules of the host gone: what the daemon itself writes when it starts without any', async () => {
    expect([answers(8080), getsOut('ranged')]).toEqual([true, true])
    host.run(['nft', 'flush', 'ruleset'])
    // Where it is published docker-proxy still answers, but what comes is not the client's own packet any more.
    expect(getsOut('ranged')).toBe(false)
    expect(found()).toEqual([{ id: 'F06', command: 'vethscope rules restore --engine docker' }])
    const result = changed('rules', 'restore')
    const ours = saved()
    expect(faults()).toEqual([])
    expect(translated(8080)).toBe(0)
    await vi.waitFor(() => expect(answers(8080)).toBe(true), { timeout: 10_000, interval: 200 })
    expect(translated(8080)).toBeGreaterThan(0)
    expect(getsOut('ranged')).toBe(true)
    expect(within('ranged', 'ping', '-c', '1', '-W', '1', '172.17.0.2').code).not.toBe(0)
    expect(vethscope('rules', 'restore', '--dry-run').stdout).toContain('nothing of Docker’s rules is lost')
    changed('undo', String(result.id))
    expect(host.run(['nft', 'list', 'ruleset'])).toBe('')

    await restartDocker(host, () => {})
    engine.docker('network', 'create', 'passing')
    engine.docker('network', 'rm', 'passing')
    const docker = saved()
    // The order of networks and containers is Docker's own chance at each start; all else is the same.
    expect(byThing(ours)).toEqual(byThing(docker))
    expect(ours.toSorted()).toEqual(docker.toSorted())
  })

  test('killed at any moment, and brought back by cleanup', () => {
    const moments = ['after-step-line:1', 'during:2', 'after-command:4']
    for (const moment of moments) {
      host.run(['nft', 'flush', 'ruleset'])
      const argv = [
        'env',
        `VETHSCOPE_STOP_AT=${moment}`,
        process.execPath,
        program,
        'rules',
        'restore',
        '--yes',
      ]
      expect(host.try(argv).code, moment).not.toBe(0)
      const cleaned = vethscope('cleanup', '--yes', '--json')
      expect(cleaned.code, cleaned.stderr + cleaned.stdout).toBe(0)
      expect(JSON.parse(cleaned.stdout), moment).toMatchObject({
        cleaned: [{ applied: false, verified: true, left: [] }],
      })
      expect(host.run(['nft', 'list', 'ruleset']), moment).toBe('')
    }
    changed('rules', 'restore')
    expect(faults()).toEqual([])
  })

  test('a daemon without docker-proxy and with rules for IPv6', async () => {
    const six = ['--experimental', '--ip6tables', '--ipv6', '--fixed-cidr-v6', 'fd00:17::/64']
    await restartDocker(host, () => host.run(['nft', 'flush', 'ruleset']), '--userland-proxy=false', ...six)
    const subnets = ['--subnet', '172.30.6.0/24', '--subnet', 'fd00:6::/64']
    engine.docker('network', 'create', '--ipv6', ...subnets, 'six')
    engine.docker('network', 'create', '--ipv6', '--internal', '--subnet', 'fd00:7::/64', 'shut6')
    run('on6', ['--network', 'six', '-p', '6000:80', '-p', '[::1]:6001:80'])
    const all = () => [...saved(), ...saved('ip6tables-save')]
    const is = all()
    expect(is.filter((line) => line.includes('DNAT') && line.includes('fd00:6::2')).length).toBe(2)
    expect(is.some((line) => line.includes('--src-type LOCAL'))).toBe(true)
    const { steps, notes } = changed('rules', 'restore')
    expect({ steps, notes: notes.filter((note) => !note.includes('policy')) }).toEqual({
      steps: [],
      notes: [],
    })
    for (const tool of ['iptables', 'ip6tables']) {
      host.run([tool, '-t', 'nat', '-F', 'POSTROUTING'])
      host.run([tool, '-t', 'nat', '-F', 'OUTPUT'])
      host.run([tool, '-F', 'DOCKER'])
    }
    changed('rules', 'restore')
    expect(all()).toEqual(is)
  })
})
