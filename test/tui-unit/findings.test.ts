/** Findings on the screen: the strip, the count, the list behind `!`, and the way to what they are about. */
import { beforeAll, describe, expect, test } from 'vitest'
import { netnsId } from '../../src/model/ids.ts'
import type { Finding, Severity, Unchecked } from '../../src/model/finding.ts'
import { themeNames } from '../../src/tui/theme.ts'
import { chosenTheme } from '../../src/tui/themes.ts'
import { expectGolden } from './golden.ts'
import { dockerRules } from './rules-world.ts'
import { live, screen, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

function finding(id: string, severity: Severity, fields: Partial<Finding> = {}): Finding {
  return {
    id,
    severity,
    subject: 'docker0',
    says: `${id} says what is wrong`,
    evidence: ['net.ipv4.ip_forward = 0'],
    command: 'sysctl net.ipv4.ip_forward',
    netns: netnsId(100),
    ifindex: 4,
    ...fields,
  }
}

const three = [
  finding('F01', 'fault'),
  finding('F18', 'risk', { subject: 'veth8c1', ifindex: 14, says: 'veth8c1 is UP without a bridge' }),
  finding('F38', 'note', {
    subject: 'rule 3',
    ifindex: null,
    command: 'iptables-nft -t nat -vnL DOCKER',
  }),
]

function told(findings: readonly Finding[], unchecked: readonly Unchecked[] = []): Screen {
  const it = live(dockerHost())
  it.worker({ type: 'findings', at: it.now, value: { findings, unchecked } })
  return it
}

describe('the strip and the count', () => {
  test('findings-80x24: the worst first, by mark and colour, and how many there are', () => {
    const it = told(three)
    const lines = it.text().split('\n')
    expect(lines[0]).toMatch(/7 ns .*3 findings {2}1 unreadable {2}live 14:03/)
    expect(lines[2]).toMatch(/^!! F01 F01 says what is wrong +\[!\] why$/)
    expect(lines[3]).toMatch(/^! {2}F18 veth8c1 is UP without a bridge +\[n\] next$/)
    expect(lines[4]).toMatch(/^\? {2}not read: netns db/)
    const roles = it
      .frame()
      .regions.filter(({ id }) => id === 'strip')
      .flatMap(({ lines }) => lines.map(({ spans }) => spans[0]?.role))
    expect(roles).toEqual(['finding.fault', 'finding.risk', 'unreadable'])
    expectGolden('findings-80x24', it.text())
  })

  test('none: no line and no word', () => {
    const it = told([])
    expect(it.text()).not.toContain('finding')
    expect(it.text().split('\n')[2]).toMatch(/^\? {2}not read/)
  })

  test('they are only on the start view, and gone when they are', () => {
    const it = told(three)
    it.keys('3')
    expect(it.line('F01')).toBe('')
    expect(it.line('3 findings')).not.toBe('')
    it.keys('1')
    it.worker({ type: 'findings', at: it.now, value: { findings: three.slice(0, 1), unchecked: [] } })
    expect(it.line('1 finding ')).not.toBe('')
    expect(it.line('F18')).toBe('')
  })

  test('a recording is looked through by the screen itself', () => {
    const it = screen({ mode: 'replay', world: dockerRules(), file: 'x.json.gz' })
    it.wait(1)
    expect(it.line('!! F18 veth8c1')).toContain('[n] next')
  })

  test('frozen, what was wrong then stays', () => {
    const it = told(three)
    it.keys('z')
    it.worker({ type: 'findings', at: it.now, value: { findings: [], unchecked: [] } })
    expect(it.line('3 findings')).not.toBe('')
    it.keys('z')
    expect(it.line('3 findings')).toBe('')
  })

  test('every theme tells a fault from a risk from a note, also without colours', () => {
    for (const name of themeNames) {
      const theme = chosenTheme({ named: name }, {})
      if (!theme.ok) throw new Error(theme.failure.what)
      const looks = (['fault', 'risk', 'note'] as const).map((each) =>
        JSON.stringify(theme.value.roles[`finding.${each}`]),
      )
      expect(new Set(looks).size).toBe(3)
    }
  })
})

describe('n and N', () => {
  test('go from one to the next, in the tree and to the rules', () => {
    const it = told(three)
    it.keys('n')
    expect(it.line('>▼ docker0')).not.toBe('')
    expect(it.line('finding 1 of 3: F01 docker0')).not.toBe('')
    it.keys('n')
    expect(it.line('>  veth8c1')).toContain('web')
    expect(it.text().split('\n')[2]).toContain('F18')
    it.keys('n')
    expect(it.state.screen).toBe('rules')
    expect(it.line('finding 3 of 3: F38 rule 3')).not.toBe('')
    it.keys('n')
    expect(it.state.screen).toBe('topology')
    expect(it.line('>▼ docker0')).not.toBe('')
    it.keys('N')
    expect(it.line('finding 3 of 3')).not.toBe('')
    it.keys('backspace')
    expect(it.line('>▼ docker0')).not.toBe('')
  })

  test('while something is looked for they go through that; Esc gives them back', () => {
    const it = told(three)
    it.keys('f')
    it.type('nginx1')
    it.keys('enter', 'n')
    expect(it.line('finding')).not.toMatch(/finding \d of/)
    it.keys('escape')
    expect(it.line('n and N go through the findings again')).not.toBe('')
    it.keys('n')
    expect(it.line('finding 1 of 3')).not.toBe('')
    it.keys('/')
    it.type('redis')
    it.keys('enter', 'n')
    expect(it.line('1 of 1, the only one')).not.toBe('')
  })

  test('without any they say what they are for', () => {
    const it = told([])
    it.keys('n')
    expect(it.line('n: nothing was looked for (/ filters, f finds), and nothing is wrong here')).not.toBe('')
  })

  test('what has no row in the tree says so and stays', () => {
    const it = told([finding('F20', 'fault', { netns: netnsId(999), ifindex: 1, subject: 'gone0' })])
    it.keys('n')
    expect(it.line('gone0 has no row in the tree')).not.toBe('')
  })
})

describe('the list behind !', () => {
  const unchecked = [
    { id: 'F02', netns: netnsId(100), unknown: 'no rules were read' },
    { id: 'F05', netns: netnsId(100), unknown: 'no rules were read' },
  ]

  test('findings-list-80x24: findings, then what could not be read, then what could not be checked', () => {
    const it = told(three, unchecked)
    it.send({ type: 'resize', size: { columns: 80, rows: 40 } })
    it.keys('!')
    const text = it.text()
    const places = [
      'F01',
      'F18',
      'F38',
      'Could not be read',
      'Could not be checked',
      'F02, F05 in host: no rules',
    ]
    const at = places.map((place) => text.indexOf(place))
    expect(at.every((each, index) => each > (at[index - 1] ?? 0))).toBe(true)
    expect(it.line('$ sysctl net.ipv4.ip_forward')).not.toBe('')
    expect(it.line('3 findings: Enter shows where')).not.toBe('')
    expectGolden('findings-list-80x40', text)
  })

  test('Enter on one leads to where it is', () => {
    const it = told(three)
    it.keys('!', 'down')
    expect(it.line('> ! ')).toContain('F18  veth8c1')
    it.keys('enter')
    expect(it.state.mode.type).toBe('browse')
    expect(it.line('>  veth8c1')).not.toBe('')
  })

  test('the chosen one is in sight, and the last lines can be reached', () => {
    const many = Array.from({ length: 12 }, (_, at) => finding(`F${String(at + 10)}`, 'fault'))
    const it = told(many, unchecked)
    it.keys('!')
    for (let step = 0; step < 11; step += 1) {
      expect(it.line(`> !! F${step + 10}`)).not.toBe('')
      it.keys('down')
    }
    expect(it.line('> !! F21')).not.toBe('')
    for (let step = 0; step < 20; step += 1) it.keys('down')
    expect(it.line('F02, F05 in host')).not.toBe('')
    for (let step = 0; step < 40; step += 1) it.keys('up')
    expect(it.line('> !! F10')).not.toBe('')
  })

  test('without findings it is what could not be read, and Enter closes it', () => {
    const it = told([])
    it.keys('!')
    expect(it.line('could not be read')).not.toBe('')
    it.keys('enter')
    expect(it.state.mode.type).toBe('browse')
  })
})
