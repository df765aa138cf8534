/** What each message of the worker does. */
import { expect, test, describe, beforeAll } from 'vitest'
import { netnsId } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import type { Netns } from '../../src/model/netns.ts'
import { ratesOf } from '../../src/tui/select/rates.ts'
import { shown } from '../../src/tui/select/shown.ts'
import { counterFields } from '../../src/collect/protocol.ts'
import { address, bridgedPair, port } from '../support/world.ts'
import { countersOf, live, screen, start } from './screen.ts'
import { dockerHost } from './worlds.ts'
import { withNetns, withoutNetns, withoutLink, delta, select, rowOf } from './changes.ts'
import type { Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

describe('world', () => {
  test('the first fill is shown as it grows, and is no change', () => {
    const world = dockerHost()
    const it = screen()
    it.worker(delta(world, 1, { changed: world.netns.slice(0, 2), complete: false }))
    expect(it.state.feed.status).toMatchObject({ type: 'filling', done: 0, total: 0 })
    expect(it.line('docker0')).not.toBe('')
    it.worker({ type: 'progress', done: 2, total: 7 })
    expect(it.line('vethscope')).toContain('reading 2 of 7 ns')
    const { state } = it
    it.now += 99
    it.worker({ type: 'progress', done: 3, total: 7 })
    // Not a new state, so nothing is drawn.
    expect(it.state).toBe(state)
    it.now += 1
    it.worker({ type: 'progress', done: 4, total: 7 })
    expect(it.line('vethscope')).toContain('reading 4 of 7 ns')
    it.worker(delta(world, 2, { changed: world.netns.slice(2) }))
    expect(it.state.feed.status.type).toBe('live')
    expect(it.state.feed.world?.netns.length).toBe(7)
    expect(it.state.feed.changes).toEqual([])
  })

  test('while it fills, what came is drawn now and then, and all of it as soon as it is complete', () => {
    const world = dockerHost()
    const it = screen()
    const batch = (seq: number, complete = false) =>
      it.worker(
        delta(world, seq, { changed: world.netns.slice(seq - 1, complete ? undefined : seq), complete }),
      )
    const shownNetns = () => it.state.feed.world?.netns.length
    batch(1)
    expect(shownNetns()).toBe(1)
    batch(2)
    it.now += 999
    batch(3)
    expect(shownNetns()).toBe(1)
    it.keys('/', 'x', 'escape')
    it.now += 1
    batch(4)
    expect(shownNetns()).toBe(4)
    it.now += 1
    batch(5)
    expect(shownNetns()).toBe(4)
    batch(6, true)
    expect(shownNetns()).toBe(7)
    expect(it.state.feed.status.type).toBe('live')
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

  test('each link has its own numbers, whatever order they come in and whichever are there', () => {
    const world = dockerHost()
    const it = live(world)
    const [host, other] = world.netns
    if (host === undefined || other === undefined) throw new Error('two namespaces')
    const inOther = listOf(other.links).at(-1)?.ifindex ?? 0
    const told = (each: readonly Netns[], at: number): void =>
      it.worker(countersOf(each, start + at, (ifindex) => at * ifindex))
    told([host, other], 1000)
    // The same links of the same namespaces, then these the other way round, then one of them alone.
    told([host, other], 2000)
    expect(ratesOf(it.state.feed, other.id, inOther)?.rxBytes).toBe(1000 * inOther)
    told([other, host], 3000)
    expect(ratesOf(it.state.feed, host.id, 12)?.rxBytes).toBe(12_000)
    expect(ratesOf(it.state.feed, other.id, inOther)?.rxBytes).toBe(1000 * inOther)
    told([other], 4000)
    expect(ratesOf(it.state.feed, other.id, inOther)?.rxBytes).toBe(1000 * inOther)
    expect(ratesOf(it.state.feed, host.id, 12)).toBe(null)
    // Another namespace, whose links have the same numbers.
    told([{ ...other, id: netnsId(999) }], 5000)
    told([{ ...other, id: netnsId(999) }], 6000)
    expect(ratesOf(it.state.feed, other.id, inOther)).toBe(null)
    expect(ratesOf(it.state.feed, netnsId(999), inOther)?.rxBytes).toBe(1000 * inOther)
  })

  test('the row has as many fields as the protocol names', () => {
    const message = countersOf(dockerHost().netns.slice(0, 1), start, () => 1)
    expect(message.type === 'counters' && message.values.length % counterFields.length).toBe(0)
  })
})

describe('needs', () => {
  const needs = (it: Screen) => it.effects.filter((effect) => effect.type === 'need')

  test('details wait until the first World is complete', () => {
    const world = dockerHost()
    const it = screen()
    it.worker(delta(world, 1, { changed: world.netns.slice(0, 2), complete: false }))
    expect(needs(it).at(-1)).toMatchObject({ needs: [{ kind: 'counters' }] })
    it.worker(delta(world, 2, { changed: world.netns.slice(2) }))
    expect(needs(it).at(-1)).toMatchObject({
      needs: [{ kind: 'counters' }, { kind: 'details', netns: '100' }],
    })
  })

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
    const generations = needs(it).map(({ generation }) => generation)
    expect(generations).toEqual(generations.map((_, at) => at + 1))
    expect(needs(it).at(-1)).toMatchObject({
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
    expect(it.line('vethscope')).toMatch(/3 findings +1 unreadable +recording of 2026-11-21 14:03/)
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
    expect(it.line('? help')).toContain('z live again')
    it.keys('z')
    expect(it.line('vethe8201cd')).toBe('')
    expect(it.line('frozen')).toBe('')
    expect(it.line('? help')).not.toContain('live again')
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

  test('that lasted five minutes gets a successor each time it goes', () => {
    const world = dockerHost()
    const it = live(world)
    const restarts = () => it.effects.filter((effect) => effect.type === 'restart-worker').length
    const gone = (minutes: number) =>
      it.send({ type: 'worker-gone', reason: 'killed', now: start + minutes * 60_000 })
    gone(0)
    it.worker(delta(world, 1))
    gone(5)
    expect(restarts()).toBe(2)
    it.worker(delta(world, 1))
    gone(9.9)
    expect(restarts()).toBe(2)
    expect(it.line('killed; quit and start again')).not.toBe('')
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
      log: [],
    })
    expect(it.line('saving vethscope-_vm_01')).not.toBe('')
    it.worker({ type: 'snapshot-written', id: 1, file: '/tmp/a.json.gz' })
    expect(it.line('saved /tmp/a.json.gz')).not.toBe('')
    it.keys('S')
    it.worker({
      type: 'failed',
      id: 2,
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

  test('a link-local address, which comes and goes by itself, is none; another one is', () => {
    const world = dockerHost()
    const it = live(world)
    const linkLocal = address(3, 'fe80::2/64', { scope: 'link' })
    const next = withNetns(world, 202, (each) => ({
      ...each,
      addresses: 'unknown' in each.addresses ? each.addresses : [...each.addresses, linkLocal],
    }))
    it.world(next)
    expect(it.state.feed.flashes.size).toBe(0)
    it.world(
      withNetns(next, 202, (each) => ({ ...each, addresses: [address(3, '172.17.0.77/16'), linkLocal] })),
    )
    expect([...(it.state.feed.flashes.get('202 3')?.fields ?? [])]).toEqual(['address'])
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
