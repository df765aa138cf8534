import { expect, test } from 'vitest'
import { lostPercent, pingVerdict } from '../../../src/derive/probe/ping-verdict.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { PingResult } from '../../../src/model/probe-result.ts'

const result = (fields: Partial<PingResult>): PingResult => ({
  kind: 'ping',
  ok: true,
  netns: { id: netnsId(1), name: 'web' },
  target: 'db',
  address: '10.0.0.3',
  source: '10.0.0.2',
  transmitted: 4,
  received: 4,
  duplicates: 0,
  rttMs: { min: 0.031, avg: 0.042, max: 0.06, mdev: 0.01 },
  errors: [],
  ...fields,
})
const says = (fields: Partial<PingResult>): string => pingVerdict(result(fields)).says
const none = { ok: false, received: 0, rttMs: null } as const
const hostUnreachable = { type: 3, code: 1, says: 'host unreachable' } as const

test('answers, losses, duplicates', () => {
  expect(says({})).toBe('4 of 4 answered, 0.04 ms')
  expect(says({ received: 3 })).toBe('3 of 4 answered (25 % lost), 0.04 ms')
  expect(says({ duplicates: 1 })).toBe('4 of 4 answered, 0.04 ms, 1 duplicate')
  expect(says(none)).toBe('no answer to 4')
  expect(says({ ...none, transmitted: 0 })).toBe('nothing was sent')
})

test('why there was none: what was said most often, and by whom', () => {
  const errors = [
    { from: '10.0.0.9', type: 11, code: 0, says: 'time to live exceeded', count: 1 },
    { from: '10.0.0.1', ...hostUnreachable, count: 3 },
  ]
  expect(says({ ...none, errors })).toBe('from 10.0.0.1: host unreachable')
  const own = [{ from: '10.0.0.2', ...hostUnreachable, count: 4 }]
  expect(says({ ...none, errors: own })).toBe(
    'from this namespace itself (10.0.0.2): host unreachable, nobody answers for the next hop',
  )
  const local = [{ from: null, type: null, code: null, says: 'network is unreachable', count: 4 }]
  expect(says({ ...none, transmitted: 0, errors: local })).toBe('not sent: network is unreachable')
})

test('lost is 0 % and 100 % only where it is so', () => {
  expect(lostPercent({ transmitted: 1000, received: 999 })).toBe(1)
  expect(lostPercent({ transmitted: 1000, received: 1 })).toBe(99)
  expect(lostPercent({ transmitted: 1000, received: 1000 })).toBe(0)
  expect(lostPercent({ transmitted: 1000, received: 0 })).toBe(100)
  expect(lostPercent({ transmitted: 0, received: 0 })).toBe(0)
  // An answer to what was counted before it was stopped.
  expect(lostPercent({ transmitted: 1, received: 2 })).toBe(0)
})

const tooBig = {
  from: '10.2.0.2',
  type: 3,
  code: 4,
  says: 'fragmentation needed',
  mtu: 1400,
  count: 2,
} as const

test('the largest that passes: the link, somebody on the way, nobody', () => {
  expect(says({ mtu: { passes: 1500, linkMtu: 1500 } })).toBe('1500 bytes pass, as much as the link takes')
  expect(says({ mtu: { passes: 65_535, linkMtu: null } })).toBe('65535 bytes pass')
  expect(says({ mtu: { passes: 1400, linkMtu: 1500 }, errors: [tooBig] })).toBe(
    '1400 bytes pass; from 10.2.0.2: fragmentation needed (mtu 1400)',
  )
  expect(says({ ok: false, mtu: { passes: 1400, linkMtu: 1500 } })).toBe(
    '1400 bytes pass, larger ones vanish and nobody says so (the link has MTU 1500): an MTU black hole',
  )
})

test('a black hole behind somebody who speaks, and none behind an old router that tells no number', () => {
  expect(says({ mtu: { passes: 1300, linkMtu: 1500 }, errors: [tooBig] })).toContain('black hole')
  const { mtu: _, ...old } = tooBig
  expect(says({ mtu: { passes: 1300, linkMtu: 1500 }, errors: [old] })).toBe(
    '1300 bytes pass; from 10.2.0.2: fragmentation needed',
  )
  const six = { ...tooBig, from: 'fd00::1', type: 2, code: 0, says: 'packet too big' }
  expect(says({ mtu: { passes: 1400, linkMtu: 1500 }, errors: [six] })).toContain(
    'from fd00::1: packet too big',
  )
  // Another error is no word about sizes.
  const other = { ...hostUnreachable, from: '10.2.0.2', count: 1 }
  expect(says({ mtu: { passes: 1400, linkMtu: 1500 }, errors: [other] })).toContain('black hole')
})

test('a search that was stopped, and one that found nothing', () => {
  expect(says({ mtu: { passes: 1200, linkMtu: 1500, stopped: true } })).toBe(
    '1200 bytes pass; larger ones were not tried any more',
  )
  expect(says({ ...none, transmitted: 3, mtu: { passes: null, linkMtu: null } })).toBe(
    'nothing passes: no answer to 3',
  )
})
