import { expect, test } from 'vitest'
import { worldOf } from '../support/fixture.ts'
import { wayLines } from '../../src/tui/view/way.ts'
import { live, screen, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

const wide = { columns: 120, rows: 40 }

test('the path of a recorded container names the rule that hides its address, with its count', async () => {
  const it = screen({ mode: 'replay', world: await worldOf('docker'), size: wide })
  it.keys('f')
  it.type('nginx1')
  it.keys('enter')
  if (it.state.topology.selection?.row.startsWith('link:') !== true) it.keys('down')
  expect(it.line('POSTROUTING')).toMatch(/nat POSTROUTING \d+ +MASQUERADE .* pk/)
})

/** The lines of the pane that begins with `path out`, as wide as it is at 120 columns. */
function pathPane(it: Screen): readonly string[] {
  const lines = it.text().split('\n')
  const [top, left] = [
    lines.findIndex((line) => line.includes('path out')),
    (lines.find((line) => line.includes('path out'))?.indexOf('path out') ?? 0) - 3,
  ]
  const below = lines.slice(top + 1).map((line) => line.slice(left))
  return below.slice(
    0,
    below.findIndex((line) => line.includes('recent changes')),
  )
}

async function recorded(link: string): Promise<Screen> {
  const it = screen({ mode: 'replay', world: await worldOf('docker'), size: wide })
  it.keys('f')
  it.type(link)
  it.keys('enter')
  return it
}

test('rules stand between the links where they act', async () => {
  const it = await recorded('vethb52b831')
  expect(pathPane(it).map((line) => line.trim().split(/\s+/).slice(0, 4).join(' '))).toMatchObject([
    'eth0 in redis123 1.7k',
    expect.stringContaining('⇄ vethb52b831 in'),
    '→ docker0 172.17.0.1 0',
    expect.stringMatching(/^filter FORWARD \d+ ACCEPT$/),
    expect.stringMatching(/^nat POSTROUTING \d+ MASQUERADE$/),
    expect.stringContaining('→ eth0 via'),
    expect.stringContaining('⇄ host0 in'),
    expect.stringContaining('host0 refers to'),
  ])
})

test('where a rule drops it, number and verdict are told whole, and the links behind have × and are dim', async () => {
  const it = await recorded('veth1447fff')
  const pane = pathPane(it)
  expect(pane[3]).toMatch(/^ {3}filter DOCKER-\S*…\S*STAGE-1 2 DROP 0 pk/)
  expect(pane[4]).toContain('the way ends there, before eth0')
  expect(pane[5]).toMatch(/^ × eth0 +via/)
  expect(pane[6]).toMatch(/^ × host0 +in internet/)
  expect(it.text()).not.toContain('refers to no other link')
  const line = it
    .frame()
    .regions.find(({ id }) => id === 'path')
    ?.lines.find(({ spans }) => spans.some(({ text }) => text === '× '))
  const roles = line?.spans.filter(({ text }) => text.trim() !== '').map(({ role }) => role)
  expect([...new Set(roles)]).toEqual(['rule.drop', 'dim'])
  // The cursor goes over links only, and stays in sight below the rules.
  it.keys('tab', 'tab', 'end')
  expect(pathPane(it).some((line) => line.includes('× host0'))).toBe(true)
  it.keys('enter')
  expect(it.text()).toContain('host0 in internet')
})

test.each([
  [{ chain: 'FORWARD', number: 0 }, 'ACCEPT', null, /filter FORWARD policy ACCEPT +- pk$/],
  [{ chain: 'a'.repeat(60), number: 123 }, 'DROP', 12, /filter a+…a+ 123 maybe DROP 12 pk$/],
  [
    { table: 't'.repeat(30), chain: 'c'.repeat(60), number: 123 },
    'DROP',
    12,
    /^ {3}c+…c+ 123 maybe DROP 12 pk$/,
  ],
] as const)('at 40 columns %o keeps its number and verdict', (place, does, packets, says) => {
  const it = live(dockerHost(), { size: wide })
  it.keys('f')
  it.type('vethe8201cd')
  it.keys('enter')
  const need = it.effects
    .flatMap((effect) => (effect.type === 'need' ? effect.needs : []))
    .findLast(({ kind }) => kind === 'way')
  if (need?.kind !== 'way') throw new Error('the rules were not asked for')
  const { kind: _, ...way } = need
  const rule = { netns: way.netns, backend: 'iptables-nft', family: 'ip', table: 'filter', ...place } as const
  it.worker({
    type: 'way',
    value: { way, rules: [{ hook: 'forward', rule, does, maybe: does === 'DROP', packets, bytes: packets }] },
  })
  expect(
    wayLines(it.state, 40).map(({ spans }) =>
      spans
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    ),
  ).toEqual([expect.stringMatching(says)])
})

test('live it is asked for only where the path is in sight, and shown when it is told', () => {
  const it = live(dockerHost(), { size: wide })
  const asked = () => it.effects.flatMap((effect) => (effect.type === 'need' ? effect.needs : []))
  it.keys('f')
  it.type('vethe8201cd')
  it.keys('enter')
  const way = asked().findLast((need) => need.kind === 'way')
  expect(way).toMatchObject({ netns: '100', iif: 'docker0', oif: 'eth0', source: '172.17.0.3' })
  if (way?.kind !== 'way') return
  const { kind: _, ...told } = way
  const rule = {
    netns: told.netns,
    backend: 'nft',
    family: 'inet',
    table: 'fw',
    chain: 'fwd',
    number: 3,
  } as const
  it.worker({
    type: 'way',
    value: {
      way: told,
      rules: [{ hook: 'forward', rule, does: 'DROP', maybe: true, packets: 1234, bytes: 1 }],
    },
  })
  expect(it.line('fw fwd 3')).toMatch(/maybe DROP .*1\.2k pk/)
  expect(it.text()).not.toContain('the way ends there')
  expect(it.text()).toContain('leaves this host here')
  it.worker({
    type: 'way',
    value: {
      way: told,
      rules: [{ hook: 'forward', rule, does: 'DROP', maybe: false, packets: 1234, bytes: 1 }],
    },
  })
  expect(it.text()).toContain('the way ends there, before eth0')
  expect(it.text()).not.toContain('leaves this host here')
  it.worker({ type: 'way', value: { way: told, rules: { unknown: 'no nft here' } } })
  expect(it.text()).toContain('its rules are not known: no nft')
  const small = live(dockerHost())
  expect(
    small.effects
      .flatMap((effect) => (effect.type === 'need' ? effect.needs : []))
      .some(({ kind }) => kind === 'way'),
  ).toBe(false)
})
