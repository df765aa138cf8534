/** Shells on the screen: opened, left, turned and closed, and how they are drawn. */
import { beforeAll, expect, test } from 'vitest'
import { netnsId } from '../../src/model/ids.ts'
import type { Line } from '../../src/tui/frame.ts'
import type { Effect } from '../../src/tui/msg.ts'
import { runningShells, shellView } from '../../src/tui/select/shells.ts'
import type { ShellEnd } from '../../src/tui/shell/shells-state.ts'
import { expectGolden } from './golden.ts'
import { frameHolds } from './holds.ts'
import { live, screen, start, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const line = (text: string, fg?: number): Line => ({
  spans: fg === undefined ? [{ text, role: 'text' }] : [{ text, role: 'text', look: { fg } }],
})

type ShellEffect = Extract<Effect, { readonly type: 'shell' }>
const orders = (it: Screen, from = 0): readonly ShellEffect['order'][] =>
  it.effects.slice(from).flatMap((effect) => (effect.type === 'shell' ? [effect.order] : []))
const focusOf = (it: Screen) =>
  it.effects.findLast(
    (effect): effect is Extract<Effect, { readonly type: 'shell-focus' }> => effect.type === 'shell-focus',
  )

function prints(it: Screen, number: number, lines: readonly Line[], back = 0): void {
  const cursor = back > 0 ? null : { row: lines.length - 1, column: 2 }
  it.send({ type: 'shell-screen', number, screen: { lines, cursor, back, kept: 40 } })
}
function ends(it: Screen, number: number, end: Partial<ShellEnd>, unavailable: string | null = null): void {
  const whole = { exitCode: null, signal: null, problem: null, ...end }
  it.send({ type: 'shell-ended', number, end: whole, unavailable, now: start })
}

/** On the row of that container, and in a shell there. */
function shellOn(name: string, options: Parameters<typeof live>[1] = {}): Screen {
  const it = live(dockerHost(), { shells: true, ...options })
  into(it, name)
  return it
}
function into(it: Screen, name: string): void {
  it.keys('1', 'f')
  it.type(name)
  it.keys('enter', 's')
}

test('s opens a shell in the namespace of the selected thing; keys are its from then on', () => {
  const it = shellOn('nginx1')
  const [order] = orders(it)
  expect(order).toMatchObject({
    do: 'open',
    columns: 80,
    rows: 11,
    place: { netns: { name: 'nginx1' }, paths: ['/run/netns/nginx1', '/proc/812/ns/net'] },
  })
  expect(focusOf(it)).toEqual({ type: 'shell-focus', keys: 1, shown: 1 })
  expect(it.state.mode).toEqual({ type: 'shell' })
  expect(it.line('starting …')).not.toBe('')
  // What was read together with the key: no key of the screen acts, not even Esc or q.
  const before = it.effects.length
  it.keys('l', 's', 'space', 'q', 'escape', 'C-c', 'enter')
  it.send({ type: 'paste', text: 'a\nb' })
  expect(orders(it, before)).toEqual(
    ['l', 's', ' ', 'q', '\x1b', '\x03', '\r', 'a\rb'].map((text) => ({ do: 'type', text })),
  )
  expect(it.effects.some(({ type }) => type === 'quit')).toBe(false)
})

test('left and entered again: the pane stays, keys are the screen’s, and twice the key is meant for the shell', () => {
  const it = shellOn('nginx1')
  prints(it, 1, [line('$ ip a')])
  expect(it.frame().cursor).toEqual({ row: 12, column: 2 })
  it.keys('C-]')
  expect(focusOf(it)).toMatchObject({ keys: null, shown: 1 })
  expect(it.frame().cursor).toBeNull()
  expect(it.text()).toContain('$ ip a')
  it.keys('2')
  expect(it.state).toMatchObject({ screen: 'namespaces', mode: { type: 'browse' } })
  expect(it.text()).toContain('$ ip a')
  let before = it.effects.length
  it.keys('C-]')
  expect(it.state.mode.type).toBe('shell')
  expect(orders(it, before)).toEqual([])
  before = it.effects.length
  it.keys('C-]', 'C-]')
  expect(it.state.mode.type).toBe('shell')
  expect(orders(it, before)).toEqual([{ do: 'type', text: '\x1d' }])
  it.keys('C-]', 'enter')
  expect(it.state.mode.type).toBe('shell')
  // On the same namespace s leads into the shell that runs there.
  it.keys('C-]', '1', 's')
  expect(it.state.shells.list).toHaveLength(1)
  expect(it.state.mode.type).toBe('shell')
})

test('Esc hides the pane and ends nothing; q asks', () => {
  const it = shellOn('nginx1')
  expect(it.line('vethscope vm01')).not.toContain('1 shell')
  it.keys('C-]', 'escape')
  expect(shellView(it.state, it.state.size)).toBeNull()
  expect(it.line('vethscope vm01')).toContain('1 shell ')
  expect(focusOf(it)).toMatchObject({ keys: null, shown: null })
  expect(runningShells(it.state).map(({ number }) => number)).toEqual([1])
  it.keys('q')
  expect(it.text()).toContain('a shell in nginx1')
  expect(it.effects.some(({ type }) => type === 'quit')).toBe(false)
  it.keys('escape', 'C-]', 'C-]', '2', 'escape')
  expect(shellView(it.state, it.state.size)).toBeNull()
})

test('several: Tab turns, a adds one beside, K ends the one in sight', () => {
  const it = shellOn('nginx1')
  it.keys('C-]')
  into(it, 'redis123')
  expect(it.line('shell  ')).toContain('1 nginx1 │ 2 redis123')
  it.keys('C-]', 'tab')
  expect(it.state.shells.active).toBe(1)
  expect(focusOf(it)).toMatchObject({ keys: null, shown: 1 })
  it.keys('a')
  expect(it.line('shell  ')).toContain('1 nginx1 │ 2 redis123 │ 3 nginx1')
  expect(it.state).toMatchObject({ mode: { type: 'shell' }, shells: { active: 3 } })
  const before = it.effects.length
  it.keys('C-]', 'S-tab', 'K')
  expect(orders(it, before).filter((order) => order.do === 'end')).toHaveLength(1)
  expect(it.state.shells).toMatchObject({ active: 3, list: [{ number: 1 }, { number: 3 }] })
  it.keys('K', 'K')
  expect(it.state).toMatchObject({
    mode: { type: 'browse' },
    shells: { list: [], active: null, isShown: false },
  })
  it.keys('C-]')
  expect(it.state.message?.text).toBe('Ctrl-]: no shell is open')
})

test('its end shows, gives the keys back, and Enter takes it away', () => {
  const it = shellOn('nginx1')
  prints(it, 1, [line('$ exit 3')])
  ends(it, 1, { exitCode: 3 })
  expect(it.state.mode.type).toBe('shell-left')
  expect(it.line('shell  1 nginx1')).toContain('exited with code 3; Enter closes it')
  expect(runningShells(it.state)).toEqual([])
  it.keys('C-]')
  expect(it.state.mode.type).toBe('shell-left')
  it.keys('enter')
  expect(it.state.shells.list).toEqual([])
  into(it, 'nginx1')
  ends(it, 2, { signal: 'SIGKILL' })
  expect(it.line('shell  2 nginx1')).toContain('ended by SIGKILL; Enter closes it')
})

test('one that cannot be opened says why, and where none can, the key says so from then on', () => {
  const it = shellOn('nginx1')
  ends(it, 1, { problem: 'cannot enter nginx1: it is gone' })
  expect(it.state).toMatchObject({ mode: { type: 'browse' }, shells: { list: [], unavailable: null } })
  expect(it.text()).toContain('cannot enter nginx1: it is gone')
  it.keys('s')
  ends(it, 2, { problem: 'node-pty is missing' }, 'node-pty is missing')
  it.keys('s')
  expect(it.state.message?.text).toBe('s: node-pty is missing')
  expect(it.state.shells.last).toBe(2)
})

test('where no shell can be opened the key says why', () => {
  const said = (it: Screen): string | undefined => {
    it.keys('s')
    return it.state.message?.text
  }
  expect(said(live(dockerHost()))).toBe('s: no shell can be opened from here')
  expect(said(live(dockerHost(), { shells: true, readonly: true }))).toMatch(
    /^s: a shell can change the host/,
  )
  expect(said(screen({ mode: 'replay', world: dockerHost(), shells: false }))).toBe(
    's: a recording has no namespace to enter',
  )
  const unreadable = live(dockerHost(), { shells: true })
  unreadable.keys('f')
  unreadable.type('db')
  unreadable.keys('enter')
  expect(said(unreadable)).toMatch(/^s: .*permission denied/)
  expect(orders(unreadable)).toEqual([])
})

test('F fills the screen while the keys are its; the terminal is told each size once', () => {
  const it = shellOn('nginx1')
  const before = it.effects.length
  it.keys('C-]', 'F')
  expect(it.frame().regions.map(({ id }) => id)).toEqual(['shell', 'footer'])
  it.keys('enter')
  expect(shellView(it.state, it.state.size)).toBe('full')
  it.keys('C-]', '2')
  expect(shellView(it.state, it.state.size)).toBe('pane')
  it.send({ type: 'resize', size: { columns: 120, rows: 40 } })
  it.send({ type: 'clock', now: start })
  const sizes = orders(it, before).filter((order) => order.do === 'resize')
  expect(sizes.map(({ columns, rows }) => [columns, rows])).toEqual([
    [80, 22],
    [80, 11],
    [120, 19],
  ])
})

test('on a small terminal it fills the screen, and is away while the screen has the keys', () => {
  const it = shellOn('nginx1', { size: { columns: 60, rows: 17 } })
  expect(shellView(it.state, it.state.size)).toBe('full')
  it.keys('C-]', '2')
  expect(shellView(it.state, it.state.size)).toBeNull()
  frameHolds(it)
})

test('it scrolls by pages and by the wheel, says how far, and what is in sight is copied', () => {
  const it = shellOn('nginx1')
  prints(it, 1, [line('$ ls', 2), line('bin '), line('')])
  const before = it.effects.length
  it.keys('S-pageup', 'C-]', 'pageup', 'pagedown')
  expect(orders(it, before)).toEqual([-10, -10, 10].map((lines) => ({ do: 'scroll', lines })))
  prints(it, 1, [line('$ ls', 2), line('bin '), line('')], 12)
  expect(it.line('shell  1')).toContain('12 lines back')
  it.keys('Y')
  expect(it.effects.findLast(({ type }) => type === 'copy')).toEqual({ type: 'copy', text: '$ ls\nbin' })
  expect(it.state.message?.text).toBe('copied: 2 lines')
})

test('the mouse: a click on the pane goes in, the wheel over it scrolls it, beside it all is as without', () => {
  const it = shellOn('nginx1')
  it.keys('C-]', 'm')
  const mouse = (event: 'click' | 'wheel-up' | 'wheel-down', row: number) =>
    it.send({ type: 'mouse', mouse: { event, row, column: 5 } })
  const before = it.effects.length
  mouse('wheel-up', 15)
  mouse('wheel-down', 15)
  expect(orders(it, before)).toEqual([-3, 3].map((lines) => ({ do: 'scroll', lines })))
  mouse('click', 15)
  expect(it.state.mode.type).toBe('shell')
  it.keys('C-]')
  mouse('click', 5)
  expect(it.state.mode.type).toBe('browse')
  expect(it.state.topology.selection).toEqual({ row: 'link:100:11', end: 'near' })
  expect(shellView(it.state, it.state.size)).toBe('pane')
})

test('a namespace that lost its name is told, and one that is gone from the list too', () => {
  const world = dockerHost()
  const nameless = world.netns.map((netns) =>
    netns.id === netnsId(202)
      ? { ...netns, names: netns.names.map((name) => ({ ...name, path: null })) }
      : netns,
  )
  const it = shellOn('nginx1', { size: { columns: 120, rows: 30 } })
  expect(it.line('shell  1')).not.toContain('gone')
  it.world({ ...world, netns: nameless })
  expect(it.line('shell  1')).toContain('/run/netns/nginx1 is gone; what runs in it holds it')
  it.world({ ...world, netns: world.netns.filter(({ id }) => id !== netnsId(202)) })
  expect(it.line('shell  1')).toContain('gone from the list; this shell holds it')
})

test.each([
  ['shell-80x24', { columns: 80, rows: 24 }],
  ['shell-120x40', { columns: 120, rows: 40 }],
] as const)('%s: the pane below the screen’s own part', (name, size) => {
  const it = shellOn('nginx1', { size })
  prints(it, 1, [line('/ # ip -br a'), line('eth0  UP  172.17.0.3/16', 2), line('/ # ')])
  expect(it.line('eth0  UP')).toContain('172.17.0.3/16')
  expect(it.line('━> shell  1 nginx1')).not.toBe('')
  expect(it.line('Ctrl-] leaves the shell')).not.toBe('')
  frameHolds(it)
  expectGolden(name, it.text())
})

test('shell-full-80x24: nothing but the shell, its heading, and how to leave', () => {
  const it = shellOn('nginx1')
  it.keys('C-]')
  into(it, 'redis123')
  it.keys('C-]', 'F')
  prints(it, 2, [
    line('top - 14:03'),
    ...Array.from({ length: 20 }, (_, at) => line(`  ${at + 1} node`)),
    line(''),
  ])
  expect(it.line('shell  1 nginx1 │ 2 redis123')).not.toBe('')
  expect(it.text()).not.toContain('vethscope')
  expect(it.line('Enter in')).toContain('Esc hide')
  frameHolds(it)
  expectGolden('shell-full-80x24', it.text())
})

test('on every screen the pane leaves room for its own part', () => {
  for (const size of [
    { columns: 80, rows: 24 },
    { columns: 60, rows: 20 },
    { columns: 200, rows: 60 },
  ]) {
    const it = shellOn('nginx1', { size })
    it.keys('C-]')
    for (const key of ['1', '2', '3', '4', '6', '7']) {
      it.keys(key)
      expect(shellView(it.state, size)).toBe('pane')
      frameHolds(it)
    }
  }
})
