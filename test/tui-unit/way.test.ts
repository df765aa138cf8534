import { expect, test } from 'vitest'
import { worldOf } from '../support/fixture.ts'
import { live, screen } from './screen.ts'
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
