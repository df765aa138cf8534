import { describe, expect, test } from 'vitest'
import { netnsId } from '../../src/model/ids.ts'
import { container, engine } from '../support/docker-world.ts'
import { live, type Screen } from './screen.ts'
import { bigHost, dockerHost } from './worlds.ts'

const copied = (it: Screen) => it.effects.flatMap((effect) => (effect.type === 'copy' ? [effect.text] : []))
const themed = (it: Screen) => it.effects.flatMap((effect) => (effect.type === 'theme' ? [effect.name] : []))
const themes = ['dark', 'light', 'monochrome'].map((name) => ({ name, title: `the ${name} one` }))

describe('copying', () => {
  test('y takes the command that shows the same, and says so', () => {
    const it = live(dockerHost())
    it.keys('y')
    expect(copied(it)).toEqual(['ip -d link show eth0'])
    expect(it.line('copied: ip -d link show eth0')).not.toBe('')
  })

  test('y takes the commands of everything that is marked', () => {
    const it = live(dockerHost())
    it.keys('space', 'space')
    expect(it.text().match(/^\*/gm)?.length).toBe(2)
    it.keys('y')
    expect(copied(it)).toEqual(['ip -d link show eth0\nip -d link show docker0'])
    it.keys('escape', 'escape')
    expect(it.state.topology.marked.size).toBe(0)
  })

  test('Y offers name, addresses, MAC; Enter takes one', () => {
    const it = live(dockerHost())
    it.keys('Y')
    expect(it.line('address')).toContain('192.0.2.2')
    it.keys('down', 'down', 'up', 'enter')
    expect(copied(it)).toEqual(['192.0.2.2'])
    expect(it.state.mode.type).toBe('browse')
  })

  test('a container of mode host is not offered with a link of the host', () => {
    const engines = (modeKind: 'host' | 'bridge') => [
      engine({ containers: [container('onhost', netnsId(100), { modeKind })], netns: netnsId(100) }),
    ]
    const it = live(dockerHost({ engines: engines('host') }))
    it.keys('Y')
    expect(it.line('address')).not.toBe('')
    expect(it.line(' container ')).toBe('')
    const other = live(dockerHost({ engines: engines('bridge') }))
    other.keys('Y')
    expect(other.line(' container ')).toContain('onhost')
  })

  test('what is copied cannot act on a terminal', () => {
    const world = dockerHost()
    const hostile = {
      ...world,
      netns: world.netns.map((each) =>
        each.id === world.host && 'map' in each.links
          ? {
              ...each,
              links: each.links.map((link) =>
                link.name === 'eth0' ? { ...link, name: 'e\x1b]0;x\x07' } : link,
              ),
            }
          : each,
      ),
    }
    const it = live(hostile)
    it.keys('y', 'Y', 'enter')
    expect(copied(it).length).toBe(2)
    for (const text of copied(it)) expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
  })
})

describe('themes', () => {
  test('each is shown while it is chosen; Esc brings the first one back, Enter keeps', () => {
    const it = live(dockerHost(), { themes, theme: 'dark' })
    it.keys('T', 'down')
    expect(themed(it)).toEqual(['light'])
    expect(it.line('>light')).toContain('the light one')
    expect(it.text()).toContain('rule.drop')
    it.keys('escape')
    expect(themed(it)).toEqual(['light', 'dark'])
    it.keys('T', 'down', 'down', 'down', 'enter')
    expect(it.state.theme).toBe('monochrome')
    expect(themed(it).at(-1)).toBe('monochrome')
    expect(it.state.mode.type).toBe('browse')
  })

  test('with one theme the key says why', () => {
    const it = live(dockerHost())
    it.keys('T')
    expect(it.state.message?.text).toContain('there is no other theme')
  })
})

describe('columns', () => {
  test('Enter orders by one, again the other way round, and then as they come', () => {
    const it = live(bigHost(30))
    it.keys('2', 'o')
    const links = it
      .text()
      .split('\n')
      .findIndex((line) => line.includes('] LINKS'))
    const name = it
      .text()
      .split('\n')
      .findIndex((line) => line.includes('] NAME '))
    for (let step = name; step < links; step += 1) it.keys('down')
    it.keys('enter')
    const order = () => it.state.tables.namespaces.order
    expect(order()).toEqual({ column: 'links', descending: false })
    expect(it.line('>[x] LINKS')).toContain('orders the rows')
    it.keys('enter')
    expect(order()).toEqual({ column: 'links', descending: true })
    it.keys('enter')
    expect(order()).toBe(null)
  })

  test('Space takes one away and brings it back; the first one stays', () => {
    const it = live(dockerHost(), { size: { columns: 120, rows: 40 } })
    it.keys('2')
    expect(it.line(' NAME ')).toContain('GATEWAY')
    it.keys('o', 'space')
    expect(it.state.tables.namespaces.hidden).toEqual([])
    it.keys('end', 'space', 'escape')
    const hidden = it.state.tables.namespaces.hidden
    expect(hidden.length).toBe(1)
    it.keys('o', 'end', 'space', 'escape')
    expect(it.state.tables.namespaces.hidden).toEqual([])
  })

  test('a screen without columns says so', () => {
    const it = live(dockerHost())
    it.keys('o')
    expect(it.state.message?.text).not.toBe(undefined)
  })
})

test('a list that is longer than a small screen scrolls with its cursor', () => {
  const themes = Array.from({ length: 30 }, (_, at) => ({ name: `theme${at}`, title: 'one of many' }))
  const it = live(dockerHost(), { themes, theme: 'theme0', size: { columns: 60, rows: 16 } })
  it.keys('T')
  for (let step = 0; step < 29; step += 1) it.keys('down')
  expect(it.line('>theme29')).not.toBe('')
  for (let step = 0; step < 29; step += 1) it.keys('up')
  expect(it.line('>theme0 ')).not.toBe('')
})
