/** Where the selection goes: by itself, by keys, by what is looked for. */
import { expect, test, describe, beforeAll } from 'vitest'
import { nsid } from '../../src/model/ids.ts'
import { subjectOf } from '../../src/tui/select/subject.ts'
import { bridgedPair, link, loopback } from '../support/world.ts'
import { live } from './screen.ts'
import { bigHost, dockerHost } from './worlds.ts'
import { withNetns, withoutNetns, withoutLink, select, rowOf } from './changes.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
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

  test('the mark stays in sight when the far end is selected and the pair vanishes', () => {
    const world = dockerHost()
    const it = live(world)
    select(it, 'vethe8201cd')
    it.keys('right')
    expect(it.state.topology.selection?.end).toBe('far')
    it.world(withoutNetns(withoutLink(world, 12), 202))
    expect(it.line('vethe8201cd  is gone')).toMatch(/^>/)
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

test('when the tree gets shorter than the window was far down, no room is left empty', () => {
  const it = live(bigHost(100))
  it.keys('end')
  it.world(bigHost(10))
  it.wait(5000)
  const tree = it.frame().regions.find((region) => region.id === 'tree')
  expect(tree?.lines.length).toBe(tree?.height)
  expect(it.text()).toMatch(/^>/m)
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
    expect(it.line('the other end of veth0 is not known')).toContain('nsid 0 leads to no namespace')
    expect(it.line('veth0  ')).toContain('peer unknown')
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

  test('and is told whole where there is room', () => {
    const it = live(dockerHost(), { size: { columns: 140, rows: 40 } })
    it.keys('/')
    it.type('is:dwn')
    const all = 'is: knows up, down, hidden, unreadable, unresolved, off-bridge, port '
    expect(it.line('/ is:dwn')).toContain(all)
    // Of the Namespaces screen only some mean anything.
    it.keys('escape', '2', '/')
    it.type('is:down')
    expect(it.line('/ is:down')).toContain('is: knows hidden, unreadable ')
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
