/** What was made by hand or from a file, exported, makes the same elsewhere: as a file, and as a script without vethscope. */
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { stateAtRest, type HostState } from '../support/host-state.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

const tools = ['ip', 'bridge', 'nft', 'sysctl', 'conntrack', 'flock', 'nsenter', 'ping']

if (requires({ root: true, tools })) {
  let main = ''
  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
  })

  async function hostOf(): Promise<TestHost> {
    const host = await playHost()
    onTestFinished(() => host.end())
    return host
  }

  const vethscope = (host: TestHost, ...args: readonly string[]) => {
    const { code, stdout, stderr } = host.try([process.execPath, main, ...args])
    expect({ code, said: code === 0 ? '' : stderr + stdout.slice(-2000) }, args.join(' ')).toEqual({
      code: 0,
      said: '',
    })
    return stdout
  }

  const exported = (host: TestHost, ...args: readonly string[]) => vethscope(host, 'net', 'export', ...args)

  /** Titles of its steps. */
  const apply = (host: TestHost, text: string): readonly string[] => {
    host.run(['tee', '/run/file.yaml'], { input: text })
    const said = vethscope(host, 'net', 'apply', '/run/file.yaml', '--yes', '--json')
    const { steps, differences } = JSON.parse(said) as {
      readonly steps: readonly { readonly title: string }[]
      readonly differences: readonly string[]
    }
    expect(differences).toEqual([])
    return steps.map(({ title }) => title)
  }

  const reaches = (host: TestHost, from: string, to: string): boolean =>
    host.try(['ip', 'netns', 'exec', from, 'ping', '-c', '1', '-W', '2', to]).code === 0

  const file = `
vethscope: 1
networks:
  lab0: { ipv6: true, labels: { answer: "no" } }
  lab1: { subnets: [{ subnet: 10.9.0.0/24, gateway: 10.9.0.9, ip_range: 10.9.0.128/25 }], internal: true, icc: false }
nodes:
  zdb: { networks: [lab0] }
  app:
    networks: [{ name: lab0, aliases: [www], links: [zdb:store] }, lab1]
    ports: ["8080-8081:80-81", "53:53/udp"]
    routes: [{ to: 10.77.0.0/16, via: 10.9.0.9 }]
  beside: { mode: container:zdb }
  left: { mode: none, routes: [{ to: default, via: 10.0.0.2 }] }
  right: { mode: none }
links:
  - ends: [{ in: left, name: cable, addresses: [10.0.0.1/24, fd00::1/64] }, { in: right, name: cable, addresses: [10.0.0.2/24] }]
    mtu: 1400
`

  test('apply → export → apply is empty; the export makes the same on another host, and so does the script', async () => {
    const [first, second, third] = await Promise.all([hostOf(), hostOf(), hostOf()])
    apply(first, file)
    const yaml = exported(first)
    expect(apply(first, yaml)).toEqual([])
    apply(second, yaml)
    third.run(['sh', '-s'], { input: exported(first, '--format', 'script') })
    const [one, two, three] = [await stateAtRest(first), await stateAtRest(second), await stateAtRest(third)]
    expect(alike(two)).toEqual(alike(one))
    expect(withoutLab(alike(three))).toEqual(withoutLab(alike(one)))
    expect(reaches(third, 'app', 'store')).toBe(true)
    expect(reaches(third, 'beside', 'app.lab0')).toBe(true)
    expect(reaches(third, 'left', '10.0.0.2')).toBe(true)
    // Without records there is no lab, and what is left of it is no lab's.
    expect(third.try(['ls', '/run/vethscope']).code).not.toBe(0)
  })

  test('a lab made by hand: two namespaces and a veth pair', async () => {
    const [first, second] = [await hostOf(), await hostOf()]
    first.ip('netns add a', 'netns add b', 'link add va netns a type veth peer name vb netns b')
    for (const line of [
      '-n a addr add 10.1.0.1/24 dev va',
      '-n b addr add 10.1.0.2/24 dev vb',
      '-n a link set va up',
      '-n b link set vb up',
      '-n a link set lo up',
      '-n a route add 10.5.0.0/16 via 10.1.0.2',
    ])
      first.run(['ip', ...line.split(' ')])
    const yaml = exported(first)
    expect(apply(first, yaml)).toEqual([])
    apply(second, yaml)
    expect(reaches(second, 'a', '10.1.0.2')).toBe(true)
    expect(second.run(['ip', '-n', 'a', 'route', 'show', '10.5.0.0/16'])).toMatch(
      /^10\.5\.0\.0\/16 via 10\.1\.0\.2/,
    )
    expect(withoutHead(exported(second))).toBe(withoutHead(yaml))
  })

  test('-o makes a file of one’s own, once, and follows no link; what cannot be said is named', async () => {
    const host = await hostOf()
    host.ip(
      'netns add a',
      'link add br9 type bridge',
      'link add vh type veth peer name eth0 netns a',
      'link set vh master br9',
    )
    expect(exported(host, '-o', '/run/out.yaml')).toBe(
      '/run/out.yaml: 0 networks, 0 nodes (307 bytes)\nnot in it: veth pair eth0 in a ⇄ vh in host: vh is a port of br9, which is no network of the lab\n'.replace(
        /\d+ bytes/,
        `${host.run(['stat', '-c', '%s', '/run/out.yaml']).trim()} bytes`,
      ),
    )
    expect(host.run(['stat', '-c', '%a', '/run/out.yaml'])).toBe('600\n')
    expect(host.run(['cat', '/run/out.yaml'])).toContain(
      '# Not in this file:\n# - veth pair eth0 in a ⇄ vh in host: vh is a port of br9',
    )
    const again = host.try([process.execPath, main, 'net', 'export', '-o', '/run/out.yaml'])
    expect(again).toMatchObject({ code: 5, stderr: expect.stringContaining('it exists') as unknown })
    host.run(['ln', '-s', '/run/elsewhere', '/run/link'])
    expect(host.try([process.execPath, main, 'net', 'export', '-o', '/run/link']).code).toBe(5)
    expect(host.try(['ls', '/run/elsewhere']).code).not.toBe(0)
    expect(host.try([process.execPath, main, 'net', 'export', 'nope'])).toMatchObject({
      code: 4,
      stderr: 'vethscope: there is no network nope that could be exported; there is none\n',
    })
  })
}

/** Without what differs from host to host and from second to second. */
function alike(state: HostState): HostState {
  const text = JSON.stringify(state)
    .replaceAll(/\/run\/vethscope\/\d+/g, '/run/vethscope/HOST')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g, 'MAC')
    .replaceAll(/\b8000\.[0-9a-f:]+/g, '8000.ID')
    .replaceAll(/fe80::[0-9a-f:]+/g, 'fe80::LOCAL')
    .replaceAll(/33:33:[0-9a-f:]+/g, '33:33:GROUP')
  const plain = JSON.parse(text) as HostState
  return Object.fromEntries(Object.entries(plain).map(([part, lines]) => [part, lines.toSorted()]))
}

/** A script writes no records. */
function withoutLab(state: HostState): HostState {
  return Object.fromEntries(Object.entries(state).filter(([part]) => part !== 'host lab'))
}

/** Its comments have a time. */
function withoutHead(text: string): string {
  return text.slice(text.indexOf('\nvethscope: 1'))
}
