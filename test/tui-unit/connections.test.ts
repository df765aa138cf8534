/** The connections of a namespace on screen 4: what is asked for, what is shown, and that the selection stays. */
import { beforeAll, describe, expect, test } from 'vitest'
import { netnsId } from '../../src/model/ids.ts'
import { unknown } from '../../src/model/known.ts'
import { worldOf } from '../support/fixture.ts'
import { expectGolden } from './golden.ts'
import { beside, body, connection, outward, portsWorld, replay, row, small, table } from './ports-world.ts'
import type { Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

const syn = connection({
  from: '172.17.0.3:50000',
  to: '203.0.113.9:25',
  state: 'SYN_SENT',
  status: ['CONFIRMED'],
  timeout: 119,
})
const stale = connection({ from: '172.17.0.3:5555', to: '198.51.100.5:25', as: '192.0.2.200:5555' })
const inward = connection({
  from: '192.0.2.77:6666',
  to: '192.0.2.2:8080',
  by: '172.17.0.3:80',
  mark: 0x2a,
  zone: 7,
  bytes: { original: 1200, reply: 44_000 },
  packets: { original: 9, reply: 31 },
})

const recorded: readonly { readonly name: string; readonly facts: (it: Screen) => void }[] = [
  {
    name: 'docker',
    facts: (it) => {
      expect(row(it, '192.0.2.1:50186 ')).toMatch(/^> .* 192\.0\.2\.2:8080 +to 172\.31\.0\.2:80/)
      expect(row(it, '━> published')).toContain('connections host 6 of 2')
      expect(it.text()).toMatch(/reply 172\.31\.0\.2:80 → 192\.0\.2\.1:50186/)
    },
  },
  {
    name: 'swarm-1',
    facts: (it) => {
      expect(row(it, '10.99.0.2:57084 ')).toMatch(/^>\? /)
      expect(it.text()).toContain('unreplied no answer yet')
      if (it.state.size.columns >= 80) expect(row(it, '10.99.0.2:37642 ')).toContain('ESTABLISHED')
    },
  },
  {
    name: 'legacy-and-nft',
    facts: (it) => {
      expect(row(it, '10.7.0.2 ')).toMatch(/198\.51\.100\.1 ping 89 +as 198\.51\.100\.2/)
      if (it.state.size.columns >= 80) expect(it.text()).toContain('seen outside as 198.51.100.2')
      expect(row(it, '10.7.0.1 ')).toContain('224.0.0.22')
    },
  },
  {
    name: 'demo',
    facts: (it) => {
      expect(it.text()).toContain('the connections of host could not be read:')
      expect(it.text()).toContain('recording')
      expect(row(it, '━> published')).toMatch(/connections ho/)
    },
  },
]

for (const size of sizes) {
  for (const { name, facts } of recorded) {
    const golden = `connections-${name}-${size.columns}x${size.rows}`
    test(`${golden}: recorded`, async () => {
      const it = replay(await worldOf(name), size)
      it.keys('4', '{')
      facts(it)
      expectGolden(golden, body(it))
    })
  }
  const golden = `connections-trouble-${size.columns}x${size.rows}`
  test(`${golden}: what leads nowhere first, what is translated, what nobody answers`, () => {
    const it = replay(portsWorld({}, table([outward, inward, syn, stale])), size)
    it.keys('4', '{')
    expect(row(it, '172.17.0.3:5555 ')).toMatch(/^>! .*as 192\.0\.2\.200:5555/)
    expect(row(it, '172.17.0.3:50000 ')).toMatch(/^ \? /)
    expect(row(it, '172.17.0.2:40001 ')).toMatch(/1\.1\.1\.1:443 +as 192\.0\.2\.2:40001/)
    expect(it.text()).toMatch(/answers go to 192\.0\.2\.200, which is not\s+an address\s+here/)
    expectGolden(golden, body(it))
  })
}

describe('details', () => {
  const wide = { columns: 200, rows: 60 }

  test('say all that is known of one', () => {
    const it = replay(portsWorld({}, table([inward])), wide)
    it.keys('4', '{')
    const text = it.text().replaceAll(/\s+│?\s+/g, ' ')
    expect(text).toContain('original tcp 192.0.2.77:6666 → 192.0.2.2:8080')
    expect(text).toContain('reply 172.17.0.3:80 → 192.0.2.77:6666')
    expect(text).toContain('sent on to 172.17.0.3:80')
    for (const part of ['mark 0x2a', 'zone 7', 'sent 1.2 kB in 9 packets', 'came back 44 kB in 31 packets'])
      expect(text).toContain(part)
    expect(text).toContain('conntrack -L -p tcp -s 192.0.2.77 -d 192.0.2.2')
  })

  test('a table that is nearly full warns, and losses while one looks stand in the heading', () => {
    const full = table([outward], { count: 250_000, stats: { drop: 9, early_drop: 3, found: 5 } })
    const { it, connections } = beside(portsWorld({}, full), wide)
    it.keys('4', '{')
    connections({ drop: 4 })
    expect(row(it, '━> published')).toContain('host 250000 of 262144 ! 95 % full ! drop +4')
    expect(it.text()).toContain('drop 9 +4')
    expect(it.text().replaceAll(/\s+│?\s+/g, ' ')).toContain('95 % full: when it is, new ones are dropped')
  })

  test('what nobody counts is not told as nothing', () => {
    const it = replay(portsWorld({}, table([outward])), wide)
    it.keys('4', '{')
    expect(it.text()).toContain('not counted: nf_conntrack_acct is 0')
    expect(row(it, '>  tcp ')).toMatch(/redis123 +- /)
  })
})

describe('live', () => {
  test('asks for a page around what is in sight, of the namespace that is selected', () => {
    const { it, asked } = beside(portsWorld({}, table([outward])))
    it.keys('4', '{')
    expect(asked()).toMatchObject({ netns: netnsId(100), from: 0, text: '', order: 'standing' })
    expect(asked().count).toBeGreaterThanOrEqual(26)
    it.keys('1', '/')
    it.type('net-tomcat01')
    it.keys('enter', 'l', '4')
    expect(asked().netns).toBe(netnsId(203))
  })

  test('( and ) turn to the namespaces beside it; the way back remembers whose they were', () => {
    const { it, asked, connections } = beside(portsWorld({}, table([outward])))
    it.keys('4', '{')
    connections()
    it.keys(')')
    const second = asked().netns
    expect(second).not.toBe(netnsId(100))
    it.keys('(')
    expect(asked().netns).toBe(netnsId(100))
    it.keys('(', '1', 'backspace')
    expect([it.state.screen, asked().netns]).toEqual(['ports', it.state.connectionsOf?.netns])
    it.keys(')')
    expect(asked().netns).toBe(netnsId(100))
  })

  test('an answer to what was asked before is dropped', () => {
    const { it, connections } = beside(portsWorld({}, table([outward])))
    it.keys('4', '{')
    const before = it.state.asked.generation
    it.keys('/')
    it.type('1.1.1.1')
    connections({}, before)
    expect(it.text()).toContain('reading the connections of host …')
    connections()
    expect(row(it, '172.17.0.2:40001 ')).not.toBe('')
  })

  test('one that ends while it is selected says so for a moment', () => {
    const { it, connections, change } = beside(portsWorld({}, table([outward, inward])))
    it.keys('4', '{')
    connections()
    it.keys('j')
    expect(row(it, '192.0.2.77:6666')).toMatch(/^> /)
    change(portsWorld({}, table([outward])))
    it.wait(1000)
    connections()
    expect(row(it, '192.0.2.77:6666')).toMatch(/^> .*is gone/)
    it.wait(4000)
    expect(row(it, '192.0.2.77:6666')).toBe('')
  })

  test('a filter hides rows without saying that they are gone', () => {
    const { it, connections } = beside(portsWorld({}, table([outward, inward])))
    it.keys('4', '{')
    connections()
    it.keys('j', '/')
    it.type('1.1.1.1')
    connections()
    expect(it.text()).not.toContain('is gone')
    expect(row(it, '172.17.0.2:40001 ')).toMatch(/^> /)
  })

  test('is: asks what stands out, and a word that it does not know stays told, with those that it knows', () => {
    const it = replay(portsWorld({}, table([outward, inward, syn, stale])))
    const shows = (part: string): boolean => it.text().includes(part)
    it.keys('4', '{', '/')
    it.type('is:unreplied')
    it.keys('enter')
    expect([shows('172.17.0.3:50000 '), shows('172.17.0.2:40001 ')]).toEqual([true, false])
    expect(it.text()).toContain('1 of 4 fit')
    it.keys('escape', '/')
    it.type('is:stale')
    expect([shows('172.17.0.3:5555 '), shows('172.17.0.3:50000 ')]).toEqual([true, false])
    it.keys('enter', 'escape', '/')
    it.type('is:up')
    expect(it.line('/ is:up')).toContain('is: knows stale, unreplied, assured ')
    it.keys('enter')
    expect(it.line('is: knows')).toContain('is: knows stale, unreplied, assured')
    expect(it.text()).toContain('none of the 4 connections of host fits is:up')
    it.keys('escape', '/')
    it.type('!is:up')
    it.keys('enter')
    expect(shows('172.17.0.2:40001 ')).toBe(true)
    expect(it.line('is: knows')).toContain('connections host')
  })

  test('the selection stays on the same connection when it moves out of the rows that are here', () => {
    const others = Array.from({ length: 5000 }, (_, at) =>
      connection({ from: `10.0.0.1:${10_000 + at}`, to: '10.0.0.2:80' }),
    )
    const waiting = connection({ from: '172.17.0.2:7', to: '1.1.1.1:7', status: ['CONFIRMED'], state: null })
    const answered = { ...waiting, status: ['SEEN_REPLY', 'CONFIRMED'] }
    const { it, connections, change } = beside(portsWorld({}, table([...others, waiting])))
    it.keys('4', '{')
    connections()
    // It stands out, so it is the first one.
    expect(row(it, '172.17.0.2:7 ')).toMatch(/^>\? /)
    change(portsWorld({}, table([...others, answered])))
    connections()
    connections()
    expect(row(it, '172.17.0.2:7 ')).toMatch(/^> {2}/)
    expect(it.state.tables.connections.at).toBe(5000)
    expect(it.text()).not.toContain('is gone')
  })

  test('what could not be read says why, and where there is none that there is none', () => {
    const refused = table(unknown('permission denied'), { count: 3 })
    const { it, connections, change } = beside(portsWorld({}, refused))
    it.keys('4', '{')
    connections()
    expect(it.text()).toContain('the connections of host could not be read: permission denied')
    change(portsWorld({}, table([])))
    connections()
    expect(it.text()).toContain('host follows no connection now: 0 of at most 262144')
  })

  test('frozen, rows that were not here are not claimed to be read', () => {
    const { it } = beside(portsWorld({}, table([outward])))
    it.keys('z', '4', '{')
    expect(it.text()).toContain('were not read before the picture was frozen')
  })
})

test('Enter leads to who is inside, else says why not', () => {
  const it = replay(portsWorld({}, table([outward])))
  it.keys('4', '{', 'enter')
  expect(it.state.topology.selection).toEqual({ row: 'link:100:11', end: 'far' })
  const far = connection({ from: '198.51.100.7:1', to: '198.51.100.8:2' })
  const other = replay(portsWorld({}, table([far])))
  other.keys('4', '{', 'enter')
  expect(other.text()).toContain('neither end is an address of a namespace here')
})

test('with a hundred thousand connections a key costs the screen what it costs with a hundred', () => {
  const many = Array.from({ length: 100_000 }, (_, at) =>
    connection({ from: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}:40000`, to: '10.9.9.9:80' }),
  )
  const costOf = (count: number): number => {
    const { it, connections } = beside(portsWorld({}, table(many.slice(0, count))), small)
    it.keys('4', '{')
    connections()
    let spent = 0
    for (const [at, key] of [...Array.from({ length: 90 }, () => 'j'), 'pagedown', 'end', 'home'].entries()) {
      const began = process.cpuUsage()
      it.keys(key)
      it.frame()
      const { user, system } = process.cpuUsage(began)
      // The first ones teach the compiler.
      if (at >= 30) spent += user + system
      connections()
    }
    expect(it.state.tables.connections.at).toBe(0)
    return spent / 1000
  }
  const [few, all] = [costOf(100), costOf(100_000)]
  expect(all).toBeLessThan(2 * few + 100)
})
