/** What each message does. */
import { beforeAll, describe, expect, test } from 'vitest'
import { netnsId, nsid } from '../../src/model/ids.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { subjectOf } from '../../src/tui/select/subject.ts'
import { ratesOf } from '../../src/tui/select/rates.ts'
import { shown } from '../../src/tui/select/shown.ts'
import { counterFields, type FromWorker } from '../../src/collect/protocol.ts'
import { address, bridgedPair, link, loopback, netns, port } from '../support/world.ts'
import { countersOf, live, screen, start, type Screen } from './screen.ts'
import { bigHost, dockerHost } from './worlds.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

/** The same World with one namespace changed. */
function withNetns(world: World, ino: number, change: (netns: Netns) => Netns, later = 1000): World {
  const at = new Date(Date.parse(world.at) + later).toISOString()
  return { ...world, at, netns: world.netns.map((each) => (each.id === netnsId(ino) ? change(each) : each)) }
}

function withoutNetns(world: World, ino: number): World {
  return { ...world, netns: world.netns.filter((each) => each.id !== netnsId(ino)) }
}

function withoutLink(world: World, ifindex: number): World {
  return withNetns(world, 100, (host) => ({
    ...host,
    links: 'unknown' in host.links ? host.links : host.links.filter((link) => link.ifindex !== ifindex),
  }))
}

function delta(
  world: World,
  seq: number,
  fields: Partial<Extract<FromWorker, { type: 'world' }>> = {},
): FromWorker {
  const { netns, changes: _, ...header } = world
  return { type: 'world', seq, header, changed: netns, gone: [], complete: true, ...fields }
}

function select(it: Screen, text: string): void {
  it.keys('f')
  it.type(text)
  it.keys('enter')
}

const rowOf = (it: Screen): string | undefined => it.state.topology.selection?.row

describe('world', () => {
  test('the first fill is shown as it grows, and is no change', () => {
    const world = dockerHost()
    const it = screen()
    it.worker(delta(world, 1, { changed: world.netns.slice(0, 2), complete: false }))
    expect(it.state.feed.status).toEqual({ type: 'filling', done: 0, total: 0 })
    expect(it.line('docker0')).not.toBe('')
    it.worker({ type: 'progress', done: 2, total: 7 })
    expect(it.line('vethscope')).toContain('reading 2 of 7 ns')
    it.worker(delta(world, 2, { changed: world.netns.slice(2) }))
    expect(it.state.feed.status.type).toBe('live')
    expect(it.state.feed.world?.netns.length).toBe(7)
    expect(it.state.feed.changes).toEqual([])
  })

  test('a selected namespace that gets its place on a bridge during the fill stays selected', () => {
    const world = bridgedPair()
    const it = screen()
    it.worker(delta(world, 1, { changed: world.netns.slice(1), complete: false }))
    it.keys('home', 'down', 'down')
    expect(rowOf(it)).toBe('link:200:2')
    it.worker(delta(world, 2, { changed: world.netns.slice(0, 1) }))
    expect(it.state.topology.selection).toEqual({ row: 'link:100:5', end: 'far' })
  })

  test('changes between two looks are kept, newest last, at most 500', () => {
    const world = bridgedPair()
    const it = live(world)
    for (let at = 0; at < 600; at += 1) {
      it.world(
        withNetns(
          world,
          200,
          (each) => ({ ...each, addresses: [address(2, `10.1.${at >> 8}.${at & 255}/16`)] }),
          at,
        ),
      )
    }
    expect(it.state.feed.changes.length).toBe(500)
    expect(it.state.feed.changes.at(-1)?.says).toContain('10.1.2.87')
    expect(it.state.feed.changes.at(-1)?.netnsName).toBe('redis123')
  })

  test('a gap in seq asks for everything, and drops deltas until it comes', () => {
    const world = bridgedPair()
    const it = live(world)
    it.worker(delta(withoutNetns(world, 200), 7, { changed: [], gone: [netnsId(200)] }))
    expect(it.effects.at(-1)).toEqual({ type: 'resend' })
    expect(it.state.feed.world?.netns.length).toBe(2)
    it.worker(delta(world, 8, { changed: [] }))
    expect(it.effects.filter((effect) => effect.type === 'resend').length).toBe(1)
    it.worker(delta(withoutNetns(world, 200), 1))
    expect(it.state.feed.world?.netns.length).toBe(1)
    expect(it.state.feed.changes.at(-1)?.says).toBe('is gone')
    expect(it.state.feed.awaitingResend).toBe(false)
  })

  test('a World sent anew replaces the old one only when it is complete', () => {
    const world = bridgedPair()
    const it = live(world)
    it.worker(delta(world, 1, { changed: world.netns.slice(0, 1), complete: false }))
    expect(shown(it.state).world?.netns.length).toBe(2)
    it.worker(delta(world, 2, { changed: world.netns.slice(1) }))
    expect(shown(it.state).world?.netns.length).toBe(2)
    expect(it.state.feed.changes).toEqual([])
  })

  test('namespaces that did not change keep their objects', () => {
    const world = bridgedPair()
    const it = live(world)
    it.world(withNetns(world, 200, (each) => ({ ...each, addresses: [] })))
    expect(it.state.feed.world?.netns[0]).toBe(world.netns[0])
    expect(it.state.feed.world?.netns[1]).not.toBe(world.netns[1])
  })
})

describe('selection', () => {
  test('stays on the same thing, at the same place of the screen, when rows appear above it', () => {
    const world = bigHost(100)
    const it = live(world)
    select(it, 'veth50')
    const before = it
      .text()
      .split('\n')
      .findIndex((line) => line.startsWith('>'))
    const more = [link('dummy', { ifindex: 7, name: 'new1' }), link('dummy', { ifindex: 8, name: 'new2' })]
    it.world(
      withNetns(world, 100, (host) => ({
        ...host,
        links: 'unknown' in host.links ? host.links : [...host.links, ...more],
      })),
    )
    expect(rowOf(it)).toBe('link:100:60')
    expect(
      it
        .text()
        .split('\n')
        .findIndex((line) => line.startsWith('>')),
    ).toBe(before)
  })

  test('what vanishes while it is selected stays as gone for three seconds, then the row at its place', () => {
    const world = dockerHost()
    const it = live(world)
    select(it, 'vethe8201cd')
    it.world(withoutNetns(withoutLink(world, 12), 202))
    expect(rowOf(it)).toBe('link:100:12')
    expect(it.line('vethe8201cd  is gone')).toMatch(/^>/)
    expect(subjectOf(it.state)?.kind).toBe('ghost')
    it.keys('enter')
    expect(it.state.message).toEqual({ kind: 'refused', text: 'Enter: vethe8201cd is gone' })
    const wake = it.effects.findLast((effect) => effect.type === 'wake')
    expect(wake).toEqual({ type: 'wake', afterMs: expect.any(Number) })
    it.wait(2900)
    expect(it.line('is gone')).not.toBe('')
    it.wait(200)
    expect(it.state.topology.ghost).toBe(null)
    expect(rowOf(it)).toBe('link:100:6')
    expect(it.line('vethe8201cd  is gone')).toBe('')
  })

  test('moving off a ghost lets it go; coming back of the thing too', () => {
    const world = dockerHost()
    const it = live(world)
    select(it, 'vethe8201cd')
    const less = withoutNetns(withoutLink(world, 12), 202)
    it.world(less)
    it.keys('up')
    expect(it.state.topology.ghost).toBe(null)
    expect(rowOf(it)).toBe('link:100:11')
    it.world(world)
    select(it, 'vethe8201cd')
    it.world(less)
    it.world(world)
    expect(it.state.topology.ghost).toBe(null)
    expect(rowOf(it)).toBe('link:100:12')
  })

  test('folding hides the selection under the row that was folded', () => {
    const it = live(dockerHost())
    select(it, 'vethe8201cd')
    it.keys('left')
    expect(rowOf(it)).toBe('link:100:4')
    it.keys('left')
    expect(it.line('▶ docker0')).not.toBe('')
    expect(it.line('vethe8201cd')).toBe('')
    it.keys('right', 'right')
    expect(rowOf(it)).toBe('link:100:11')
    it.keys('right')
    expect(it.state.topology.selection?.end).toBe('far')
    it.keys('right')
    expect(it.line('nothing is below this row')).not.toBe('')
    it.keys('h')
    expect(it.state.topology.selection).toEqual({ row: 'link:100:11', end: 'near' })
  })

  test('scrolls no further than it must', () => {
    const it = live(bigHost(100))
    expect(it.state.topology.top).toBe(0)
    it.keys('pagedown', 'pagedown', 'pagedown')
    expect(it.text()).toMatch(/^>/m)
    const { top } = it.state.topology
    it.keys('up')
    expect(it.state.topology.top).toBe(top)
    it.keys('home')
    expect(it.state.topology.top).toBe(0)
    it.keys('end')
    expect(it.text()).toMatch(/^> +└─dummy6/m)
  })
})

describe('following', () => {
  test('Enter goes to the peer and back to the port; Backspace and [ ] travel', () => {
    const it = live(dockerHost())
    select(it, 'vethe8201cd')
    it.keys('enter')
    expect(it.state.topology.selection).toEqual({ row: 'link:100:12', end: 'far' })
    it.keys('enter')
    expect(it.state.topology.selection).toEqual({ row: 'link:100:12', end: 'near' })
    it.keys('backspace', '[')
    expect(it.state.topology.selection).toEqual({ row: 'link:100:12', end: 'near' })
    it.keys('[')
    expect(rowOf(it)).toBe('link:100:2')
    it.keys(']')
    expect(rowOf(it)).toBe('link:100:12')
  })

  test('with nowhere to go it says why', () => {
    const it = live(dockerHost())
    it.keys('backspace')
    expect(it.line('nothing to go back to')).toContain('Backspace')
    it.keys(']')
    expect(it.line('nothing to go forward to')).not.toBe('')
    it.keys('enter')
    expect(it.line('eth0 refers to no other link')).not.toBe('')
    select(it, 'db')
    it.keys('enter')
    expect(it.line('db could not be read: permission denied')).toContain('Enter')
  })

  test('an unresolved peer is told with its candidates', () => {
    const world = bridgedPair()
    const it = live(withNetns(world, 100, (host) => ({ ...host, nsids: [] })))
    const bare = withNetns(
      withNetns(world, 100, (host) => ({ ...host, nsids: [] })),
      200,
      (each) => ({ ...each, nsids: [] }),
    )
    it.world(bare)
    select(it, 'veth0')
    it.keys('enter')
    expect(it.line('the other end of veth0 is not known')).toContain('no known nsid')
    expect(it.line('veth0  ')).toContain('peer not known')
  })

  test('a macvlan leads to the device below it', () => {
    const world = bridgedPair()
    const it = live(
      withNetns(world, 200, (each) => ({
        ...each,
        links: [
          loopback(),
          link('macvlan', { ifindex: 9, name: 'mv0', lower: { ifindex: 4, nsid: nsid(0) } }),
        ],
      })),
    )
    select(it, 'mv0')
    it.keys('enter')
    expect(rowOf(it)).toBe('link:100:4')
  })

  test('a change leads to what it was about', () => {
    const world = dockerHost()
    const it = live(world)
    it.world(withNetns(world, 203, (each) => ({ ...each, addresses: [] })))
    it.keys('S-tab')
    expect(it.state.topology.focus).toBe('changes')
    it.keys('enter')
    expect(it.state.topology.selection).toEqual({ row: 'link:100:13', end: 'far' })
    expect(it.state.topology.focus).toBe('tree')
  })
})

describe('filter and find', () => {
  test('the filter holds while it is typed; Esc brings back what was there', () => {
    const it = live(dockerHost())
    select(it, 'vethe8201cd')
    it.keys('/')
    it.type('tomcat')
    expect(rowOf(it)).toBe('link:100:13')
    it.keys('escape')
    expect(it.state.topology.filter).toBe('')
    expect(rowOf(it)).toBe('link:100:12')
    it.keys('/')
    it.type('kind:veth !redis')
    it.keys('enter')
    expect(it.line('/  filter: kind:veth !redis')).toContain('rows fit')
    expect(it.line('veth195490d')).toBe('')
    it.keys('escape')
    expect(it.line('veth195490d')).not.toBe('')
    it.keys('escape')
    expect(it.line('nothing is open; q quits')).not.toBe('')
  })

  test('a wrong token says what would be right', () => {
    const it = live(dockerHost())
    it.keys('/')
    it.type('is:dwn')
    expect(it.line('/ is:dwn')).toContain('is: knows')
  })

  test('n and N go round what fits the filter', () => {
    const it = live(dockerHost())
    it.keys('n')
    expect(it.line('nothing was looked for')).not.toBe('')
    it.keys('/')
    it.type('172.17.0.0/16 kind:veth')
    it.keys('enter')
    const seen = new Set<string | undefined>([rowOf(it)])
    for (const _ of [1, 2]) {
      it.keys('n')
      seen.add(rowOf(it))
    }
    expect(seen).toEqual(new Set(['link:100:11', 'link:100:12', 'link:100:14']))
    const here = rowOf(it)
    it.keys('n', 'N')
    expect(rowOf(it)).toBe(here)
    expect(it.line(' of 3')).not.toBe('')
  })

  test('a jump unfolds, and takes off a filter that hides', () => {
    const it = live(dockerHost())
    select(it, 'docker0')
    it.keys('left', '/')
    it.type('tomcat')
    it.keys('enter')
    select(it, 'redis123')
    expect(it.state.topology.filter).toBe('')
    expect(it.state.topology.folds.size).toBe(0)
    expect(it.line('>')).toContain('redis123')
  })

  test('what is pasted is looked for; pasted control characters are not typed', () => {
    const it = live(dockerHost())
    it.send({ type: 'paste', text: ' vethe8201cd\n' })
    expect(it.state.mode.type).toBe('find')
    expect(it.line('>link')).toContain('nginx1')
    it.keys('enter')
    expect(rowOf(it)).toBe('link:100:12')
    it.keys('/')
    it.send({ type: 'paste', text: 'a\x1b[31m\nb' })
    expect(it.state.topology.filter).toBe('a [31m b')
  })

  test('a line is edited as readline does', () => {
    const it = live(dockerHost())
    it.keys('f')
    it.type('one two')
    it.keys('C-w', 'C-a', 'delete', 'end', 'backspace')
    expect(it.state.mode).toMatchObject({ input: { text: 'ne', cursor: 2 } })
    it.type('ä')
    it.keys('left', 'left', 'C-k')
    expect(it.state.mode).toMatchObject({ input: { text: 'n', cursor: 1 } })
    it.keys('C-u', 'enter')
    expect(it.state.mode.type).toBe('browse')
  })

  test('finding nothing says so and stays', () => {
    const it = live(dockerHost())
    select(it, 'nosuchthing')
    expect(it.state.mode.type).toBe('find')
    expect(it.line('nothing here is, or holds, nosuchthing')).not.toBe('')
    it.keys('escape')
    expect(it.state.mode.type).toBe('browse')
  })
})

describe('counters', () => {
  test('rates need two readings and the time between them', () => {
    const world = dockerHost()
    const it = live(world)
    const host = world.netns.slice(0, 1)
    it.worker(countersOf(host, start, () => 1000))
    expect(ratesOf(it.state.feed, netnsId(100), 12)).toBe(null)
    it.worker(countersOf(host, start + 2000, () => 5000))
    expect(ratesOf(it.state.feed, netnsId(100), 12)).toMatchObject({ rxBytes: 2000, txBytes: 1000 })
    expect(ratesOf(it.state.feed, netnsId(999), 12)).toBe(null)
  })

  test('a counter that went back is no rate, and neither is a second reading of the same moment', () => {
    const world = dockerHost()
    const it = live(world)
    const host = world.netns.slice(0, 1)
    it.worker(countersOf(host, start, () => 5000))
    it.worker(countersOf(host, start + 1000, () => 10))
    expect(ratesOf(it.state.feed, netnsId(100), 12)).toBe(null)
    it.worker(countersOf(host, start + 1000, () => 20))
    expect(ratesOf(it.state.feed, netnsId(100), 12)).toBe(null)
    it.worker(countersOf(host, start + 2000, () => 30))
    expect(ratesOf(it.state.feed, netnsId(100), 12)?.rxBytes).toBe(10)
  })

  test('the row has as many fields as the protocol names', () => {
    const message = countersOf(dockerHost().netns.slice(0, 1), start, () => 1)
    expect(message.type === 'counters' && message.values.length % counterFields.length).toBe(0)
  })
})

describe('needs', () => {
  const needs = (it: Screen) => it.effects.filter((effect) => effect.type === 'need')

  test('what is in sight is declared once, with a new generation when it changes', () => {
    const it = live(dockerHost())
    expect(needs(it)).toEqual([
      {
        type: 'need',
        generation: 1,
        needs: [
          { kind: 'counters', netns: ['100', '301'] },
          { kind: 'details', netns: '100' },
        ],
      },
    ])
    it.keys('down')
    expect(needs(it).length).toBe(1)
    select(it, '172.17.0.3')
    expect(needs(it).at(-1)).toMatchObject({
      generation: 2,
      needs: [
        { kind: 'counters', netns: ['100', '202', '301'] },
        { kind: 'details', netns: '202' },
      ],
    })
  })

  test('an answer to an older declaration is dropped', () => {
    const it = live(dockerHost())
    const value = { unknown: 'too slow' }
    it.worker({ type: 'details', generation: 0, netns: netnsId(100), value })
    expect(it.state.feed.details).toBe(null)
    it.worker({ type: 'details', generation: 1, netns: netnsId(100), value })
    expect(it.state.feed.details).toEqual({ netns: '100', value })
  })

  test('a sysctl that changed between two readings is a change', () => {
    const it = live(dockerHost())
    const unknown = { unknown: 'not read' }
    const details = (forward: string) => ({
      sysctls: { 'ipv4.ip_forward': forward },
      sockets: [],
      qdiscs: unknown,
      filters: unknown,
      xfrmPolicies: unknown,
      programs: unknown,
      counters: unknown,
    })
    it.worker({ type: 'details', generation: 1, netns: netnsId(100), value: details('1') })
    it.now += 1000
    it.worker({ type: 'details', generation: 1, netns: netnsId(100), value: details('0') })
    it.keys('home', 'tab', 'tab', 'tab')
    expect(it.line('14:03:23 host ip_forward')).toContain('1→0')
  })

  test('a namespace that cannot be read is not asked for', () => {
    const it = live(dockerHost())
    select(it, 'db')
    expect(needs(it).at(-1)).toMatchObject({ needs: [{ kind: 'counters' }] })
  })

  test('a replay asks for nothing, and wakes for nothing', () => {
    const it = screen({ mode: 'replay', file: 'x.json.gz', world: dockerHost() })
    it.send({ type: 'resize', size: { columns: 80, rows: 24 } })
    it.keys('down', 'S', 'z')
    expect(it.effects).toEqual([])
    expect(it.line('vethscope')).toContain('replay x.json.gz 14:03')
    expect(it.line('z: a replay stands still by itself')).not.toBe('')
  })
})

describe('freezing', () => {
  test('the picture stands while data arrives underneath', () => {
    const world = dockerHost()
    const it = live(world)
    it.keys('z')
    it.now += 5000
    it.world(withoutNetns(withoutLink({ ...world, at: new Date(it.now).toISOString() }, 12), 202))
    expect(it.line('vethe8201cd')).toContain('nginx1')
    expect(it.line('frozen at 14:03:22')).toMatch(/[1-9]\d* changes? since/)
    expect(it.line('vm01')).toContain('frozen 14:03:22')
    it.keys('z')
    expect(it.line('vethe8201cd')).toBe('')
    expect(it.line('frozen')).toBe('')
  })
})

describe('the worker', () => {
  test('gone: the screen stays, marked, and starts another once', () => {
    const world = dockerHost()
    const it = live(world)
    it.send({ type: 'worker-gone', reason: 'killed by SIGKILL', now: start })
    expect(it.effects.filter((effect) => effect.type === 'restart-worker').length).toBe(1)
    expect(it.line('not live since 14:03:22: killed by SIGKILL; starting the reader again')).not.toBe('')
    expect(it.line('vethe8201cd')).not.toBe('')
    it.worker(delta(world, 1))
    expect(it.line('vm01')).toContain('live 14:03')
    expect(it.effects.findLast((effect) => effect.type === 'need')).toMatchObject({ generation: 2 })
    it.send({ type: 'worker-gone', reason: 'killed by SIGSEGV', now: start + 60_000 })
    expect(it.effects.filter((effect) => effect.type === 'restart-worker').length).toBe(1)
    expect(it.line('not live since 14:04:22: killed by SIGSEGV; quit and start again')).not.toBe('')
    it.keys('S')
    expect(it.line('S: the reader is gone')).not.toBe('')
  })

  test('that cannot read says so until it can', () => {
    const it = live(dockerHost())
    it.worker({
      type: 'failed',
      id: null,
      failure: { kind: 'refused', what: 'cannot dump links', hint: 'is the kernel 4.20 or newer?' },
    })
    expect(it.line('!! cannot dump links; is the kernel')).not.toBe('')
    it.world(dockerHost())
    expect(it.line('cannot dump links')).toBe('')
  })
})

describe('snapshot', () => {
  test('asks for a file named after host and time, and tells how it went', () => {
    const it = live({ ...dockerHost(), hostName: '../vm 01' })
    it.keys('S')
    const asked = it.effects.at(-1)
    expect(asked).toEqual({
      type: 'snapshot',
      id: 1,
      file: 'vethscope-_vm_01-20261121T140322Z.json.gz',
      changes: [],
    })
    expect(it.line('saving vethscope-_vm_01')).not.toBe('')
    it.worker({ type: 'snapshot-written', id: 1, file: '/tmp/a.json.gz' })
    expect(it.line('saved /tmp/a.json.gz')).not.toBe('')
    it.worker({
      type: 'failed',
      id: 1,
      failure: { kind: 'refused', what: 'cannot write a.json.gz: it exists' },
    })
    expect(it.line('cannot write a.json.gz: it exists')).not.toBe('')
    it.keys('down')
    expect(it.line('cannot write')).toBe('')
  })
})

describe('flashes', () => {
  test('a changed value stands out once, for a moment', () => {
    const world = dockerHost()
    const it = live(world)
    it.world(withNetns(world, 202, (each) => ({ ...each, addresses: [address(3, '172.17.0.77/16')] })))
    const roleOf = (): string | undefined =>
      it
        .frame()
        .regions.flatMap((region) => region.lines)
        .flatMap((line) => line.spans)
        .find((span) => span.text.startsWith('172.17.0.77'))?.role
    expect(roleOf()).toBe('changed')
    it.wait(1600)
    expect(roleOf()).toBe('address')
    expect(it.state.feed.flashes.size).toBe(0)
  })

  test('a port that leaves its bridge', () => {
    const world = dockerHost()
    const it = live(world)
    const off = { master: null, slaveKind: null, port: null }
    it.world(
      withNetns(world, 100, (host) => ({
        ...host,
        links:
          'unknown' in host.links
            ? host.links
            : host.links.map((link) => (link.ifindex === 12 ? { ...link, ...off } : link)),
      })),
    )
    expect([...(it.state.feed.flashes.get('100 12')?.fields ?? [])]).toEqual(['master'])
    expect(it.line('vethe8201cd')).toContain('no bridge')
    select(it, 'vethe8201cd')
    expect(it.line('changed 14:03:23')).toContain('docker0')
    expect(port.state).toBe('forwarding')
  })
})

describe('leaving', () => {
  test('q, Ctrl-C, Ctrl-Z, Ctrl-L', () => {
    const it = live(dockerHost())
    it.keys('q', 'C-c', 'C-z', 'C-l')
    expect(it.effects.slice(-4)).toEqual([
      { type: 'quit', exitCode: 0 },
      { type: 'quit', exitCode: 130 },
      { type: 'suspend' },
      { type: 'redraw' },
    ])
    it.keys('?', 'q')
    expect(it.state.mode.type).toBe('browse')
    it.keys('f', 'C-c')
    expect(it.effects.at(-1)).toEqual({ type: 'quit', exitCode: 130 })
    it.send({ type: 'resumed' })
    expect(it.effects.slice(-2).map((effect) => effect.type)).toContain('redraw')
  })

  test('a key that means nothing says so', () => {
    const it = live(dockerHost())
    it.keys('f5')
    expect(it.line('f5 does nothing here')).not.toBe('')
    it.keys('escape')
    expect(it.line('does nothing here')).toBe('')
  })

  test('Esc closes one thing at a time', () => {
    const it = live(dockerHost())
    it.keys('/')
    it.type('veth')
    it.keys('enter', 'tab', '?')
    it.keys('escape')
    expect([it.state.mode.type, it.state.topology.focus, it.state.topology.filter]).toEqual([
      'browse',
      'detail',
      'veth',
    ])
    it.keys('escape')
    expect([it.state.topology.focus, it.state.topology.filter]).toEqual(['tree', 'veth'])
    it.keys('escape')
    expect(it.state.topology.filter).toBe('')
  })
})

test('the tour: who is behind a veth, its address, what changed last, in at most 6 keys', () => {
  const world = dockerHost()
  const it = live(world)
  it.world(
    withNetns(world, 202, (each) => ({
      ...each,
      addresses: [...('unknown' in each.addresses ? [] : each.addresses), address(3, '172.17.0.33/16')],
    })),
  )
  it.keys('f')
  it.send({ type: 'paste', text: 'vethe8201cd' })
  it.keys('enter')
  expect(it.line('peer eth0(3) in nginx1')).toContain('172.17.0.3/16')
  expect(it.line('changed 14:03:23')).toContain('172.17.0.33/16')
  expect(it.line('$ ip -d link show vethe8201cd')).not.toBe('')
})
