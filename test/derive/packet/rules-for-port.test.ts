import { expect, test } from 'vitest'
import { fitsAll } from '../../../src/derive/packet/matches.ts'
import { anyPacket } from '../../../src/derive/packet/packet.ts'
import { rulesForPort } from '../../../src/derive/packet/rules-for-port.ts'
import type { Match, Rule } from '../../../src/model/ruleset.ts'
import { rule } from '../../support/ruleset.ts'

const dport = (values: readonly string[], not = false): Match => ({
  kind: 'port',
  side: 'destination',
  not,
  values,
})
const tcp: Match = { kind: 'protocol', not: false, values: ['tcp'] }

const kinds: readonly (readonly Match[])[] = [
  [],
  [tcp],
  [dport(['1000-1020'])],
  [dport(['1003'], true)],
  [dport(['@ports'])],
  [{ kind: 'port', side: 'source', not: false, values: ['1003'] }],
  [tcp, dport(['1003', '1007', '1003'])],
  [dport(['1000-2000']), dport(['1003'])],
]
const mixed: readonly Rule[] = Array.from({ length: 200 }, (_, at) =>
  rule(at + 1, { matches: kinds[at] ?? [tcp, dport([String(1000 + at)])] }),
)

test('what may fit is there, in its order; what asks for another port is not', () => {
  for (let port = 995; port < 1210; port += 1) {
    const packet = { ...anyPacket, destinationPort: port }
    const all = [...rulesForPort(mixed, packet)]
    const fitting = (rules: readonly Rule[]) =>
      rules.filter(({ matches }) => fitsAll(matches, packet) !== false)
    expect(fitting(all)).toEqual(fitting(mixed))
    expect(all.length).toBeLessThanOrEqual(kinds.length + 1)
  }
})

test('of an unknown port none is left out', () => {
  expect([...rulesForPort(mixed, anyPacket)]).toEqual(mixed)
})
