/** A lab on a host with a real Docker Engine: both work, apart from each other, and the lab leaves nothing in Docker's rules. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addOutside, answers, serve } from '../live/support-lab.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

const tools = [...dockerTools, 'nft', 'python3', 'conntrack', 'iptables-save']

/** What the container's web server says its name is; code 1: no answer. */
const fetch = `
import socket, sys
try:
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=2) as one:
        one.sendall(b'GET /hostname HTTP/1.0\\r\\n\\r\\n')
        said = b''.join(iter(lambda: one.recv(4096), b''))
    print(said.decode().split('\\r\\n\\r\\n', 1)[1], end='')
except OSError:
    sys.exit(1)
`

describe.runIf(requires({ root: true, tools }))('a lab beside Docker', () => {
  let engine: DockerHost
  let main: string
  let hostname: string
  /** Of the container, and of the node. */
  let container: string
  let node: string
  let endServer: () => Promise<void>
  let rulesBefore: string

  const vethscope = (...args: readonly string[]) => engine.host.try([process.execPath, main, ...args])
  const changed = (...args: readonly string[]): void => {
    const { code, stderr, stdout } = vethscope(...args, '--yes')
    if (code !== 0) throw new Error(`${args.join(' ')}: ${code}: ${stderr}${stdout}`)
  }
  const makeLab = (): void => {
    changed('net', 'create', 'lab0')
    changed('node', 'add', 'web', '--network', 'lab0', '-p', '8081:80')
  }
  /** Without counters and the times of day. */
  const rules = (): string =>
    engine.host.run(['iptables-save']).replaceAll(/^#.*\n|\[\d+:\d+\]/gm, '') +
    engine.host.run(['ip6tables-save']).replaceAll(/^#.*\n|\[\d+:\d+\]/gm, '')
  const fetched = (from: string, address: string, port = '80'): string | null => {
    const inside = from === 'host' ? [] : ['nsenter', `--net=/run/netns/${from}`]
    const { code, stdout } = engine.host.try([...inside, 'python3', '-c', fetch, address, port])
    return code === 0 ? stdout : null
  }
  /** From the container: what the other side says by itself. */
  const heard = (address: string, port: string): string =>
    engine.host.try([
      'docker',
      '-H',
      engine.address,
      'exec',
      'nginx1',
      'sh',
      '-c',
      `sleep 1 | nc -w 2 ${address} ${port}`,
    ]).stdout
  const labSubnet = (): string => {
    const said = JSON.parse(vethscope('net', 'inspect', 'lab0', '--json').stdout) as {
      readonly subnets: readonly { readonly subnet: string }[]
    }
    return said.subnets[0]?.subnet ?? ''
  }

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    engine = await startDocker()
    const server = ['/bin/httpd', '-f', '-p', '80', '-h', '/etc']
    engine.docker('run', '-d', '--name', 'nginx1', '-p', '8080:80', image, ...server)
    // Only now, because docker0 has no carrier without a container.
    await addOutside(engine.host)
    hostname = `${engine.docker('inspect', '-f', '{{.Config.Hostname}}', 'nginx1')}\n`
    rulesBefore = rules()
    makeLab()
    await serve(engine.host, 'outside', [80])
    endServer = await serve(engine.host, 'web', [80])
    container = engine.docker('inspect', '-f', '{{.NetworkSettings.IPAddress}}', 'nginx1')
    const shown = engine.host.run(['ip', '-n', 'web', '-4', '-o', 'addr', 'show', 'eth0'])
    node = / inet ([\d.]+)/.exec(shown)?.[1] ?? ''
  }, 120_000)
  afterAll(() => engine?.end())

  test('the node goes out, and outside reaches its port and Docker’s', () => {
    expect(
      answers(engine.host, [
        { from: 'web', to: '198.51.100.9', port: 80 },
        { from: 'outside', to: '198.51.100.1', port: 8081 },
      ]),
    ).toEqual(['198.51.100.1', '198.51.100.9'])
    expect(fetched('outside', '198.51.100.1', '8080')).toBe(hostname)
  })

  test('container and node reach what the other publishes, and nothing else', () => {
    expect(fetched('host', container)).toBe(hostname)
    expect(answers(engine.host, [{ from: 'host', to: node, port: 80 }])).not.toEqual([null])
    // Directly: no.
    expect(heard(node, '80')).toBe('')
    expect(
      engine.host.try(['docker', '-H', engine.address, 'exec', 'nginx1', 'ping', '-c1', '-W1', node]).code,
    ).toBe(1)
    expect(fetched('web', container)).toBe(null)
    expect(engine.host.try(['ip', 'netns', 'exec', 'web', 'ping', '-c1', '-W1', container]).code).toBe(1)
    // By the host; Docker masquerades all that leaves its bridge.
    expect(heard('198.51.100.1', '8081')).toBe(labSubnet().replace(/0\/16$/, '1'))
    expect(fetched('web', '198.51.100.1', '8080')).toBe(hostname)
  })

  test('it is our guard that keeps them apart', () => {
    const table = engine.host.run(['nft', 'list', 'table', 'ip', 'vethscope'])
    engine.host.run(['nft', 'flush', 'chain', 'ip', 'vethscope', 'guard'])
    expect(heard(node, '80')).not.toBe('')
    engine.host.run(['nft', '-f', '/dev/stdin'], { input: `delete table ip vethscope\n${table}` })
    expect(heard(node, '80')).toBe('')
  })

  test('a port that Docker publishes is refused, and who has it is named', () => {
    const { code, stderr } = vethscope('node', 'add', 'two', '--network', 'lab0', '-p', '8080:80', '--yes')
    expect([code, stderr]).toEqual([5, expect.stringMatching(/8080.*(docker-proxy|DOCKER)/s)])
  })

  test('subnets do not meet: the lab’s is not Docker’s, nor the other way round', () => {
    const ofDocker = (name: string): string =>
      engine.docker('network', 'inspect', '-f', '{{(index .IPAM.Config 0).Subnet}}', name)
    engine.docker('network', 'create', 'later')
    const all = [labSubnet(), ofDocker('bridge'), ofDocker('later')]
    engine.docker('network', 'rm', 'later')
    expect(all[0]).toMatch(/^172\.\d+\.0\.0\/16$/)
    expect(new Set(all).size).toBe(3)
  })

  test('what takes the lab away leaves Docker’s rules as they were', async () => {
    expect(rules()).not.toBe(rulesBefore)
    await endServer()
    changed('node', 'rm', 'web')
    changed('net', 'rm', 'lab0')
    expect(rules()).toBe(rulesBefore)
    expect(engine.host.run(['nft', 'list', 'tables'])).not.toContain('vethscope')
    makeLab()
    changed('undo')
    changed('undo')
    expect(rules()).toBe(rulesBefore)
    expect(engine.host.run(['nft', 'list', 'tables'])).not.toContain('vethscope')
    expect(fetched('outside', '198.51.100.1', '8080')).toBe(hostname)
  })
})
