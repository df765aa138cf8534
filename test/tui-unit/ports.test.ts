/** Screen 4: what is published and who listens, on hosts by hand and on recorded ones. */
import { beforeAll, describe, expect, test } from 'vitest'
import { netnsId } from '../../src/model/ids.ts'
import { unknown } from '../../src/model/known.ts'
import type { World } from '../../src/model/world.ts'
import { socket } from '../support/docker-world.ts'
import { worldOf } from '../support/fixture.ts'
import { expectGolden } from './golden.ts'
import { beside, body, portsWorld, replay, row } from './ports-world.ts'
import { saved, tablesOf, withFirewall } from './rules-world.ts'
import type { Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

type Recorded = { readonly name: string; readonly facts: (it: Screen) => void }

const published: readonly Recorded[] = [
  {
    name: 'docker',
    facts: (it) => {
      expect(row(it, '0.0.0.0:8080/tcp')).toMatch(/nginx1 172\.31\.0\.2:80 +\*:80/)
      expect(row(it, '127.0.0.1:8443/t')).toMatch(/^> .*nginx1 172\.31\.0\.2:443/)
      expect(row(it, ' by rule 3 of DOCKER')).not.toBe('')
      if (it.state.size.columns >= 80) expect(row(it, '[::]:8080/tcp')).toMatch(/proxy +docker-pr/)
    },
  },
  {
    name: 'podman',
    facts: (it) => {
      expect(row(it, '0.0.0.0:8080/tcp ')).toMatch(/^> .*web 10\.90\.0\.3:80 +\*:80/)
      expect(it.text()).toContain('web listens on *:80/tcp')
      expect(row(it, ' by rule 3 of NETAVARK-DN-')).not.toBe('')
    },
  },
  {
    name: 'faults/F08',
    facts: (it) => {
      expect(row(it, '0.0.0.0:8080/tcp ')).toMatch(/^>! .*n2 10\.7\.0\.3:80 +127\.0\.0\.1 only/)
      expect(row(it, 'listens n2')).toContain('listens on 127.0.0.1 only: what comes')
      expect(row(it, '━> published 1')).toContain('listening 1')
      if (it.state.size.columns >= 80) expect(row(it, 'by rule 1 of PREROUTING')).not.toBe('')
    },
  },
  {
    name: 'faults/F07',
    facts: (it) => {
      expect(row(it, '10.7.0.99:80')).toMatch(/^>\? .* not known/)
      expect(row(it, 'n2 10.7.0.3:80')).toMatch(/^ {3}.* \*:80/)
      expect(it.text()).toMatch(/no namespace that was found has\s+10\.7\.0\.99/)
    },
  },
]

const listening: readonly Recorded[] = [
  {
    name: 'docker',
    facts: (it) => {
      expect(row(it, '[::]:6379 ')).toMatch(/redis123 +httpd 248/)
      expect(row(it, '127.0.0.1:8443 ')).toMatch(/host +docker-proxy 2/)
      expect(row(it, 'process docker-proxy')).toContain('pid 302')
    },
  },
  {
    name: 'swarm-1',
    facts: (it) => {
      expect(row(it, '━> published')).toContain('listening 10, 6 not read')
      expect(row(it, '[::]:2377 ')).toMatch(/host +dockerd/)
      expect(row(it, '0.0.0.0:4789 ')).toMatch(/host +not known/)
    },
  },
  {
    name: 'podman',
    facts: (it) => {
      expect(row(it, '10.90.0.1:53 ')).toMatch(/aardvark-dns/)
      expect(row(it, '[::]:80 ')).toMatch(/web +httpd 333/)
      expect(it.text()).toContain('takes what comes to 10.90.0.1')
    },
  },
  {
    name: 'faults/F08',
    facts: (it) => {
      expect(row(it, '127.0.0.1:80 ')).toMatch(/^> .* n2 +python3/)
      expect(it.text()).toContain('only what comes from the same namespace')
      expect(it.text()).toContain('published 0.0.0.0:8080')
    },
  },
]

for (const size of sizes) {
  for (const [page, list, keys] of [
    ['published', published, ['4']],
    ['listening', listening, ['4', '}']],
  ] as const) {
    for (const { name, facts } of list) {
      const golden = `ports-${page}-${name.replace('faults/', '')}-${size.columns}x${size.rows}`
      test(`${golden}: recorded`, async () => {
        const it = replay(await worldOf(name), size)
        it.keys(...keys)
        facts(it)
        expectGolden(golden, body(it))
      })
    }
  }
}

describe('published ports', () => {
  test('what gets no answer stands first and says why, in words and by a mark', () => {
    const nobody = replay(portsWorld({ nginx1: [] }))
    nobody.keys('4')
    expect(row(nobody, '0.0.0.0:8080/tcp ')).toMatch(/^>! .*nginx1 172\.17\.0\.3:80 +nothing listens/)
    expect(nobody.text()).toContain('nothing listens on port 80/tcp in nginx1')

    const inner = replay(portsWorld({ nginx1: [socket('tcp', '127.0.0.1', 80)] }))
    inner.keys('4')
    expect(row(inner, '0.0.0.0:8080/tcp ')).toMatch(/^>! .* 127\.0\.0\.1 only/)

    const elsewhere = replay(portsWorld({ nginx1: [socket('tcp', '10.1.1.1', 80)] }))
    elsewhere.keys('4')
    expect(row(elsewhere, '0.0.0.0:8080/tcp ')).toMatch(/^>! .* only 10\.1\.1\.1:80/)
  })

  test('Enter opens the rule that does it, Backspace comes back to the row', () => {
    const it = replay(portsWorld())
    it.keys('4', 'enter')
    expect(it.state.screen).toBe('rules')
    expect(it.text()).toContain('rule 3 of nat DOCKER')
    it.keys('backspace')
    expect(it.state.screen).toBe('ports')
    expect(row(it, '0.0.0.0:8080/tcp ')).toMatch(/^>/)
  })

  test('without rules nothing is claimed: it says that they were not read', () => {
    const world = portsWorld()
    const it = replay({ ...world, netns: world.netns.map((each) => ({ ...each, firewall: null })) })
    it.keys('4')
    expect(it.text()).not.toContain('no port is published')
    expect(row(it, 'rules of host')).toMatch(/^>\? .*not read: its rules/)
    expect(it.text()).toContain('whether it publishes a port by rules is not known')
  })

  test('the filter knows ports, prefixes, ways and names', () => {
    const it = replay(portsWorld())
    it.keys('4', '/')
    for (const [text, count] of [
      [':8080', '1 row'],
      [':80', '1 row'],
      [':81', '0 rows'],
      ['172.17.0.0/16', '1 row'],
      ['kind:dnat', '1 row'],
      ['nginx !kind:proxy', '1 row'],
    ] as const) {
      it.keys('C-u')
      it.type(text)
      expect([text, it.text().split('\n').at(-2)]).toEqual([text, expect.stringContaining(count)])
    }
  })
})

/** With one more port, where nobody listens. */
function withBroken(): World {
  const world = portsWorld()
  const dnat =
    '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 9999 -j DNAT --to-destination 172.17.0.2:80\nCOMMIT\n*filter'
  const tables = tablesOf(saved().replace('COMMIT\n*filter', dnat))
  const none = { generation: 7, unread: [], ipsets: [], ipvs: [] }
  return withFirewall(world, { ...none, tables })
}

describe('live', () => {
  test('asks for ports while the screen is shown, and says what it waits for', () => {
    const world = portsWorld()
    const { it, ports } = beside(world)
    it.keys('4')
    const needs = () => it.effects.findLast((each) => each.type === 'need')
    expect(needs()).toMatchObject({ needs: [{ kind: 'ports' }] })
    expect(it.text()).toContain('reading rules and sockets of every namespace …')
    it.keys('enter')
    expect(it.text()).toContain('it is still being read')
    ports()
    expect(row(it, '0.0.0.0:8080/tcp ')).toMatch(/nginx1 172\.17\.0\.3:80/)
    it.keys('1')
    expect(JSON.stringify(needs())).not.toContain('"ports"')
  })

  test('while namespaces are still read, none is no answer yet', () => {
    const world = portsWorld()
    const empty = { ...world, netns: world.netns.map((each) => ({ ...each, firewall: null })) }
    const { it, ports } = beside({ ...empty, engines: [] })
    it.keys('4')
    ports(new Set(world.netns.map(({ id }) => id)))
    expect(it.text()).toContain('reading rules and sockets of every namespace …')
    expect(row(it, 'published 0')).toContain('published 0 …')
  })

  test('what comes above the first row while namespaces are still read is in sight', () => {
    const { it, ports, change } = beside(portsWorld())
    it.keys('4')
    ports(new Set([netnsId(203)]))
    expect(row(it, '0.0.0.0:8080/tcp ')).toMatch(/^> {2}/)
    change(withBroken())
    ports(new Set([netnsId(203)]))
    expect(row(it, '0.0.0.0:9999/tcp ')).toMatch(/^>! /)
    it.keys('j')
    change(portsWorld())
    ports(new Set([netnsId(203)]))
    expect(row(it, '0.0.0.0:8080/tcp ')).toMatch(/^> {2}/)
  })

  test('a port that breaks comes into sight where one looks at the first row, unless another order was chosen', () => {
    const withMany = (dead: number): World => {
      const rules = Array.from(
        { length: 12 },
        (_, at) =>
          `-A DOCKER ! -i docker0 -p tcp -m tcp --dport ${9000 + at} -j DNAT --to-destination 172.17.0.${at === dead ? 2 : 3}:80`,
      )
      const tables = tablesOf(saved().replace('COMMIT\n*filter', `${rules.join('\n')}\nCOMMIT\n*filter`))
      return withFirewall(portsWorld(), { generation: 7, unread: [], ipsets: [], ipvs: [], tables })
    }
    const { it, ports, change } = beside(withMany(-1), { columns: 60, rows: 16 })
    it.keys('4')
    ports()
    const chosen = it.state.tables.published.selected
    expect(row(it, '0.0.0.0:9007/tcp ')).toBe('')
    change(withMany(7))
    ports()
    expect(row(it, '0.0.0.0:9007/tcp ')).toMatch(/^ ! /)
    expect(it.state.tables.published.selected).toBe(chosen)
    expect(it.state.tables.published.at).toBe(1)
    change(withMany(-1))
    ports()
    it.keys('o', 'enter', 'escape')
    change(withMany(11))
    ports()
    expect(row(it, '0.0.0.0:9011/tcp ')).toBe('')
  })

  test('the selection stays on its port when another one appears above it', () => {
    const { it, ports, change } = beside(portsWorld())
    it.keys('4', '}')
    ports()
    it.keys('j', 'j')
    expect(row(it, '> ')).not.toBe('')
    const chosen = (): string =>
      it
        .text()
        .split('\n')
        .find((line) => line.startsWith('> ')) ?? ''
    expect(chosen()).toContain('0.0.0.0:80 ')
    change(portsWorld({ host: [socket('tcp', '0.0.0.0', 22), socket('tcp', '0.0.0.0', 8080)] }))
    ports()
    expect(row(it, '0.0.0.0:22 ')).not.toBe('')
    expect(chosen()).toContain('0.0.0.0:80 ')
  })
})

test('what outsiders named cannot move the cursor, and lines stay in their columns', () => {
  const evil = 'x\u001b[2J\u009b31m\u202egnp\r\n'
  const world = portsWorld({
    nginx1: [socket('tcp', '0.0.0.0', 80, { process: { pid: 812, name: evil } })],
    host: [socket('tcp', '0.0.0.0', 8080, { process: unknown(evil) })],
  })
  for (const keys of [['4'], ['4', '}'], ['4', '}', 'j', 'j'], ['4', '{']]) {
    const it = replay(world)
    it.keys(...keys)
    expect(it.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(it.text().split('\n')).toHaveLength(25)
  }
})

describe('listening sockets', () => {
  test('a namespace that could not be read is a row that says so, and is counted', () => {
    const world = portsWorld()
    const closed = world.netns.map((each) =>
      each.id === netnsId(201)
        ? { ...each, readable: unknown('permission denied'), details: null, firewall: null }
        : each,
    )
    const it = replay({ ...world, netns: closed })
    it.keys('4', '}')
    expect(row(it, 'not read: permission')).toMatch(/^ \? .*redis123/)
    expect(row(it, '━> published')).toContain('listening 2, 1 not read')
  })

  test('Enter leads to the row of its namespace', () => {
    const it = replay(portsWorld())
    it.keys('4', '}', '/')
    it.type('nginx')
    it.keys('enter', 'enter')
    expect(it.state.screen).toBe('topology')
    expect(it.state.topology.selection).toEqual({ row: 'link:100:12', end: 'far' })
  })
})
