/** A lab and a real Docker Engine on one host: what happens to one of them is nothing to the other. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addOutside, answers, serve } from '../live/support-lab.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

/** A daemon ends and starts, and some twenty changes are made, on a machine that does other things as well. */
const slow = { timeout: 300_000 }

const tools = [...dockerTools, 'nft', 'python3', 'conntrack', 'iptables-save']

/** One connection, a byte there and back each 20 ms; its file says how many came back, or what broke it. */
const flow = `
import os, socket, sys, time
def say(text):
    with open(sys.argv[3] + '.new', 'w') as file: file.write(text)
    os.rename(sys.argv[3] + '.new', sys.argv[3])
try:
    one = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)
    print('ready', flush=True)
    count = 0
    while True:
        one.sendall(b'x')
        if one.recv(1) != b'x': raise OSError('closed')
        count += 1
        say(str(count))
        time.sleep(0.02)
except OSError as error:
    say('broken: ' + str(error))
    print('broken', error, flush=True)
`

const echo = `
import socket, sys, threading
one = socket.create_server(('', int(sys.argv[1])), reuse_port=True)
print('ready', flush=True)
def serve(connection):
    while True:
        data = connection.recv(64)
        if not data: return
        connection.sendall(data)
while True:
    threading.Thread(target=serve, args=(one.accept()[0],), daemon=True).start()
`

describe.runIf(requires({ root: true, tools }))('a lab and Docker side by side', () => {
  let engine: DockerHost
  let main: string
  let hostname: string

  const run = (...command: readonly string[]): string => engine.host.run(command)
  const vethscope = (...args: readonly string[]) => engine.host.try([process.execPath, main, ...args])
  const changed = (...args: readonly string[]): string => {
    const { code, stderr, stdout } = vethscope(...args, '--yes')
    if (code !== 0) throw new Error(`${args.join(' ')}: ${code}: ${stderr}${stdout}`)
    return stdout
  }
  /**
   * Without counters and the times of day, each line in its place. A daemon starts its containers side by side, and the
   * first gets the first address: they are named instead.
   */
  const rules = (): readonly string[] => {
    const saved = ['iptables-save', 'ip6tables-save'].map((tool) => run(tool)).join('')
    return ['web1', 'web2']
      .reduce(
        (text, name) =>
          text.replaceAll(`${addressOf(name)}/32`, name).replaceAll(`${addressOf(name)}:`, `${name}:`),
        saved,
      )
      .replaceAll(/^#.*\n|\[\d+:\d+\]/gm, '')
      .split('\n')
      .toSorted()
  }
  const pidOf = (name: string): string => engine.docker('inspect', '-f', '{{.State.Pid}}', name)
  const inside = (from: string): readonly string[] => {
    if (from === 'host') return []
    if (from === 'outside' || from === 'node' || from === 'other')
      return ['nsenter', `--net=/run/netns/${from}`]
    return ['nsenter', '-t', pidOf(from), '-n']
  }
  /** What Docker's web server says. */
  const page = (from: string, address: string, port: number): string | null => {
    const { code, stdout } = engine.host.try([
      ...inside(from),
      'timeout',
      '3',
      'busybox',
      'wget',
      '-q',
      '-O',
      '-',
      `http://${address}:${port}/hostname`,
    ])
    return code === 0 ? stdout : null
  }
  const pings = (from: string, to: string): boolean =>
    engine.host.try([...inside(from), 'ping', '-c1', '-W1', to]).code === 0
  const addressOf = (name: string): string => {
    const shown = run(...inside(name), 'ip', '-4', '-o', 'addr', 'show', 'eth0')
    return / inet ([\d.]+)/.exec(shown)?.[1] ?? ''
  }
  const subnetOf = (name: string): string =>
    engine.docker('network', 'inspect', '-f', '{{(index .IPAM.Config 0).Subnet}}', name)
  const labSubnet = (name: string): string => {
    const { stdout } = vethscope('net', 'inspect', name, '--json')
    const { subnets } = JSON.parse(stdout) as { readonly subnets: readonly { readonly subnet: string }[] }
    return subnets[0]?.subnet ?? ''
  }
  const runContainer = (name: string, ...args: readonly string[]): void => {
    const server = ['/bin/httpd', '-f', '-p', '80', '-h', '/etc']
    const options = ['--restart', 'always', '--stop-timeout', '1', '--hostname', `host-of-${name}`]
    engine.docker('run', '-d', '--name', name, ...options, ...args, image, ...server)
  }
  /** Everything that a lab is for. */
  const labWorks = (): void => {
    expect(
      answers(engine.host, [
        { from: 'node', to: '198.51.100.9', port: 80 },
        { from: 'outside', to: '198.51.100.1', port: 8081 },
        { from: 'host', to: '127.0.0.1', port: 8081 },
        { from: 'other', to: addressOf('node'), port: 80 },
      ]),
    ).toEqual(['198.51.100.1', '198.51.100.9', expect.any(String), addressOf('other')])
    expect(engine.host.try(['ip', 'netns', 'exec', 'node', 'ping', '-c1', '-W1', 'other']).code).toBe(0)
  }
  const dockerWorks = (): void => {
    expect(page('outside', '198.51.100.1', 8080)).toBe(hostname)
    expect(page('host', '127.0.0.1', 8080)).toBe(hostname)
    expect(page('web2', addressOf('web1'), 80)).toBe(hostname)
    expect(pings('web1', '198.51.100.9')).toBe(true)
  }
  const areApart = (): void => {
    expect(pings('node', addressOf('web1'))).toBe(false)
    expect(pings('web1', addressOf('node'))).toBe(false)
    expect(page('node', addressOf('web1'), 80)).toBe(null)
    // What the other one publishes is reached.
    expect(page('node', '198.51.100.1', 8080)).toBe(hostname)
  }
  const labMade = async (): Promise<() => Promise<void>> => {
    // Of a test that failed.
    if (vethscope('net', 'inspect', 'lab0').code === 0) labGone()
    changed('net', 'create', 'lab0')
    changed('node', 'add', 'node', '--network', 'lab0', '-p', '8081:80')
    changed('node', 'add', 'other', '--network', 'lab0')
    return serve(engine.host, 'node', [80])
  }
  const labGone = (): string => {
    const there = run('ls', '/run/netns').split('\n')
    for (const name of ['other', 'node'].filter((each) => there.includes(each))) {
      const pids = run('ip', 'netns', 'pids', name).split('\n').filter(Boolean)
      if (pids.length > 0) run('kill', '-9', ...pids)
      changed('node', 'rm', name)
    }
    return changed('net', 'rm', 'lab0')
  }

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    engine = await startDocker()
    runContainer('web1', '-p', '8080:80')
    runContainer('web2')
    // Only now, because docker0 has no carrier without a container.
    await addOutside(engine.host)
    hostname = 'host-of-web1\n'
    await serve(engine.host, 'outside', [80])
    run('ip', '-n', 'outside', 'route', 'add', '172.16.0.0/12', 'via', '198.51.100.1')
    engine.host.run(['tee', '/run/flow.py'], { input: flow })
    engine.host.run(['tee', '/run/echo.py'], { input: echo })
  }, 120_000)
  afterAll(() => engine?.end())

  test('the daemon starts anew while a lab is there', slow, async () => {
    const before = rules()
    const endServer = await labMade()
    const beside = rules()
    // -s: without what its drops counted.
    const own = run('nft', '-s', 'list', 'table', 'ip', 'vethscope')
    labWorks()
    dockerWorks()
    areApart()
    // Docker's policy: what is not published is not reached from outside.
    expect(answers(engine.host, [{ from: 'outside', to: addressOf('node'), port: 80 }])).toEqual([null])

    await engine.stopDaemon()
    labWorks()
    await engine.startDaemon()
    await vi.waitFor(() => expect(page('outside', '198.51.100.1', 8080)).toBe(hostname), 20_000)
    labWorks()
    dockerWorks()
    areApart()
    expect(run('nft', '-s', 'list', 'table', 'ip', 'vethscope')).toBe(own)
    expect(rules()).toEqual(beside)

    await endServer()
    labGone()
    expect(rules()).toEqual(before)
    expect(run('nft', 'list', 'tables')).not.toContain('vethscope')
    dockerWorks()
  })

  test('who talks is not disturbed by what is made, changed and removed beside', slow, async () => {
    const begin = async (name: string, from: string, to: string, port: number) => {
      const file = `/run/flow.${name}`
      const said = await engine.host.start([
        ...inside(from),
        'python3',
        '/run/flow.py',
        to,
        String(port),
        file,
      ])
      expect([name, said]).toEqual([name, 'ready'])
      const now = (): string => engine.host.try(['cat', file]).stdout
      return async (): Promise<void> => {
        const before = Number(now())
        expect([name, before]).not.toEqual([name, Number.NaN])
        await vi.waitFor(() => expect(Number(now())).toBeGreaterThan(before + 5), 10_000)
      }
    }
    const echoes = async (at: string, port: number): Promise<void> => {
      expect(await engine.host.start([...inside(at), 'python3', '/run/echo.py', String(port)])).toBe('ready')
    }
    await echoes('outside', 7000)
    for (const id of engine.docker('ps', '-aqf', 'name=^web3$').split('\n').filter(Boolean))
      engine.docker('rm', '-f', id)
    runContainer('web3', '-p', '8090:7000')
    await echoes('web3', 7000)
    const docker = [
      await begin('out of a container', 'web3', '198.51.100.9', 7000),
      await begin('into a published port', 'outside', '198.51.100.1', 8090),
      await begin('between containers', 'web2', addressOf('web3'), 7000),
    ]
    // A lab beside Docker.
    const endServer = await labMade()
    changed('net', 'publish', 'node', '8082:80/udp')
    changed('net', 'unpublish', 'node', '8082:80/udp')
    for (const each of docker) await each()
    await endServer()
    // Docker beside a lab.
    await echoes('node', 80)
    const lab = [
      await begin('out of a node', 'node', '198.51.100.9', 7000),
      await begin('into a node’s port', 'outside', '198.51.100.1', 8081),
      await begin('between nodes', 'other', addressOf('node'), 80),
    ]
    engine.docker('network', 'create', 'later')
    runContainer('web4', '--network', 'later', '-p', '8091:80')
    engine.docker('network', 'connect', 'bridge', 'web4')
    engine.docker('rm', '-f', 'web4')
    engine.docker('network', 'rm', 'later')
    changed('net', 'create', 'lab1')
    changed('node', 'add', 'third', '--network', 'lab1', '-p', '8083:80')
    changed('node', 'rm', 'third')
    changed('net', 'rm', 'lab1')
    await engine.stopDaemon()
    await engine.startDaemon()
    for (const each of lab) await each()
  })

  test('neither takes a subnet of the other, whoever comes first', slow, () => {
    const taken: string[] = [subnetOf('bridge'), labSubnet('lab0')]
    for (const at of [1, 2, 3]) {
      engine.docker('network', 'create', `docker${at}`)
      changed('net', 'create', `lab${at}`)
      taken.push(subnetOf(`docker${at}`), labSubnet(`lab${at}`))
    }
    expect(taken.every((each) => /^172\.\d+\.0\.0\/16$/.test(each))).toBe(true)
    expect(new Set(taken).size).toBe(taken.length)
    // Docker looks at routes: a network whose bridge has no member has one all the same.
    for (const at of [1, 2, 3]) {
      engine.docker('network', 'rm', `docker${at}`)
      changed('net', 'rm', `lab${at}`)
    }
  })

  test('Docker starts for the first time where a lab is already', slow, async () => {
    labGone()
    engine.docker('rm', '-f', 'web3')
    const pid = engine.host.read('/run/docker.pid').toString().trim()
    const data = /--data-root\0([^\0]+)/.exec(engine.host.read(`/proc/${pid}/cmdline`).toString())?.[1] ?? ''
    await engine.stopDaemon()
    // As it would be if Docker had never run here: it keeps its networks in a file, whatever else has their subnets meanwhile.
    run('rm', join(data, 'network/files/local-kv.db'))
    run('nft', 'flush', 'ruleset')
    run('ip', 'link', 'del', 'docker0')
    run('sysctl', '-q', '-w', 'net.ipv4.ip_forward=0')
    const endServer = await labMade()
    labWorks()
    await engine.startDaemon()
    await vi.waitFor(() => expect(page('outside', '198.51.100.1', 8080)).toBe(hostname), 20_000)
    labWorks()
    dockerWorks()
    areApart()
    await endServer()
    // Docker found forwarding on, so its policy is none.
    expect(labGone().replaceAll(/\s+/g, ' ')).toContain(
      "forwarding of IPv4 stays on, because bridge docker0, which is not the lab's, may need it; the host now forwards between up0 and up1 too",
    )
    expect(run('nft', 'list', 'tables')).not.toContain('vethscope')
    dockerWorks()
  })
})
