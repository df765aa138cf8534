import { expect, test } from 'vitest'
import { hopNames } from '../../../src/derive/probe/hop-names.ts'
import { hopText as textOf } from '../../../src/derive/probe/hop-text.ts'
import { tracerouteVerdict } from '../../../src/derive/probe/traceroute-verdict.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { TracerouteResult } from '../../../src/model/probe-result.ts'
import { address, netns, world } from '../../support/world.ts'

type Hop = TracerouteResult['hops'][number]
type Answer = Hop['answers'][number]

const exceeded = (from: string, name: string | null, ms: number): Answer => ({
  from,
  name,
  ms,
  icmp: { from, type: 11, code: 0, says: 'time to live exceeded' },
})
const hopText = (hop: Hop): string => textOf(hop, '10.4.0.2')
const silent: Answer = { from: null, name: null, ms: null, icmp: null }
const r1: Hop = {
  hop: 1,
  answers: [exceeded('10.1.0.1', 'r1', 0.05), exceeded('10.1.0.1', 'r1', 0.04), silent],
}
const nobody: Hop = { hop: 2, answers: [silent, silent, silent] }
const reached: Hop = {
  hop: 3,
  answers: [{ from: '10.4.0.2', name: null, ms: 12.34, icmp: null }],
}
const says = (ok: boolean, ...hops: readonly Hop[]): string =>
  tracerouteVerdict({
    kind: 'traceroute',
    ok,
    netns: { id: netnsId(1), name: 'web' },
    target: '10.4.0.2',
    address: '10.4.0.2',
    source: '10.1.0.2',
    hops,
  }).says

test('a hop in a line: its address once, each time, what it said beside that', () => {
  expect(hopText(r1)).toBe(' 1  10.1.0.1 (r1)  0.05 ms  0.04 ms  *')
  expect(hopText(nobody)).toBe(' 2  *  *  *')
  const two = {
    hop: 12,
    answers: [exceeded('10.1.0.1', null, 1), exceeded('10.1.0.9', 'r9', 2), exceeded('10.1.0.1', null, 3)],
  }
  expect(hopText(two)).toBe('12  10.1.0.1  1.00 ms  10.1.0.9 (r9)  2.00 ms  10.1.0.1  3.00 ms')
  const icmp = { from: '10.1.0.1', type: 3, code: 13, says: 'administratively prohibited' }
  expect(hopText({ hop: 2, answers: [{ ...exceeded('10.1.0.1', 'r1', 0.5), icmp }] })).toBe(
    ' 2  10.1.0.1 (r1)  0.50 ms  administratively prohibited',
  )
  const refused = (from: string): Hop => ({
    hop: 4,
    answers: [{ from, name: null, ms: 1, icmp: { from, type: 3, code: 3, says: 'port unreachable' } }],
  })
  expect(hopText(refused('10.4.0.2'))).toBe(' 4  10.4.0.2  1.00 ms')
  expect(hopText(refused('10.3.0.2'))).toBe(' 4  10.3.0.2  1.00 ms  port unreachable')
  const local = { ...silent, icmp: { from: null, type: null, code: null, says: 'network is unreachable' } }
  expect(hopText({ hop: 1, answers: [local, local, local] })).toBe(' 1  not sent: network is unreachable')
  const tooBig = { from: '10.1.0.1', name: 'r1', type: 3, code: 4, says: 'fragmentation needed', mtu: 1400 }
  expect(hopText({ ...reached, tooBig })).toBe(
    ' 3  10.4.0.2  12.3 ms  10.1.0.1 (r1) passes at most 1400 bytes',
  )
})

test('how far it got', () => {
  expect(says(true, r1, nobody, reached)).toBe('reached in 3 hops, 12.3 ms')
  expect(says(true, { ...reached, hop: 1 })).toBe('reached in 1 hop, 12.3 ms')
  expect(says(false, r1, nobody)).toBe('not reached in 2 hops: the last to answer was hop 1, 10.1.0.1 (r1)')
  expect(says(false, nobody)).toBe('not reached in 2 hops: nobody answered')
  expect(says(false)).toBe('stopped before anything came back')
  const tooBig = { from: '10.1.0.1', name: 'r1', type: 3, code: 4, says: 'fragmentation needed', mtu: 1400 }
  expect(says(true, r1, { ...reached, tooBig })).toBe(
    'reached in 3 hops, 12.3 ms, at most 1400 bytes at once',
  )
})

test('who ended it', () => {
  const refused = (from: string): Hop => ({
    hop: 2,
    answers: [
      silent,
      { from, name: null, ms: 1, icmp: { from, type: 3, code: 1, says: 'host unreachable' } },
    ],
  })
  expect(says(false, r1, refused('10.1.0.1'))).toBe('ends at hop 2: from 10.1.0.1: host unreachable')
  expect(says(false, refused('10.1.0.2'))).toBe(
    'ends at hop 2: from this namespace itself (10.1.0.2): host unreachable, nobody answers for the next hop',
  )
})

test('an address has the name of its namespace, one of several has none', () => {
  const seen = world([
    netns(1, 'vm01', { addresses: [address(2, '192.0.2.1/24')] }),
    netns(2, 'web', {
      addresses: [
        address(2, '10.0.0.2/24'),
        address(3, '10.9.0.1/24'),
        address(1, '127.0.0.1/8', { scope: 'host' }),
      ],
    }),
    netns(3, 'db', { addresses: [address(2, '10.9.0.1/24')] }),
  ])
  expect(hopNames(seen)).toEqual({ '192.0.2.1': 'vm01', '10.0.0.2': 'web' })
})
