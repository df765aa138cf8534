/** Held against the names of linux/icmp.h and linux/icmpv6.h: one that is added there should get its words here. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { icmpSays } from '../../../src/derive/probe/icmp-says.ts'

test.each([
  [4, 3, 0, 'network unreachable', 'unreachable'],
  [4, 3, 1, 'host unreachable', 'unreachable'],
  [4, 3, 2, 'protocol unreachable', 'unreachable'],
  [4, 3, 3, 'port unreachable', 'refused'],
  [4, 3, 4, 'fragmentation needed', 'too-big'],
  [4, 3, 9, 'network prohibited', 'prohibited'],
  [4, 3, 10, 'host prohibited', 'prohibited'],
  [4, 3, 13, 'administratively prohibited', 'prohibited'],
  [4, 11, 0, 'time to live exceeded', 'time-exceeded'],
  [6, 1, 0, 'no route to destination', 'unreachable'],
  [6, 1, 1, 'administratively prohibited', 'prohibited'],
  [6, 1, 3, 'address unreachable', 'unreachable'],
  [6, 1, 4, 'port unreachable', 'refused'],
  [6, 1, 6, 'reject route to destination', 'prohibited'],
  [6, 2, 0, 'packet too big', 'too-big'],
  [6, 3, 0, 'hop limit exceeded', 'time-exceeded'],
] as const)('ICMP of IPv%i %i/%i: %s', (family, type, code, says, what) => {
  expect(icmpSays(family, type, code)).toEqual({ says, what })
})

test('a code that nobody knows is of its type, and a type that nobody knows is told by number', () => {
  expect(icmpSays(4, 3, 99)).toEqual({ says: 'destination unreachable', what: 'unreachable' })
  expect(icmpSays(6, 2, 7).what).toBe('too-big')
  expect(icmpSays(4, 200, 1)).toEqual({ says: 'ICMP type 200 code 1', what: 'other' })
  expect(icmpSays(6, 255, 0).what).toBe('other')
})

const header = '/usr/include/linux/icmp.h'
test.skipIf(!existsSync(header))('every code of "unreachable" in linux/icmp.h has words of its own', () => {
  const most = Number(/define NR_ICMP_UNREACH\s+(\d+)/.exec(readFileSync(header, 'utf8'))?.[1])
  const words = Array.from({ length: most + 1 }, (_, code) => icmpSays(4, 3, code).says)
  expect(words).toHaveLength(16)
  expect(new Set(words).size).toBe(words.length)
  expect(words).not.toContain('destination unreachable')
})
