/** The Rules screen: what it asks for, what it shows of what comes, and where its keys lead. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Need } from '../../src/collect/protocol.ts'
import { rulesWindow } from '../../src/derive/rules/rules-window.ts'
import type { Firewall } from '../../src/model/ruleset.ts'
import type { World } from '../../src/model/world.ts'
import type { Size } from '../../src/tui/frame.ts'
import { chain, firewall, iptables, nftTable } from '../support/ruleset.ts'
import { expectGolden } from './golden.ts'
import { dockerRules, saved, tablesOf, withFirewall } from './rules-world.ts'
import { live, screen, type Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const small = { columns: 80, rows: 24 }

function replay(world: World, size: Size = small, ascii = false): Screen {
  const it = screen({ mode: 'replay', world, file: 'x.json.gz', size, ascii })
  it.wait(1)
  return it
}

/** A live screen beside a worker that holds these rules and answers what was asked last. */
function beside(world: World, size: Size = small) {
  const bare: World = withFirewall(world, null)
  const it = live(bare, { size })
  let rules = world
  const asked = (): Extract<Need, { kind: 'rules' }> => {
    const effect = it.effects.findLast((each) => each.type === 'need')
    const need = effect?.type === 'need' ? effect.needs.find((each) => each.kind === 'rules') : undefined
    if (need?.kind !== 'rules') throw new Error('no rules were asked for')
    return need
  }
  const answer = (generation = it.state.asked.generation): void => {
    const need = asked()
    it.worker({ type: 'rules', generation, value: rulesWindow(rules, need.netns, need) })
  }
  return {
    it,
    asked,
    answer,
    change: (next: World) => {
      rules = next
    },
  }
}

const down = (it: Screen, steps: number): void => it.keys(...Array.from({ length: steps }, () => 'j'))

const rows = (it: Screen): readonly string[] => it.text().split('\n').slice(2)

describe('the picture', () => {
  for (const size of [small, { columns: 120, rows: 40 }, { columns: 60, rows: 16 }] as const) {
    test(`rules-${size.columns}x${size.rows}: chains with their jumps in place, the chosen rule in words`, () => {
      const it = replay(dockerRules(), size)
      it.keys('3')
      expect(it.line('POSTROUTING  policy ACCEPT')).toMatch(/12 +840/)
      expect(it.line('1 MASQUERADE 172.17.0.0/16')).toMatch(/^> +1 .* 15 +974$/)
      expect(it.text()).toContain('packets from 172.17.0.0/16')
      expect(it.line('rule 1 of nat POSTROUTING')).not.toBe('')
      expect(it.line('iptables-nft -t nat -vnL POSTROUTING')).not.toBe('')
      expect(it.line('3Rules 4Ports')).toContain('1 MASQUERADE')
      if (size.columns >= 80) {
        expect(it.line('3 DNAT')).toContain('nginx1 172.1')
        expect(it.line('3 MASQUERADE')).toContain('hairpin of')
      }
      if (size.columns >= 120) {
        expect(it.line('FORWARD  policy DROP')).not.toBe('')
        expect(it.line('DOCKER-USER')).toContain('yours: Docker never changes it')
      }
      expectGolden(`rules-${size.columns}x${size.rows}`, it.text())
    })
  }

  test('rules-ascii-80x24: nothing but ASCII comes from us', () => {
    const it = replay(dockerRules(), small, true)
    it.keys('3', 'end')
    expect(it.text()).not.toMatch(/[^\x20-\x7e\n…]/)
    expectGolden('rules-ascii-80x24', it.text())
  })

  test('what decides stands in its role, so that a monochrome theme tells it too', () => {
    const it = replay(dockerRules(), { columns: 120, rows: 60 })
    it.keys('3')
    const roleOf = (text: string): string | undefined =>
      it
        .frame()
        .regions.flatMap((region) => region.lines)
        .flatMap((line) => line.spans)
        .find((span) => span.text.trim() === text)?.role
    expect(roleOf('MASQUERADE')).toBe('nat')
    expect(roleOf('DNAT')).toBe('nat')
    expect(roleOf('DROP')).toBe('rule.drop')
    expect(roleOf('ACCEPT')).toBe('rule.accept')
    expect(roleOf('nginx1')).toBe('container')
  })
})

describe('what is not there', () => {
  test('a namespace without rules says so', () => {
    const it = replay(withFirewall(dockerRules(), firewall([])))
    it.keys('3')
    expect(it.line('host has no rules: neither iptables nor nft')).not.toBe('')
  })

  test('a recording without rules is not one of a host without rules', () => {
    const it = replay(withFirewall(dockerRules(), null))
    it.keys('3')
    expect(it.line('the rules of host could not be read: they are not in this recording')).not.toBe('')
  })

  test('a table that could not be read stands there with its reason and what helps', () => {
    const it = replay(
      dockerRules({
        unread: [
          {
            backend: 'iptables-legacy',
            family: 'ip',
            table: 'nat',
            unknown: 'iptables-legacy-save is not installed',
            hint: 'install iptables',
          },
        ],
      }),
      { columns: 120, rows: 40 },
    )
    it.keys('3')
    expect(it.line('iptables-legacy ip table nat')).toContain(
      'could not be read: iptables-legacy-save is not installed; install iptables',
    )
    it.keys('home')
    expect(it.line('what helps: install iptables')).not.toBe('')
    it.keys('enter')
    expect(it.line('Enter: what could not be read leads nowhere')).not.toBe('')
  })

  test('the worker says why, and before it says anything it is being read', () => {
    const { it, asked } = beside(dockerRules())
    it.keys('3')
    expect(it.line('reading the rules of host …')).not.toBe('')
    const { netns } = asked()
    const { generation } = it.state.asked
    it.worker({ type: 'rules', generation, value: { netns, unknown: 'iptables-save hung' } })
    expect(it.line('the rules of host could not be read: iptables-save hung')).not.toBe('')
  })

  test('a namespace that cannot be read has no Rules screen, and 3 says why', () => {
    const it = live(dockerRules())
    it.keys('f')
    it.type('db')
    it.keys('enter', '3')
    expect(it.line('3: db could not be read: permission denied')).not.toBe('')
    expect(it.state.screen).toBe('topology')
  })
})

describe('keys', () => {
  test('the namespace that is selected on Topology, else the host', () => {
    const world = dockerRules()
    const it = replay({
      ...world,
      netns: world.netns.map((each) =>
        each.id === '202' ? { ...each, firewall: firewall([iptables('filter', '-P INPUT')]) } : each,
      ),
    })
    it.keys('f')
    it.type('172.17.0.3')
    it.keys('enter', '3')
    expect(it.line('━> nginx1')).toContain('filter  iptables-nft ip')
    expect(it.line('INPUT  policy')).toContain('no rules')
    it.keys('backspace')
    expect(it.state.screen).toBe('topology')
    expect(it.line('⇄>nginx1')).not.toBe('')
  })

  test('h folds and goes out, l unfolds and goes in', () => {
    const it = replay(dockerRules())
    it.keys('3', 'h')
    expect(it.line('>▼ POSTROUTING')).not.toBe('')
    it.keys('h')
    expect(it.line('>▶ POSTROUTING')).not.toBe('')
    expect(it.line('MASQUERADE')).toBe('')
    it.keys('h')
    expect(it.line('h: this is the outermost row')).not.toBe('')
    it.keys('l')
    expect(it.line('1 MASQUERADE 172')).not.toBe('')
    it.keys('l')
    expect(it.line('>    1 MASQUERADE')).not.toBe('')
    it.keys('l')
    expect(it.line('l: nothing is below this row')).not.toBe('')
  })

  test('a folded jump hides its chain only there', () => {
    const it = replay(dockerRules(), { columns: 120, rows: 40 })
    it.keys('3')
    down(it, 4)
    it.keys('h')
    expect(it.line('>  ▶ 1 DOCKER')).not.toBe('')
    expect(
      it
        .text()
        .split('\n')
        .filter((line) => line.includes('3 DNAT')),
    ).toHaveLength(1)
  })

  test('Enter goes into a chain, and from a rule to whose address it names', () => {
    const it = replay(dockerRules())
    it.keys('3')
    down(it, 4)
    expect(it.line('>  ▼ 1 DOCKER')).not.toBe('')
    it.keys('enter')
    expect(it.line('>      1 RETURN')).not.toBe('')
    it.keys('enter')
    expect(it.line('Enter: this rule leads to no chain')).not.toBe('')
    it.keys('j', 'j')
    expect(it.line('rule 3 of nat DOCKER')).toContain('about nginx1')
    it.keys('enter')
    expect(it.state.screen).toBe('topology')
    expect(it.line('⇄>nginx1')).not.toBe('')
    it.keys('backspace')
    expect(it.line('>      3 DNAT')).not.toBe('')
  })

  test('{ } choose a table, [ ] a family, and all again', () => {
    const more = [...tablesOf(saved()), nftTable('inet', 'mine', [chain('c', [], { hook: 'input' })])]
    const it = replay(dockerRules({ tables: more }), { columns: 120, rows: 40 })
    it.keys('3')
    expect(it.line('━> host')).toContain('all tables')
    it.keys('}')
    expect(it.line('━> host')).toContain('nat')
    expect(it.line('FORWARD')).toBe('')
    it.keys('}')
    expect(it.line('━> host')).toContain('filter')
    expect(it.line('1 MASQUERADE 172')).toBe('')
    it.keys('{', '{')
    expect(it.line('━> host')).toContain('all tables')
    it.keys('[')
    expect(it.line('━> host')).toContain('nft inet')
    expect(it.line('c  hook input')).not.toBe('')
    expect(it.line('POSTROUTING')).toBe('')
    it.keys('}')
    expect(it.line('}: there is only one table')).toBe('')
    it.keys(']', ']')
    expect(it.line('━> host')).toContain('iptables-nft ip')
  })

  test('/ shows only rules that hold the words, Esc all again', () => {
    const it = replay(dockerRules())
    it.keys('3', '/')
    it.type('dnat 8080')
    expect(it.line(' / dnat 8080')).toContain('3 rows')
    expect(rows(it).filter((line) => /^[> ] +\d+ /.test(line))).toHaveLength(1)
    it.keys('enter')
    expect(it.line('━> host')).toContain('holds dnat 8080: 3 rows')
    expect(it.line('>    3 DNAT')).not.toBe('')
    it.keys('enter')
    expect(it.line('⇄>nginx1')).not.toBe('')
    it.keys('backspace', 'escape')
    expect(it.line('━> host')).not.toContain('holds')
    it.keys('/')
    it.type('nowhere')
    expect(it.line('no rule of host holds all of: nowhere')).not.toBe('')
    it.keys('escape')
    expect(it.line('1 MASQUERADE 172')).not.toBe('')
  })

  test('what is only for the other screen says nothing happens, and the help says where', () => {
    const it = replay(dockerRules())
    it.keys('}')
    expect(it.line('} does nothing here')).not.toBe('')
    it.keys('3', 'space')
    expect(it.line('Space does nothing here')).not.toBe('')
  })
})

describe('live', () => {
  test('asks for the rows in sight and a page around them, at once and for nothing else', () => {
    const { it, asked } = beside(dockerRules())
    it.keys('3')
    const need = asked()
    const effect = it.effects.findLast((each) => each.type === 'need')
    expect(effect?.type === 'need' && effect.needs).toEqual([need])
    expect(need).toMatchObject({ netns: '100', filter: {}, folded: [], from: 0 })
    expect(need.count).toBeGreaterThanOrEqual(2 * 13)
  })

  test('growth since it was opened, and since 0', () => {
    const { it, answer, change } = beside(dockerRules())
    it.keys('3')
    answer()
    expect(it.line('1 MASQUERADE 172')).toMatch(/15 +974$/)
    change(dockerRules({ tables: tablesOf(saved(2)) }))
    answer()
    expect(it.line('1 MASQUERADE 172')).toMatch(/17 +1\.1k +\+2$/)
    it.keys('1', '3')
    answer()
    expect(it.line('1 MASQUERADE 172')).toMatch(/\+2$/)
    it.now += 60_000
    it.keys('0')
    expect(it.line('growth counts from now')).not.toBe('')
    expect(it.line('1 MASQUERADE 172')).toMatch(/1\.1k$/)
    change(dockerRules({ tables: tablesOf(saved(3)) }))
    answer()
    expect(it.line('1 MASQUERADE 172')).toMatch(/\+1$/)
  })

  test('counters that fell began anew, and another rule in the same place has grown by nothing', () => {
    const { it, answer, change } = beside(dockerRules())
    it.keys('3')
    answer()
    change(dockerRules({ tables: tablesOf(saved().replace('[15:974]', '[4:300]')) }))
    answer()
    expect(it.line('1 MASQUERADE 172')).toMatch(/4 +300$/)
    change(dockerRules({ tables: tablesOf(saved(20).replace('172.17.0.0/16 ! -o', '10.0.0.0/8 ! -o')) }))
    answer()
    expect(it.line('1 MASQUERADE 10.0.0.0/8')).not.toContain('+')
  })

  test('the selection stays on its rule when one is added above it', () => {
    const { it, answer, change } = beside(dockerRules())
    it.keys('3')
    answer()
    down(it, 7)
    expect(it.line('>      3 DNAT')).not.toBe('')
    const added = saved().replace(
      '[15:974] -A POSTROUTING',
      '[0:0] -A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE\n[15:974] -A POSTROUTING',
    )
    change(dockerRules({ tables: tablesOf(added) }))
    answer()
    expect(it.line('>      3 DNAT')).not.toBe('')
  })

  test('an answer to what was asked before another table was chosen is dropped', () => {
    const { it, answer } = beside(dockerRules())
    it.keys('3')
    const before = it.state.asked.generation
    answer()
    it.keys('}', '}')
    const kept = it.state.feed.rules
    answer(before)
    expect(it.state.feed.rules).toBe(kept)
    answer()
    expect(it.line('1 MASQUERADE 172')).toBe('')
    expect(it.line('FORWARD')).not.toBe('')
  })

  test('30,000 rules: only a window comes, and what has not come yet stands as a row', () => {
    const many = iptables(
      'filter',
      [
        '-P FORWARD',
        ...Array.from({ length: 30_000 }, (_, at) => `-A FORWARD -s 10.0.${at >> 8}.${at & 255} -j DROP`),
      ].join('\n'),
    )
    const { it, asked, answer } = beside(withFirewall(dockerRules(), firewall([many])))
    it.keys('3')
    answer()
    const window = it.state.feed.rules
    expect(window !== null && 'rows' in window && window.rows.length).toBeLessThan(200)
    it.keys('end')
    expect(asked().from).toBeGreaterThan(29_900)
    expect(it.line('>  …')).not.toBe('')
    answer()
    expect(it.line('30000 DROP       10.')).toMatch(/^>/)
    expect(it.line('━> host')).toContain('FORWARD')
    it.keys('h')
    expect(it.line('>▼ FORWARD')).toBe('')
    answer()
    expect(it.line('>▼ FORWARD')).not.toBe('')
  })

  test('frozen, it stands still while counters come in, and says what it does not have', () => {
    const { it, answer, change } = beside(dockerRules())
    it.keys('3')
    answer()
    it.keys('z')
    change(dockerRules({ tables: tablesOf(saved(2)) }))
    answer()
    expect(it.line('1 MASQUERADE 172')).toMatch(/15 +974$/)
    it.keys('z')
    expect(it.line('1 MASQUERADE 172')).toMatch(/17 +1\.1k +\+2$/)
  })
})

test('names from outside are harmless wherever they stand', () => {
  const evil = '\u001b[31m\u202eab\n'
  const fields: Partial<Firewall> = {
    unread: [{ backend: 'nft', family: null, table: null, unknown: evil, hint: evil }],
  }
  const tables = [
    nftTable('ip', evil, [
      chain(evil, [{ text: evil, comment: evil, statements: [{ kind: 'jump', chain: evil }] }], {
        hook: 'input',
      }),
    ]),
  ]
  const it = replay(dockerRules({ tables, ...fields }))
  it.keys('3')
  for (let step = 0; step < 4; step += 1) {
    expect(it.text()).not.toMatch(/[\u001b\u202e]/)
    it.keys('j')
  }
  expect(it.line('leads back to itself')).not.toBe('')
})
