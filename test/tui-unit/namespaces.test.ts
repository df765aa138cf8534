/** Screen 2: the table of namespaces and the sheets about the selected one. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Need } from '../../src/collect/protocol.ts'
import { netnsId } from '../../src/model/ids.ts'
import { isUnknown } from '../../src/model/known.ts'
import type { Netns, NetnsDetails } from '../../src/model/netns.ts'
import type { Process } from '../../src/model/process.ts'
import type { World } from '../../src/model/world.ts'
import { socket, withSockets } from '../support/docker-world.ts'
import { link, netns, world } from '../support/world.ts'
import { opened, rowOf, turnedTo } from './namespaces-screen.ts'
import { live, type Screen } from './screen.ts'
import { bigHost, dockerHost } from './worlds.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

describe('the sheets', () => {
  test('} and { turn them in a ring, and stay where they are when another row is chosen', () => {
    const it = opened(dockerHost(), { columns: 200, rows: 40 })
    const titles = (): string => it.line('─ host').concat(it.line('── host'))
    expect(titles()).toContain('OVERVIEW')
    it.keys('{')
    expect(it.line('TC, IPSEC, EBPF')).not.toBe('')
    it.keys('}', '}', '}', '}')
    expect(it.line('ROUTES')).not.toBe('')
    expect(it.line('default via 192.0.2.1 dev eth0')).not.toBe('')
    it.keys('j', 'j')
    expect(it.line('ROUTES')).not.toBe('')
    expect(it.line('default via 172.28.5.1 dev eth0')).not.toBe('')
  })

  test('a closed namespace says why on each sheet, and who is in it all the same', () => {
    const world = dockerHost()
    const it = opened(
      {
        ...world,
        processes: [
          ...(isUnknown(world.processes) ? [] : world.processes),
          { ...processIn('300', 900, 'mysqld'), cgroup: { unknown: 'permission denied' } },
        ],
      },
      { columns: 120, rows: 40 },
    )
    it.keys('j')
    expect(rowOf(it, 'db')).toMatch(/^>\? /)
    turnedTo(it, 'PROCESSES')
    expect(it.line(' 900 ')).toContain('mysqld')
    turnedTo(it, 'ROUTES')
    expect(it.line('could not be read: permission denied')).not.toBe('')
  })

  test('sockets with their process and container; how many wait to be accepted', () => {
    const it = opened(
      withDetails(dockerHost(), () =>
        withSockets([
          socket('tcp', '0.0.0.0', 80, {
            process: { pid: 812, name: 'nginx' },
            recvQueue: 3,
            sendQueue: 511,
          }),
          socket('tcp', '172.17.0.3', 80, {
            state: 'ESTAB',
            remote: { address: '198.51.100.7', port: 40001 },
            process: { pid: 812, name: 'nginx' },
            recvQueue: 0,
            sendQueue: 1448,
          }),
          socket('tcp', '::1', 9000, { family: 'inet6', process: null, recvQueue: 0, sendQueue: 9 }),
        ]),
      ),
      { columns: 120, rows: 40 },
    )
    turnedTo(it, 'SOCKETS')
    expect(it.line('0.0.0.0:80 ')).toMatch(/tcp +0\.0\.0\.0:80 +nginx 812 +3 of 511 to be accepted/)
    expect(it.line('198.51.100.7')).toMatch(
      /172\.17\.0\.3:80 +198\.51\.100\.7:40001 +ESTAB +nginx 812 +1448 B unsent/,
    )
    expect(it.line('[::1]:9000')).toContain('no process')
  })

  test('settings that are not as the kernel or as the host has them stand out', () => {
    const sysctls = (forward: string, filter: string): NetnsDetails => ({
      ...withSockets([]),
      sysctls: {
        'ipv4.ip_forward': forward,
        'ipv4.conf.all.rp_filter': filter,
        'ipv4.ip_default_ttl': '64',
        'ipv6.conf.all.disable_ipv6': { unknown: 'not there: no IPv6' },
      },
    })
    const it = opened(
      withDetails(dockerHost(), ({ id }) => (id === '100' ? sysctls('1', '2') : sysctls('0', '1'))),
      { columns: 120, rows: 40 },
    )
    turnedTo(it, 'SYSCTLS')
    expect(it.line(' ipv4.ip_forward ')).toMatch(/ 1 +0 +pass on/)
    it.keys('j', 'j')
    const lines = it.text().split('\n')
    const at = (part: string): number => lines.findIndex((line) => line.includes(part))
    expect(it.line(' ipv4.conf.all.rp_filter ')).toMatch(/ 1 +0 +2 +drop/)
    expect(at('as the kernel has them, but not as this host')).toBeGreaterThan(at('rp_filter'))
    expect(at(' ipv4.ip_forward ')).toBeGreaterThan(at('but not as this host'))
    expect(at(' ipv4.ip_default_ttl ')).toBeGreaterThan(at(' ipv4.ip_forward '))
    expect(it.line('ipv6.conf.all.disable_ipv6')).toContain('not there: no IPv6')
  })

  test('what else may hold up a packet: queues, filters, IPsec, programs', () => {
    const it = opened(
      withDetails(dockerHost(), () => ({
        ...withSockets([]),
        qdiscs: [
          {
            ifindex: 2,
            kind: 'netem',
            handle: '8001:',
            parent: 'root',
            options: 'delay 100ms loss 1%',
            drops: 7,
            backlog: 0,
          },
        ],
        filters: [
          {
            ifindex: 2,
            kind: 'u32',
            parent: 'ffff:',
            priority: 1,
            protocol: 'all',
            actions: [{ kind: 'mirred', redirectTo: 1 }],
          },
        ],
        xfrmPolicies: [
          { src: '10.0.0.0/8', dst: '10.1.0.0/16', direction: 'out', action: 'block', priority: 5, index: 1 },
        ],
        programs: [{ ifindex: 2, attach: 'xdp', id: 42, name: 'drop_all' }],
      })),
      { columns: 120, rows: 40 },
    )
    turnedTo(it, 'TC, IPSEC, EBPF 4')
    expect(it.line('netem')).toMatch(/^ eth0 +netem +root +delay 100ms loss 1% +7$/)
    expect(it.line('u32')).toContain('mirred to lo')
    expect(it.line('10.1.0.0/16')).toMatch(/out +10\.0\.0\.0\/8 +10\.1\.0\.0\/16 +block +5/)
    expect(it.line('drop_all')).toMatch(/xdp +eth0 +42 +drop_all/)
  })
})

describe('what forwards', () => {
  const conf = { forwarding: 1 } as const
  test.each([
    ['no', [0, 0], [0, 0]],
    ['v4', [1, 1], [0, 0]],
    ['some v4', [1, 0], [0, 0]],
    ['v4 v6', [1, 1], [1, 1]],
    ['v4 some v6', [1, 1], [0, 1]],
  ] as const)('%s', (told, v4, v6) => {
    const world = dockerHost()
    const it = opened(
      {
        ...world,
        netns: world.netns.map((each) =>
          each.id === '301'
            ? {
                ...each,
                links: [0, 1].map((at) =>
                  link('dummy', {
                    ifindex: at + 2,
                    name: `d${at}`,
                    inet: { ...conf, forwarding: v4[at] } as never,
                    inet6: { ...conf, forwarding: v6[at] } as never,
                  }),
                ),
              }
            : each,
        ),
      },
      { columns: 120, rows: 40 },
    )
    expect(rowOf(it, 'openc')).toMatch(new RegExp(` 2 {2}${told} +- `))
  })
})

describe('live', () => {
  const asked = (it: Screen): readonly Need[] => {
    const effect = it.effects.findLast((each) => each.type === 'need')
    return effect?.type === 'need' ? effect.needs : []
  }
  const told = (it: Screen, value: NetnsDetails): void => {
    const need = asked(it).find((each) => each.kind === 'details')
    if (need?.kind !== 'details') throw new Error('no details were asked for')
    it.worker({ type: 'details', generation: it.state.asked.generation, netns: need.netns, value })
  }
  const counting = (drops: number): NetnsDetails => ({
    ...withSockets([]),
    counters: { 'TcpExt.ListenDrops': drops, 'Ip.OutNoRoutes': 5, 'Ip.FragFails': 0 },
  })

  test('asks for details and counters of the selected one, and of nothing else', () => {
    const it = live(dockerHost())
    it.keys('2', 'j', 'j')
    expect(asked(it)).toEqual([
      { kind: 'details', netns: '203' },
      { kind: 'counters', netns: ['203'] },
    ])
    // db cannot be entered.
    it.keys('k')
    expect(asked(it)).toEqual([])
  })

  test('drops with their growth since it was first looked at, and from 0 on', () => {
    const it = live(dockerHost(), { size: { columns: 120, rows: 40 } })
    it.keys('2')
    turnedTo(it, 'DROPS')
    expect(it.line('being read …')).not.toBe('')
    told(it, counting(40))
    expect(it.line('growth since 14:03:22; 0 counts from now')).not.toBe('')
    expect(it.line('TcpExt.ListenDrops')).toMatch(/protocol +TcpExt\.ListenDrops +40 +a new connection/)
    it.now += 5000
    told(it, counting(48))
    expect(it.line('TcpExt.ListenDrops')).toMatch(/ 48 +\+8 +a new connection/)
    expect(it.line('Ip.OutNoRoutes')).not.toContain('+')
    expect(it.line('DROPS 1')).not.toBe('')
    // Another namespace and back: growth goes on from the first look.
    it.keys('j', 'j', 'k', 'k')
    told(it, counting(50))
    expect(it.line('TcpExt.ListenDrops')).toContain('+10')
    it.keys('0')
    expect(it.line('growth counts from now, 14:03:27')).not.toBe('')
    expect(it.line('TcpExt.ListenDrops')).not.toContain('+')
    told(it, counting(51))
    expect(it.line('TcpExt.ListenDrops')).toContain('+1 ')
  })

  test('drops of links grow with the counters that are told each second', () => {
    const world = dockerHost()
    const it = live(world, { size: { columns: 120, rows: 40 } })
    it.keys('2')
    turnedTo(it, 'DROPS')
    told(it, counting(0))
    const values = Float64Array.from([0, 2, 100, 10, 4, 0, 100, 10, 0, 1])
    it.worker({ type: 'counters', at: it.now, netns: [netnsId(100)], values })
    expect(it.line(' rxDropped ')).toMatch(/eth0 +rxDropped +4 +\+4/)
    expect(it.line(' txErrors ')).toMatch(/eth0 +txErrors +1 +\+1/)
  })

  test('0 where nothing can grow says why', () => {
    const it = live(dockerHost())
    it.keys('2', '0')
    expect(it.line('0: the counters of this namespace were not read yet')).not.toBe('')
    const other = opened(dockerHost())
    other.keys('0')
    expect(other.line('0: nothing grows in a recording')).not.toBe('')
  })

  test('only the last 16 namespaces are remembered for growth', () => {
    const it = live(bigHost(40), { size: { columns: 80, rows: 24 } })
    it.keys('2')
    for (let step = 0; step < 30; step += 1) {
      told(it, counting(1))
      it.keys('j')
    }
    expect(it.state.namespaces.firsts.size).toBe(16)
  })

  test('the settings of the host are held against those of others, once they were read', () => {
    const details = (value: string): NetnsDetails => ({
      ...withSockets([]),
      sysctls: { 'ipv4.ip_forward': value },
    })
    const it = live(dockerHost(), { size: { columns: 120, rows: 40 } })
    it.keys('2')
    turnedTo(it, 'SYSCTLS')
    told(it, details('1'))
    it.keys('j', 'j')
    told(it, details('0'))
    expect(it.line('as the kernel has them, but not as this host')).not.toBe('')
    expect(it.line(' ipv4.ip_forward ')).toMatch(/ 0 +1 +pass on/)
  })

  test('rows that did not change stay the same objects', () => {
    const world = dockerHost()
    const it = live(world)
    it.keys('2')
    const before = it.text()
    it.world({ ...world, at: '2026-11-21T14:03:30.000Z' })
    expect(it.text()).toBe(before)
  })
})

describe('names from outside', () => {
  test('are harmless wherever they stand', () => {
    const evil = '\u001b[31m\u202eab\n\u009b2J'
    const world = dockerHost()
    const details: NetnsDetails = {
      sysctls: { 'ipv4.ip_forward': evil, [evil]: evil },
      sockets: [socket('tcp', '0.0.0.0', 80, { process: { pid: 1, name: evil } })],
      qdiscs: [{ ifindex: 2, kind: evil, handle: evil, parent: evil, options: evil, drops: 1, backlog: 1 }],
      filters: [
        {
          ifindex: 2,
          kind: evil,
          parent: evil,
          priority: 1,
          protocol: evil,
          actions: [{ kind: evil, redirectTo: null }],
        },
      ],
      xfrmPolicies: { unknown: evil },
      programs: [{ ifindex: 2, attach: evil, id: 1, name: evil }],
      counters: { 'Ip.OutNoRoutes': 1 },
    }
    const it = opened(
      {
        ...withDetails(world, () => details),
        netns: withDetails(world, () => details).netns.map((each) => ({
          ...each,
          names: [{ name: evil, source: 'named' as const, path: evil }],
          neighbours: [
            {
              ifindex: 2,
              family: 'inet' as const,
              dst: evil,
              lladdr: evil,
              state: evil,
              flags: [evil],
              used: 1,
              confirmed: 1,
              updated: 1,
            },
          ],
        })),
        dns: world.netns.map(({ id }) => ({
          mountNamespace: evil,
          netns: [id],
          path: evil,
          resolvConf: `nameserver ${evil}`,
          hosts: evil,
          nsswitch: evil,
        })),
        processes: world.netns.map(({ id }, at) => processIn(id, at + 1, evil)),
      },
      { columns: 120, rows: 40 },
    )
    for (let row = 0; row < world.netns.length; row += 1) {
      for (let sheet = 0; sheet < 10; sheet += 1) {
        // eslint-disable-next-line no-control-regex -- that is what must not be there
        expect(spansOf(it)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
        it.keys('}')
      }
      it.keys('j')
    }
  })
})

function withDetails(world: World, details: (netns: Netns) => NetnsDetails): World {
  return { ...world, netns: world.netns.map((each) => ({ ...each, details: details(each) })) }
}

function processIn(id: string, pid: number, comm: string): Process {
  return {
    pid,
    ppid: 1,
    startTime: pid,
    comm,
    uid: 0,
    cgroup: '/',
    netns: netnsId(Number(id)),
    namespaces: { mnt: '1', pid: '2', ipc: '3', uts: '4', user: '5' },
  }
}

/** As they go to render: drawn into cells, a character without width would be lost. */
function spansOf(it: Screen): string {
  const lines = it.frame().regions.flatMap((region) => region.lines)
  return lines.flatMap((line) => line.spans.map(({ text }) => text)).join('|')
}

test('at 80 columns the footer tells how the sheets are turned', () => {
  const it = live(dockerHost(), { size: { columns: 80, rows: 24 } })
  it.keys('2')
  expect(it.text().split('\n').at(-2)).toMatch(/^ Enter follow .* } sheet .* q quit$/)
})

test('a motion that leads nowhere says why', () => {
  const it = opened(dockerHost(), { columns: 80, rows: 24 })
  const says = (key: string): string => {
    it.keys(key)
    return it.text().split('\n').at(-2)?.trim() ?? ''
  }
  expect(says('up')).toBe('↑: this is the first row')
  expect(says('end')).toContain('Enter follow')
  expect(says('down')).toBe('↓: this is the last row')
  expect(says('end')).toBe('End: this is the last row')
  it.keys('home', 'tab')
  for (const key of ['up', 'pageup', 'home'])
    expect(says(key)).toMatch(/: (all of it is in sight|this is its beginning)$/)
  turnedTo(it, 'SYSCTLS')
  it.keys('end')
  for (const key of ['down', 'pagedown', 'end'])
    expect(says(key)).toMatch(/: (all of it is in sight|this is its end)$/)
})

test('DNS of a named namespace that nothing is told of: what a command run there would use', () => {
  const named = netns(200, 'web')
  const unnamed = netns(300, 'ctr', { names: [{ name: 'ctr', source: 'process', path: '/proc/8/ns/net' }] })
  const it = opened(world([netns(100, 'host'), unnamed, named]), { columns: 120, rows: 40 })
  it.keys('}', '}', '}', '}', '}', '}', 'j')
  expect(it.line('── ctr')).toContain(' DNS')
  expect(it.text()).not.toContain('`ip netns exec`')
  it.keys('j')
  expect(it.text()).toContain('what `ip netns exec` runs in')
})
