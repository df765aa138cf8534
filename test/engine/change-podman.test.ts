/** Networks of a real Podman: what we make equals what its own client makes, and what is taken back is as it was. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { EngineConnection, Intent, IntentOf } from '../../src/model/intent.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { podmanTools, startPodman, type PodmanHost } from '../support/podman.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

type Wish = IntentOf<'engine-net-create'>

const plain: Wish = {
  kind: 'engine-net-create',
  engine: 'podman',
  name: '',
  driver: 'bridge',
  subnets: [],
  ipv6: false,
  internal: false,
  attachable: false,
  ingress: false,
  options: {},
  labels: {},
  swarmWide: false,
}

const connection: EngineConnection = {
  network: 'podman',
  aliases: [],
  links: [],
  linkLocal: [],
  options: {},
}

const off = (container: string, network: string): Intent => ({
  kind: 'engine-net-disconnect',
  engine: 'podman',
  container,
  network,
  force: false,
})

const removal = (name: string, force: boolean): Intent => ({
  kind: 'engine-net-rm',
  engine: 'podman',
  name,
  force,
  swarmWide: false,
})

/** Each change reads the host three times, and Podman answers slowly on a busy machine. */
const slow = { timeout: 300_000 }

type Json = { readonly [key: string]: unknown }

describe.runIf(requires({ root: true, tools: podmanTools }))('networks of a real Podman', () => {
  let real: PodmanHost
  let main: string
  let lab: LabRunner

  const vethscope = (...args: readonly string[]) =>
    real.host.try([process.execPath, main, ...args, '--engine', 'podman', '--yes'])
  const changed = (...args: readonly string[]): string => {
    const { code, stdout, stderr } = vethscope(...args)
    if (code !== 0) throw new Error(`${args.join(' ')}: ${code}: ${stderr}${stdout}`)
    return stdout
  }
  const inspected = (name: string): Json => {
    const [{ created, id, ...rest } = {}] = JSON.parse(
      real.podman('network', 'inspect', name),
    ) as readonly Json[]
    expect([typeof created, typeof id]).toEqual(['string', 'string'])
    return rest
  }
  /** All of them, without id and when they were made. */
  const networks = (): readonly Json[] =>
    real.podman('network', 'ls', '--format', '{{.Name}}').split('\n').toSorted().map(inspected)
  /** Where a container is. */
  const places = (name: string): Json => {
    const [told] = JSON.parse(real.podman('inspect', name)) as readonly {
      readonly NetworkSettings: { readonly Networks: Json | null }
    }[]
    return told?.NetworkSettings.Networks ?? {}
  }
  const rules = (): readonly string[] =>
    real.host
      .run(['iptables-save'])
      .replaceAll(/^#.*\n|\[\d+:\d+\]/gm, '')
      .split('\n')
      .toSorted()

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    real = await startPodman()
    lab = await labOn(real.host)
    real.host.ip('link add up0 type veth peer name up1')
    real.start('web', '-p', '8081:80')
    real.start('db')
    real.start('ended')
    real.podman('stop', '-t', '0', 'ended')
  })
  afterAll(() => real?.end())
  afterEach(() => {
    for (const name of real
      .podman('network', 'ls', '--format', '{{.Name}}')
      .split('\n')
      .filter((each) => each !== 'podman')) {
      for (const container of ['web', 'db', 'ended']) {
        if (name in places(container)) real.podman('network', 'disconnect', name, container)
      }
      real.podman('network', 'rm', name)
    }
  })

  /** What podman's client is asked for, and what we are. */
  const made: readonly (readonly [string, readonly string[], Partial<Wish>])[] = [
    ['plain', [], {}],
    ['subnet', ['--subnet', '10.91.0.0/24'], { subnets: [{ subnet: '10.91.0.0/24', auxAddresses: {} }] }],
    [
      'range',
      ['--subnet', '10.92.0.0/24', '--gateway', '10.92.0.254', '--ip-range', '10.92.0.128/25'],
      {
        subnets: [
          { subnet: '10.92.0.0/24', gateway: '10.92.0.254', ipRange: '10.92.0.128/25', auxAddresses: {} },
        ],
      },
    ],
    [
      'both',
      ['--subnet', '10.93.0.0/24', '--subnet', 'fd00:93::/64', '--ipv6'],
      {
        ipv6: true,
        subnets: [
          { subnet: '10.93.0.0/24', auxAddresses: {} },
          { subnet: 'fd00:93::/64', auxAddresses: {} },
        ],
      },
    ],
    [
      'six',
      ['--ipv6', '--subnet', 'fd00:94::/64'],
      { ipv6: true, subnets: [{ subnet: 'fd00:94::/64', auxAddresses: {} }] },
    ],
    ['closed', ['--internal'], { internal: true }],
    [
      'told',
      ['--label', 'team=a', '--label', 'x=', '--opt', 'isolate=true', '--opt', 'mtu=1400'],
      { labels: { team: 'a', x: '' }, options: { isolate: 'true', 'com.docker.network.driver.mtu': '1400' } },
    ],
    [
      'usual',
      [],
      {
        options: {
          'com.docker.network.bridge.enable_icc': 'true',
          'com.docker.network.bridge.enable_ip_masquerade': 'true',
        },
      },
    ],
    [
      'parent',
      ['-d', 'macvlan', '-o', 'parent=up0', '-o', 'mode=private', '--subnet', '10.95.0.0/24'],
      {
        driver: 'macvlan',
        subnets: [{ subnet: '10.95.0.0/24', auxAddresses: {} }],
        options: { parent: 'up0', macvlan_mode: 'private' },
      },
    ],
  ]

  test('networks made in many ways equal podman’s own; undone they are gone', slow, async () => {
    const before = networks()
    for (const [name, asked] of made) real.podman('network', 'create', ...asked, name)
    const own = networks()
    for (const [name] of made) real.podman('network', 'rm', name)
    for (const [name, , wish] of made) await lab.change({ ...plain, name, ...wish })
    expect(networks()).toEqual(own)
    for (const _ of made) await lab.undo()
    expect(networks()).toEqual(before)
  })

  test('a bridge by name, which podman 4.3 has no option for', slow, () => {
    changed('net', 'create', 'net1', '--bridge', 'mine0', '--label', 'a=b', '--mtu', '1300')
    expect(inspected('net1')).toMatchObject({
      network_interface: 'mine0',
      labels: { a: 'b' },
      options: { mtu: '1300' },
    })
  })

  test('a container is connected as podman would, and taken off again', slow, async () => {
    real.podman('network', 'create', '--subnet', '10.91.0.0/24', 'net1')
    const before = places('web')
    const rulesBefore = rules()
    const asked = ['--ip', '10.91.0.77', '--mac-address', '02:00:00:00:00:77', '--alias', 'www']
    real.podman('network', 'connect', ...asked, 'net1', 'web')
    const own = places('web')
    real.podman('network', 'disconnect', 'net1', 'web')
    changed('net', 'connect', 'net1', 'web', ...asked)
    expect(places('web')).toEqual(own)
    expect(real.podman('exec', 'web', '/bin/ip', 'addr')).toContain('10.91.0.77/24')
    await lab.undo()
    expect(places('web')).toEqual(before)
    expect(rules()).toEqual(rulesBefore)
  })

  test('what is taken off comes back as it was, with address, MAC address and alias', slow, async () => {
    real.podman('network', 'create', 'net1')
    real.podman('network', 'connect', '--alias', 'www', 'net1', 'web')
    const before = places('web')
    await lab.change(off('web', 'net1'))
    expect(Object.keys(places('web'))).toEqual(['podman'])
    await lab.undo()
    expect(places('web')).toEqual(before)
    await lab.change(off('web', 'podman'))
    expect(Object.keys(places('web'))).toEqual(['net1'])
    await lab.undo()
    expect(places('web')).toEqual(before)
  })

  test(
    'a network goes with who is on it when that is asked for, and comes back with them',
    slow,
    async () => {
      const asked = [
        '--subnet',
        '10.91.0.0/24',
        '--ip-range',
        '10.91.0.64/26',
        '--label',
        'team=a',
        '--disable-dns',
      ]
      real.podman('network', 'create', ...asked, 'net1')
      real.podman('network', 'connect', '--alias', 'www', 'net1', 'web')
      real.podman('network', 'connect', 'net1', 'db')
      real.podman('network', 'connect', 'net1', 'ended')
      const before = { networks: networks(), places: ['web', 'db', 'ended'].map(places) }
      const [says] = await lab.refusals(removal('net1', false))
      expect(says).toMatch(/^network net1 is in use: /)
      for (const name of ['web', 'db', 'ended']) expect(says).toContain(name)
      await lab.change(removal('net1', true))
      expect(networks().map(({ name }) => name)).toEqual(['podman'])
      expect(['web', 'db', 'ended'].map((name) => Object.keys(places(name)))).toEqual([
        ['podman'],
        ['podman'],
        ['podman'],
      ])
      expect(real.podman('ps', '--format', '{{.Names}}').split('\n').toSorted()).toEqual(['db', 'web'])
      await lab.undo()
      expect({ networks: networks(), places: ['web', 'db', 'ended'].map(places) }).toEqual(before)
    },
  )

  test('networks that nobody is on go together, and come back', slow, async () => {
    for (const name of ['net1', 'net2', 'net3']) real.podman('network', 'create', name)
    real.podman('network', 'connect', 'net2', 'ended')
    const before = networks()
    const said = changed('net', 'prune')
    expect(said).toContain('remove networks net1, net3 of Podman')
    expect(
      networks()
        .map(({ name }) => String(name))
        .toSorted(),
    ).toEqual(['net2', 'podman'])
    await lab.undo()
    expect(networks()).toEqual(before)
  })

  test('what Podman does not have is refused by name, before it is asked', slow, async () => {
    real.start('joined', '--network', 'container:web')
    const before = networks()
    const intents: readonly Intent[] = [
      { ...plain, name: 'net1', driver: 'overlay' },
      { ...plain, name: 'net1', attachable: true },
      { ...plain, name: 'net1', options: { 'com.docker.network.bridge.enable_icc': 'false' } },
      { ...plain, name: 'net1', subnets: [{ subnet: '10.91.0.0/24', auxAddresses: { a: '10.91.0.5' } }] },
      { ...plain, name: 'net1', subnets: [{ subnet: '10.88.5.0/24', auxAddresses: {} }] },
      { ...plain, name: 'podman' },
      removal('podman', false),
      { kind: 'engine-net-connect', engine: 'podman', container: 'joined', connection },
      off('joined', 'podman'),
      { kind: 'engine-net-connect', engine: 'podman', container: 'web', connection },
    ]
    const says: string[] = []
    for (const intent of intents) says.push((await lab.refusals(intent)).join('; '))
    expect(says).toEqual([
      expect.stringContaining('Podman has no driver overlay'),
      expect.stringContaining('Podman has no --attachable'),
      expect.stringContaining('Podman has no --icc=false'),
      expect.stringContaining('Podman has no --aux-address'),
      expect.stringContaining('subnet 10.88.5.0/24 overlaps'),
      expect.stringContaining('cannot be called podman'),
      expect.stringContaining('it cannot be removed'),
      expect.stringContaining('joined shares the namespace of container web: connect that one'),
      expect.stringContaining('joined shares the namespace of container web: take that one off'),
      expect.stringContaining('web is on network podman of Podman already'),
    ])
    expect(networks()).toEqual(before)
    real.podman('rm', '-f', '-t', '0', 'joined')
  })

  test('what only Podman knows is said in its own words, and nothing stays', slow, () => {
    const before = networks()
    const { code, stderr } = vethscope('net', 'create', 'net1', '--opt', 'nonsense=1')
    expect([code, stderr]).toEqual([5, expect.stringContaining('unsupported bridge network option nonsense')])
    expect(networks()).toEqual(before)
  })
})
