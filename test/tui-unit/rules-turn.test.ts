/** `(` and `)` on the Rules screen, and Tab to the words of a long rule. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Need } from '../../src/collect/protocol.ts'
import { rulesWindow } from '../../src/derive/rules/rules-window.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { firewall } from '../support/ruleset.ts'
import { dockerRules, tablesOf, withFirewall } from './rules-world.ts'
import { live, screen, type Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const inner = `*nat
:OUTPUT ACCEPT [0:0]
[0:0] -A OUTPUT -d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:40001
COMMIT
`

const other = netnsId(301)

function twoRulesets(): World {
  const world = dockerRules()
  const rules = firewall(tablesOf(inner))
  return {
    ...world,
    netns: world.netns.map((each) => (each.id === other ? { ...each, firewall: rules } : each)),
  }
}

describe('( and )', () => {
  test('in a recording: to the next namespace with rules, round and back', () => {
    const it = screen({ mode: 'replay', world: twoRulesets(), file: 'x.json.gz' })
    it.wait(1)
    it.keys('3', ')')
    expect(it.state.rules.netns).toBe(other)
    expect(it.line('  1 DNAT')).toContain('127.0.0.11:53')
    it.keys(')')
    expect(it.state.rules.netns).toBe(twoRulesets().host)
    it.keys('(')
    expect(it.state.rules.netns).toBe(other)
    it.keys('backspace', 'backspace', 'backspace')
    expect(it.state.rules.netns).toBe(twoRulesets().host)
  })

  test('live the worker knows which is the next; what it sends is shown', () => {
    const world = twoRulesets()
    const it = live(withFirewall(world, null))
    const asked = (): Extract<Need, { kind: 'rules' }> | undefined => {
      const effect = it.effects.findLast((each) => each.type === 'need')
      return effect?.type === 'need' ? effect.needs.find((each) => each.kind === 'rules') : undefined
    }
    const answer = (from: World, netns = from.host): void => {
      const { filter = {}, folded = [], count = 20 } = asked() ?? {}
      const value = rulesWindow(from, netns, { filter, folded, from: 0, count })
      it.worker({ type: 'rules', generation: it.state.asked.generation, value })
    }
    it.keys('3')
    answer(world)
    it.keys(')')
    expect(asked()).toMatchObject({ netns: world.host, turn: 1 })
    answer(world, other)
    expect(it.line('  1 DNAT')).toContain('127.0.0.11:53')
    expect(asked()).toMatchObject({ netns: other })
    expect(asked()).not.toHaveProperty('turn')
    it.keys('(')
    answer(world, other)
    expect(it.line('no other namespace has rules')).not.toBe('')
    expect(asked()).not.toHaveProperty('turn')
  })
})

describe('the words of a rule that has many', () => {
  const ports = Array.from({ length: 15 }, (_, at) => 10_000 + at).join(',')
  const long = `*filter
:FORWARD ACCEPT [0:0]
[0:0] -A FORWARD -s 10.1.0.0/16 -d 10.2.0.0/16 -i verylonglinkname -o verylonglinknam -p tcp -m multiport --dports ${ports} -m comment --comment "${'why this rule is here and who asked for it, '.repeat(5)}the end" -j ACCEPT
COMMIT
`
  const opened = (): Screen => {
    const world = withFirewall(dockerRules(), firewall(tablesOf(long)))
    const it = screen({ mode: 'replay', world, file: 'x.json.gz', size: { columns: 80, rows: 16 } })
    it.wait(1)
    it.keys('3')
    return it
  }

  test('Tab gives them half of the room, the arrows go through them, Esc leaves them', () => {
    const it = opened()
    expect(it.text()).not.toContain('the end')
    expect(it.line('rule 1 of filter FORWARD')).toMatch(/Tab: \d+ more/)
    it.keys('tab')
    expect(it.line('rule 1 of filter FORWARD')).toMatch(/1-\d of \d+/)
    it.keys('end')
    expect(it.text()).toContain('the end')
    const last = it.text()
    it.keys('down', 'down')
    expect(it.text()).toBe(last)
    it.keys('home')
    expect(it.line('rule 1 of filter FORWARD')).toMatch(/1-\d of \d+/)
    it.keys('escape')
    expect(it.line('rule 1 of filter FORWARD')).toMatch(/Tab: \d+ more/)
    it.keys('up')
    expect(it.line('>')).toContain('FORWARD')
  })
})
