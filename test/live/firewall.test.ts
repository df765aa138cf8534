/**
 * Rules of every dialect in the real kernel: what readFirewall says is held against what the tools themselves print.
 * The rulesets are in test/collect/firewall/dialects.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFirewall } from '../../src/collect/firewall/read-firewall.ts'
import { loadLibc, type Libc } from '../../src/collect/kernel/libc.ts'
import type { Entrance } from '../../src/collect/kernel/open-namespace.ts'
import { which } from '../../src/lib/which.ts'
import type { Chain, Firewall, NfTable } from '../../src/model/ruleset.ts'
import { nftListed, nftSpelled } from '../collect/firewall/nft-listed.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { holdBySocket } from './support-holders.ts'
import { tracesOf } from './support-traces.ts'

const folder = new URL('../collect/firewall/dialects/', import.meta.url).pathname
const files = readdirSync(folder).sort()
const content = (file: string) => readFileSync(join(folder, file), 'utf8')
const named = (ending: string) => files.filter((file) => file.endsWith(ending))

type Row = readonly [number: number, packets: number | null, bytes: number | null]

const tools = ['ip', 'nsenter', 'unshare', 'python3', 'iptables', 'iptables-legacy', 'nft', 'ipset', 'ping']

describe.runIf(requires({ root: true, tools }))('readFirewall', () => {
  let host: TestHost
  let libc: Libc

  beforeAll(async () => {
    const loaded = await loadLibc()
    if (!loaded.ok) throw new Error(loaded.failure.what)
    libc = loaded.value
    host = await playHost('walls')
    for (const name of ['empty', 'both', 'hidden', 'changed']) host.ip(`netns add ${name}`)
  })
  afterAll(() => host.end())

  function entrance(name: string): Entrance {
    const path = host.path(`/run/netns/${name}`)
    const { dev, ino } = statSync(path, { bigint: true })
    return { dev: Number(dev), ino, paths: [path], holders: { sockets: [] } }
  }
  const within = (name: string, command: readonly string[]) => [
    'nsenter',
    `--net=/run/netns/${name}`,
    ...command,
  ]
  const tool = (name: string, ...command: readonly string[]) => host.run(within(name, command))
  const load = (name: string, command: readonly string[], input: string) =>
    host.run(within(name, command), { input })
  const read = (name: string, libcOrNot: Libc | null = libc) =>
    readFirewall(entrance(name), { libc: libcOrNot })

  function namespace(name: string): string {
    host.ip(`netns add ${name}`)
    tool(name, 'ipset', 'create', 'admins', 'hash:ip')
    return name
  }

  function table(firewall: Firewall, family: string, name: string, backend?: string): NfTable {
    const found = firewall.tables.find(
      (each) => each.family === family && each.name === name && (backend ?? each.backend) === each.backend,
    )
    if (found === undefined) throw new Error(`no table ${family} ${name}`)
    return found
  }

  /** `iptables -vnxL --line-numbers`: number, packets, bytes of each rule of each chain. */
  function listed(text: string): Readonly<Record<string, readonly Row[]>> {
    const chains: Record<string, Row[]> = {}
    let rows: Row[] = []
    for (const line of text.split('\n')) {
      const chain = /^Chain (\S+) \(/.exec(line)?.[1]
      if (chain !== undefined) rows = chains[chain] = []
      const rule = /^(\d+)\s+(\d+)\s+(\d+) /.exec(line)
      if (rule !== null) rows.push([Number(rule[1]), Number(rule[2]), Number(rule[3])])
    }
    return chains
  }

  const rowsOf = (chains: readonly Chain[]) =>
    Object.fromEntries(
      chains.map(({ name, rules }) => [
        name,
        rules.map(({ number, packets, bytes }) => [number, packets, bytes] as Row),
      ]),
    )

  /** The rules in the words of `iptables -S`, which has no counters and no line breaks in our dialects. */
  const spelled = (chains: readonly Chain[]) =>
    chains.flatMap(({ name, rules }) => rules.map(({ text }) => `-A ${name} ${text}`)).sort()

  const destinations = (chains: readonly Chain[]) =>
    chains
      .flatMap(({ rules }) => rules)
      .flatMap(({ statements }) => statements)
      .flatMap((each) => (each.kind === 'dnat' ? [destination(each)] : []))
      .sort()
  const destination = ({ address, ports }: { address: string | null; ports: string | null }) => {
    const host = address?.includes(':') === true ? `[${address}]` : (address ?? '')
    return ports === null ? host : `${host}:${ports}`
  }

  const variants = named('.rules').flatMap((file) => [
    { file, backend: 'iptables-nft' as const, program: 'iptables-nft' },
    { file, backend: 'iptables-legacy' as const, program: 'iptables-legacy' },
  ])
  const sixes = named('.rules6').flatMap((file) => [
    { file, backend: 'iptables-nft' as const, program: 'ip6tables-nft' },
    { file, backend: 'iptables-legacy' as const, program: 'ip6tables-legacy' },
  ])

  test('policies of iptables-nft are not counted, those of iptables-legacy and of a restored chain are', async () => {
    const name = namespace('policies')
    tool(name, 'ip', 'link', 'set', 'lo', 'up')
    tool(name, 'iptables-nft', '-P', 'FORWARD', 'DROP')
    tool(name, 'iptables-legacy', '-P', 'FORWARD', 'DROP')
    tool(name, 'ping', '-c1', '-q', '127.0.0.1')
    const counted = async (backend: string) =>
      table(await read(name), 'ip', 'filter', backend)
        .chains.filter(({ hook }) => hook === 'input')
        .map(({ packets }) => packets)
    expect(await counted('iptables-nft')).toEqual([null])
    expect(await counted('iptables-legacy')).toEqual([2])
    load(name, ['iptables-nft-restore', '-c'], '*filter\n:INPUT ACCEPT [3:30]\nCOMMIT\n')
    expect(await counted('iptables-nft')).toEqual([3])
  })

  test.each([...variants, ...sixes])('$file in $program', async ({ file, backend, program }) => {
    const name = namespace(`${program}-${file.replace(/\W/g, '')}`)
    const input = content(file)
    load(name, [`${program}-restore`, '-c'], input)
    const firewall = await read(name)
    expect(firewall.unread).toEqual([])
    const family = program.startsWith('ip6') ? 'ip6' : 'ip'
    const names = [...input.matchAll(/^\*(\w+)$/gm)].map(([, each]) => each ?? '')
    expect(firewall.tables.map((each) => each.name).sort()).toEqual(names.sort())
    for (const each of firewall.tables) {
      expect(each).toMatchObject({ backend, family })
      expect(rowsOf(each.chains)).toEqual(
        listed(tool(name, program, '-t', each.name, '-vnxL', '--line-numbers')),
      )
      const rules = tool(name, program, '-t', each.name, '-S')
        .split('\n')
        .filter((line) => line.startsWith('-A '))
      expect(spelled(each.chains)).toEqual(rules.sort())
      const to = rules.flatMap((line) => /--to-destination (\S+)/.exec(line)?.[1] ?? [])
      expect(destinations(each.chains)).toEqual(to.sort())
    }
    const counted = firewall.tables.flatMap(({ chains }) => chains).flatMap(({ rules }) => rules)
    // ip6tables-nft-restore 1.8.9 forgets the counters that it is given.
    if (program !== 'ip6tables-nft') {
      expect(counted.some(({ packets }) => (packets ?? 0) > 0)).toBe(true)
    }
    // The kernel's own number for each, which legacy does not have.
    expect(counted.every(({ handle }) => (handle === null) === (backend === 'iptables-legacy'))).toBe(true)
  })

  test.each(named('.nft'))('%s', async (file) => {
    const name = namespace(file.replace(/\W/g, ''))
    load(name, ['nft', '-f', '-'], content(file))
    const firewall = await read(name)
    expect(firewall.unread).toEqual([])
    const own = nftListed(tool(name, 'nft', '-a', 'list', 'ruleset'))
    expect(Object.values(own).flat().length).toBeGreaterThan(10)
    expect(nftSpelled(firewall.tables)).toEqual(own)
    const withCounter = Object.values(own)
      .flat()
      .filter((line) => line.includes('counter ')).length
    const rules = firewall.tables.flatMap(({ chains }) => chains).flatMap(({ rules }) => rules)
    expect(rules.filter(({ packets }) => packets !== null)).toHaveLength(withCounter)
    // Without FFI: the same, without what only the kernel counted.
    expect(nftSpelled((await read(name, null)).tables)).toEqual(own)
  })

  test('legacy and nft side by side, and a native table beside those of iptables', async () => {
    load('both', ['iptables-nft-restore', '-c'], content('docker-28.rules'))
    load('both', ['ip6tables-nft-restore', '-c'], content('docker-28.rules6'))
    load('both', ['iptables-legacy-restore', '-c'], content('container-dns.rules'))
    load('both', ['nft', '-f', '-'], content('incus.nft'))
    tool('both', 'ipset', 'create', 'peers', 'hash:ip,port')
    tool('both', 'ipset', 'add', 'peers', '192.0.2.1,tcp:80')
    for (const libcOrNot of [libc, null]) {
      const firewall = await read('both', libcOrNot)
      expect(firewall.unread).toEqual([])
      expect(firewall.tables.map((each) => `${each.backend} ${each.family} ${each.name}`).sort()).toEqual([
        'iptables-legacy ip nat',
        'iptables-nft ip filter',
        'iptables-nft ip nat',
        'iptables-nft ip raw',
        'iptables-nft ip6 nat',
        'iptables-nft ip6 raw',
        'nft inet f2b-table',
        'nft inet incus',
        'nft ip wg-quick-wg0',
      ])
      expect(destinations(table(firewall, 'ip', 'nat', 'iptables-nft').chains)).toEqual([
        '172.30.0.2:80',
        '172.30.0.4:9000',
      ])
      expect(destinations(table(firewall, 'ip', 'nat', 'iptables-legacy').chains)).toEqual([
        '127.0.0.11:38297',
        '127.0.0.11:54211',
      ])
      expect(firewall.ipsets).toEqual([
        { name: 'peers', type: 'hash:ip,port', members: ['192.0.2.1,tcp:80'] },
      ])
      expect(firewall.ipvs).toEqual([])
    }
  })

  test('a native rule in a table of iptables: read from nft, and said what nft hides', async () => {
    load('hidden', ['iptables-nft-restore', '-c'], content('container-dns.rules'))
    const half = ['-m', 'statistic', '--mode', 'random', '--probability', '0.5']
    tool('hidden', 'iptables-nft', '-t', 'nat', '-A', 'OUTPUT', ...half, '-j', 'RETURN')
    load('hidden', ['nft', '-f', '-'], 'add rule ip nat OUTPUT numgen random mod 2 0 counter')
    expect(tool('hidden', 'iptables-save')).toContain("Table `nat' is incompatible")
    const firewall = await read('hidden')
    expect(firewall.unread).toEqual([
      {
        backend: 'iptables-nft',
        family: 'ip',
        table: 'nat',
        unknown: expect.stringMatching(
          /iptables does not understand: nft hides .* in 1 of its rules/,
        ) as unknown,
        hint: 'see it with `nft list table ip nat`',
      },
    ])
    const nat = table(firewall, 'ip', 'nat')
    expect(nat.backend).toBe('nft')
    expect(destinations(nat.chains)).toEqual(['127.0.0.11:38297', '127.0.0.11:54211'])
  })

  test('a whole table of nft that is called as one of iptables: nothing is hidden, nothing unread', async () => {
    const name = namespace('lookalike')
    load(
      name,
      ['nft', '-f', '-'],
      'table ip nat {\nchain pre {\ntype nat hook prerouting priority -100\ntcp dport 80 dnat to 10.0.0.2:81\n}\n}\n',
    )
    const asked: string[] = []
    const firewall = await readFirewall(entrance(name), {
      libc,
      find: (each) => {
        asked.push(each)
        return which(each)
      },
    })
    // iptables-save could load modules by looking at it.
    expect(asked).not.toContain('iptables-nft-save')
    expect(firewall.unread).toEqual([])
    expect(destinations(table(firewall, 'ip', 'nat', 'nft').chains)).toEqual(['10.0.0.2:81'])
  })

  test('the other families, with the devices that nft does not tell', async () => {
    const name = namespace('families')
    tool(name, 'ip', 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1')
    tool(
      name,
      'ebtables-nft',
      '-A',
      'FORWARD',
      '-p',
      'IPv4',
      '--ip-src',
      '10.0.0.1',
      '-i',
      'v0',
      '-j',
      'DROP',
    )
    tool(name, 'arptables-nft', '-A', 'INPUT', '-s', '10.0.0.1', '-j', 'DROP')
    load(
      name,
      ['nft', '-f', '-'],
      `table netdev edge {
        chain both {
          type filter hook ingress devices = { v0, v1 } priority 0; policy accept;
          ip saddr 10.0.0.1 counter drop
        }
        chain one {
          type filter hook ingress device "v0" priority 5; policy drop;
        }
      }
      `,
    )
    const firewall = await read(name)
    expect(firewall.tables.map(({ family, name }) => `${family} ${name}`)).toEqual([
      'bridge filter',
      'arp filter',
      'netdev edge',
    ])
    // An extension of ebtables (`-p IPv4 --ip-src`), of which nft's JSON has only the name.
    expect(firewall.unread.map(({ family, table, hint }) => [family, table, hint])).toEqual([
      ['bridge', 'filter', 'see it with `nft list table bridge filter`'],
    ])
    expect(table(firewall, 'bridge', 'filter').chains[0]?.rules[0]?.matches).toEqual([
      { kind: 'interface', side: 'in', not: false, values: ['v0'] },
      { kind: 'opaque', text: 'ether type ip' },
      { kind: 'opaque', text: 'xt match "ip"' },
    ])
    expect(table(firewall, 'arp', 'filter').chains[0]?.rules[0]?.statements).toEqual([{ kind: 'drop' }])
    expect(
      table(firewall, 'netdev', 'edge').chains.map((chain) => [
        chain.name,
        chain.devices.toSorted(),
        chain.priority,
        chain.policy,
      ]),
    ).toEqual([
      ['both', ['v0', 'v1'], 0, 'accept'],
      ['one', ['v0'], 5, 'drop'],
    ])
  })

  test('a namespace that nothing but a socket holds', async () => {
    const name = namespace('held')
    load(name, ['iptables-nft-restore'], content('container-dns.rules'))
    const target = entrance(name)
    const pid = await holdBySocket(host, name)
    // The number that the process has outside of its own pid namespace.
    const outside = Number(
      readdirSync('/proc').find((each) => {
        if (!/^\d+$/.test(each)) return false
        try {
          return readFileSync(`/proc/${each}/status`, 'utf8').includes(`NSpid:\t${each}\t${pid}\n`)
        } catch {
          return false
        }
      }),
    )
    const sockets = readdirSync(`/proc/${outside}/fd`).map((fd) => ({ pid: outside, fd: Number(fd) }))
    expect(sockets.length).toBeGreaterThan(0)
    const own = () => readdirSync('/proc/self/fd').length
    const before = own()
    const firewall = await readFirewall({ ...target, paths: [], holders: { sockets } }, { libc })
    expect(firewall.unread).toEqual([])
    expect(destinations(table(firewall, 'ip', 'nat').chains)).toHaveLength(2)
    expect(own()).toBeLessThanOrEqual(before)
  })

  test('nothing where there is nothing, and no tool is run there', async () => {
    const asked: string[] = []
    const firewall = await readFirewall(entrance('empty'), {
      libc,
      find: (name) => {
        asked.push(name)
        return null
      },
    })
    expect(firewall).toMatchObject({ tables: [], unread: [], ipsets: [], ipvs: [] })
    expect(firewall.generation).toBeGreaterThan(0)
    expect(asked).toEqual([])
  })

  test('nothing is changed by looking, with and without FFI', async () => {
    const before = tracesOf(host)
    expect(before.namespaces['empty']?.nft.tables).toEqual([])
    expect(before.namespaces['both']?.legacyTables['ip']).toBe('nat\n')
    for (const name of Object.keys(before.namespaces).filter((each) => each !== 'host')) {
      await read(name)
      await read(name, null)
    }
    expect(tracesOf(host)).toEqual(before)
  })

  test('rules that come while others are read: read again, until both say the same', async () => {
    load('changed', ['iptables-nft-restore'], content('docker-27.rules'))
    let added = 0
    const firewall = await readFirewall(entrance('changed'), {
      libc,
      find: (name) => {
        if (added++ === 0) tool('changed', 'iptables-nft', '-A', 'DOCKER', '-j', 'DROP')
        return which(name)
      },
    })
    expect(firewall.unread).toEqual([])
    const docker = table(firewall, 'ip', 'filter').chains.find(({ name }) => name === 'DOCKER')
    expect(docker?.rules.map(({ text }) => text).at(-1)).toBe('-j DROP')
  })

  test('a namespace that is gone', async () => {
    const name = namespace('gone')
    const target = entrance(name)
    host.ip(`netns del ${name}`)
    const firewall = await readFirewall(target, { libc })
    expect(firewall.tables).toEqual([])
    expect(firewall.unread.map(({ backend, family }) => [backend, family])).toEqual([
      ['nft', null],
      ['iptables-legacy', null],
    ])
    expect(firewall.ipsets).toHaveProperty('unknown')
    expect(firewall.ipvs).toHaveProperty('unknown')
  })
})
