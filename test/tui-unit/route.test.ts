/** `r`: the route query box. */
import { describe, expect, test } from 'vitest'
import { netnsId } from '../../src/model/ids.ts'
import type { NetnsDetails } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { routeAsked } from '../../src/tui/select/route.ts'
import type { Size } from '../../src/tui/frame.ts'
import type { Options } from '../../src/tui/state.ts'
import { usualRules } from '../support/world.ts'
import { live, screen, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

const details: NetnsDetails = {
  sysctls: { 'ipv4.conf.docker0.forwarding': '0' },
  sockets: [],
  qdiscs: [],
  filters: [],
  xfrmPolicies: [],
  programs: [],
  counters: {},
}

function routed(given: NetnsDetails | null, world = dockerHost()): World {
  return {
    ...world,
    netns: world.netns.map((each) => ({ ...each, policyRules: usualRules, details: given })),
  }
}

function replay(options: Partial<Options> & { readonly size?: Size } = {}): Screen {
  const it = screen({ mode: 'replay', file: 'h.json', world: routed(details), ...options })
  it.send({ type: 'resize', size: it.state.size })
  return it
}

const host = (() => {
  const [first] = dockerHost().netns
  if (first === undefined) throw new Error('there is no host')
  return first
})()

describe('the words that are typed', () => {
  test('an address, and behind it or before it what is known of the packet', () => {
    const query = { dst: '192.0.2.9', from: '172.17.0.2', iif: 'docker0', mark: 16 }
    for (const text of [
      '192.0.2.9 from 172.17.0.2 iif docker0 mark 0x10',
      'from 172.17.0.2 192.0.2.9 mark 16 iif docker0',
      '  192.0.2.9 --mark 16 --iif docker0 --from 172.17.0.2 ',
    ])
      expect(routeAsked(text, host)).toEqual({ kind: 'query', query })
    expect(routeAsked('fe80::1%eth0 oif eth0', host)).toMatchObject({
      kind: 'query',
      query: { dst: 'fe80::1%eth0', oif: 'eth0' },
    })
  })

  test.each([
    ['', 'an address'],
    ['from', 'from: the source address'],
    ['192.0.2.9 iif', 'iif: the link it came in by'],
    ['from 172.17.0.2', 'an address'],
  ])('"%s" waits for more: %s', (text, told) => {
    const asked = routeAsked(text, host)
    expect(asked.kind === 'waits' && asked.for).toContain(told)
  })

  test.each([
    ['nginx1', '"nginx1" is not an address'],
    ['192.0.2.9/24', '"192.0.2.9/24" is not an address'],
    ['192.0.2.9 from web', 'from: "web" is not an address'],
    ['192.0.2.9 iif eth9', 'iif: there is no link "eth9" here'],
    ['192.0.2.9 mark red', 'mark: "red" is no number'],
    ['192.0.2.9 mark 0x100000000', 'mark: "0x100000000" is no number'],
    ['192.0.2.9 via 192.0.2.1', '"via" is none of from, iif, oif, mark'],
    ['192.0.2.9 mark 1 mark 2', 'mark stands there twice'],
    ['192.0.2.9 toString 2', '"toString" is none of'],
  ])('"%s" is wrong: %s', (text, told) => {
    const asked = routeAsked(text, host)
    expect(asked.kind === 'wrong' && asked.why).toContain(told)
  })
})

describe('the box', () => {
  test('answers while it is typed, in a recording too', () => {
    const it = replay()
    it.keys('f')
    it.type('172.17.0.3')
    it.keys('enter', 'r')
    expect(it.line('route from nginx1')).toMatch(/^━> /)
    expect(it.line('an address, then if need be')).not.toBe('')
    it.type('198.51.100')
    expect(it.line('"198.51.100" is not an address')).not.toBe('')
    it.type('.1')
    expect(it.line('leaves by eth0, by way of 172.17.0.1, as 172.17.0.3')).not.toBe('')
    expect(it.line(' route     ')).toContain('default via 172.17.0.1 dev eth0')
    expect(it.line('$ ip netns')).toContain('ip netns exec nginx1 ip route get 198.51.100.1')
    expect(it.line(' route to: 198.51.100.1')).not.toBe('')
    for (let at = 0; at < 6; at += 1) it.keys('backspace')
    it.type('.0.9 mark 0x1')
    expect(it.line('$ ip netns')).toContain('ip route get 198.51.0.9 mark 0x1')
  })

  test('says no as clearly as yes', () => {
    const it = replay()
    it.keys('f')
    it.type('10.9.0.1')
    it.keys('enter', 'r')
    it.type('198.51.100.1')
    expect(it.line('goes nowhere')).not.toBe('')
    it.keys('enter')
    expect(it.line('the packet leaves by no link')).not.toBe('')
  })

  test('Enter goes to the link it leaves by, Backspace comes back', () => {
    const it = replay()
    it.keys('r')
    it.type('198.51.100.1')
    it.keys('enter')
    expect(it.state.mode.type).toBe('browse')
    expect(it.line('> ')).toContain('eth0')
    it.keys('r', 'up')
    expect(it.line(' route to: 198.51.100.1')).not.toBe('')
    it.keys('down')
    expect(it.line('an address, then if need be')).not.toBe('')
    it.keys('escape')
    expect(it.state.mode.type).toBe('browse')
  })

  test('on any screen; where no namespace is selected it says so, and a closed one why', () => {
    const it = replay()
    it.keys('2', 'j', 'r')
    expect(it.line('route from db')).toBe('')
    expect(it.line('r: db could not be read: permission denied')).not.toBe('')
    it.keys('j', 'r')
    expect(it.line('━> route from')).not.toBe('')
    it.keys('escape', '7', 'r')
    expect(it.line('r: nothing is selected that is in a namespace')).not.toBe('')
  })

  test('a long answer is scrolled, at the smallest size too', () => {
    const it = replay({ size: { columns: 60, rows: 16 } })
    it.keys('r')
    it.type('198.51.100.1 from 192.0.2.2 mark 7')
    const first = it.text()
    expect(it.line('━> route from host')).toMatch(/1-11 of \d\d/)
    it.keys('pagedown', 'pagedown')
    expect(it.text()).not.toBe(first)
    expect(it.line('$ ip route get')).not.toBe('')
    for (const line of it.text().split('\n')) expect(line.length).toBeLessThanOrEqual(60)
    it.keys('pageup', 'pageup')
    expect(it.text()).toBe(first)
  })

  test('names from outside are harmless', () => {
    const world = routed(details)
    const evil = '\u001b[31m\u202eweb'
    const it = replay({
      world: {
        ...world,
        netns: world.netns.map((each) =>
          each.id === host.id
            ? {
                ...each,
                links: [...(Array.isArray(each.links) ? each.links : [])].map((link) =>
                  link.ifindex === 2 ? { ...link, name: evil } : link,
                ),
              }
            : { ...each, names: [{ name: evil, source: 'named' as const, path: null }] },
        ),
      },
    })
    it.keys('r')
    it.type('198.51.100.1')
    expect(spansOf(it)).not.toMatch(/[\u001b\u202e]/)
    it.keys('C-u')
    it.send({ type: 'paste', text: evil })
    expect(spansOf(it)).not.toMatch(/[\u001b\u202e]/)
  })
})

test('the footer says that Enter goes to the link: the answer stands there without it', () => {
  const it = live(routed(null))
  it.keys('r')
  it.type('198.51.100.1')
  expect(it.line('route to:')).toContain('Enter to its link')
})

describe('live', () => {
  test('asks for the details of its namespace, and says so until they are here', () => {
    const it = live(routed(null))
    it.keys('r')
    const asked = it.effects.findLast((each) => each.type === 'need')
    expect(asked?.type === 'need' && asked.needs).toContainEqual({ kind: 'details', netns: '100' })
    it.type('198.51.100.1 iif docker0 from 172.17.0.9')
    expect(it.line('are being read')).not.toBe('')
    const { generation } = it.state.asked
    it.worker({ type: 'details', generation, netns: netnsId(100), value: details })
    expect(it.line('are being read')).toBe('')
    expect(it.line('is dropped')).toContain('forwarding is 0 on docker0')
  })

  test('a namespace that goes away while it is asked about is gone', () => {
    const it = live(routed(null))
    it.keys('f')
    it.type('172.17.0.3')
    it.keys('enter', 'r')
    it.type('198.51.100.1')
    const world = routed(null)
    it.world({ ...world, netns: world.netns.filter(({ id }) => id !== '202') })
    expect(it.line('this namespace is gone')).not.toBe('')
    it.keys('escape')
    expect(it.state.mode.type).toBe('browse')
  })
})

/** As they go to render: drawn into cells, a character without width would be lost. */
function spansOf(it: Screen): string {
  const lines = it.frame().regions.flatMap((region) => region.lines)
  return lines.flatMap((line) => line.spans.map(({ text }) => text)).join('|')
}
