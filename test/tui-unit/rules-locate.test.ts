/** From a finding, or from what `f` found, to the very rule on the Rules screen, and back. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Need } from '../../src/collect/protocol.ts'
import { rulesWindow } from '../../src/derive/rules/rules-window.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { RuleRef } from '../../src/model/rule-ref.ts'
import { firewall } from '../support/ruleset.ts'
import { dockerRules, saved, tablesOf, withFirewall } from './rules-world.ts'
import { live, screen, type Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const whole = dockerRules()

const rule = (chain: string, number: number, table = 'nat'): RuleRef => ({
  netns: whole.host,
  backend: 'iptables-nft',
  family: 'ip',
  table,
  chain,
  number,
})

const about = (ref: RuleRef): Finding => ({
  id: 'F07',
  severity: 'fault',
  subject: `${ref.chain} ${ref.number}`,
  says: 'port 8080 goes to an address that nobody has',
  evidence: [],
  command: 'iptables -t nat -vnL DOCKER',
  netns: ref.netns,
  ifindex: 4,
  rule: ref,
})

/** Beside a worker that holds the rules and answers what was asked last. */
function beside(findings: readonly Finding[]) {
  const it = live(withFirewall(whole, null))
  let world = whole
  it.worker({ type: 'findings', at: it.now, value: { findings, unchecked: [] } })
  const asked = (): Extract<Need, { kind: 'rules' }> => {
    const effect = it.effects.findLast((each) => each.type === 'need')
    const need = effect?.type === 'need' ? effect.needs.find((each) => each.kind === 'rules') : undefined
    if (need?.kind !== 'rules') throw new Error('no rules were asked for')
    return need
  }
  const answer = (): void =>
    it.worker({
      type: 'rules',
      generation: it.state.asked.generation,
      value: rulesWindow(world, asked().netns, asked()),
    })
  return {
    it,
    asked,
    answer,
    change: (text: string) => (world = withFirewall(world, firewall(tablesOf(text)))),
  }
}

const chosen = (it: Screen): string =>
  it
    .text()
    .split('\n')
    .find((line) => line.startsWith('>')) ?? ''

const dnat = /^> +3 DNAT +tcp :8080, not in docker0/

describe('a finding about a rule', () => {
  test('n opens the rule itself, in the chain that a jump leads to, and Backspace comes back', () => {
    const { it, asked, answer } = beside([about(rule('DOCKER', 3))])
    it.keys('j', 'j')
    const before = chosen(it)
    it.keys('n')
    expect(it.state.screen).toBe('rules')
    expect(asked().locate).toEqual(rule('DOCKER', 3))
    answer()
    expect(chosen(it)).toMatch(dnat)
    expect(asked().locate).toBeUndefined()
    answer()
    expect(chosen(it)).toMatch(dnat)
    it.keys('backspace')
    expect(it.state.screen).toBe('topology')
    expect(chosen(it)).toBe(before)
  })

  test('Enter in the list behind ! does the same', () => {
    const { it, answer } = beside([about(rule('FORWARD', 3, 'filter'))])
    it.keys('!', 'enter')
    answer()
    expect(chosen(it)).toMatch(/^> +3 ACCEPT .*out docker0/)
  })

  test('what was folded around it is unfolded, and a filter is taken away', () => {
    const { it, answer, asked } = beside([about(rule('DOCKER', 3))])
    it.keys('3')
    answer()
    it.keys('g')
    for (let row = 0; row < 20 && !chosen(it).includes('1 DOCKER'); row++) it.keys('j')
    it.keys('left')
    answer()
    expect(asked().folded).toHaveLength(1)
    it.keys('}', '/')
    it.type('masquerade')
    it.keys('enter')
    answer()
    expect(it.text()).not.toMatch(/DNAT/)
    // While words are looked for, n goes through those: the list leads there.
    it.keys('!', 'enter')
    answer()
    expect(chosen(it)).toMatch(dnat)
    expect(asked()).toMatchObject({ folded: [], filter: {} })
    it.keys('backspace')
    expect(it.state.rules.filter.text).toBe('masquerade')
  })

  test('it stays on that rule when another one comes before it', () => {
    const { it, answer, change } = beside([about(rule('DOCKER', 3))])
    it.keys('n')
    answer()
    change(
      saved().replace('[15:974] -A POSTROUTING', '[0:0] -A POSTROUTING -j ACCEPT\n[15:974] -A POSTROUTING'),
    )
    answer()
    expect(chosen(it)).toMatch(dnat)
  })

  test('a rule that is gone says so', () => {
    const { it, answer } = beside([about(rule('DOCKER', 9))])
    it.keys('n')
    answer()
    expect(it.line('rule 9 of DOCKER is not there any more')).not.toBe('')
    expect(it.state.rules.locate).toBeNull()
    answer()
    expect(chosen(it)).toMatch(/MASQUERADE/)
  })
})

test('in a recording too; what f finds that is a rule opens it', () => {
  const it = screen({ mode: 'replay', world: whole, file: 'x.json.gz' })
  it.wait(1)
  it.keys('f')
  it.type('172.17.0.3:80')
  for (
    let row = 0;
    row < 20 &&
    !it
      .text()
      .split('\n')
      .some((line) => /^.?>.*\brule\b/.test(line));
    row++
  )
    it.keys('down')
  it.keys('enter')
  expect(it.state.screen).toBe('rules')
  expect(chosen(it)).toMatch(/172\.17\.0\.3|DNAT/)
  it.keys('backspace')
  expect(it.state.screen).toBe('topology')
})
