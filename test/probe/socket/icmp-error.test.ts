import { expect, test } from 'vitest'
import type { ErrorReport } from '../../../src/probe/socket/control.ts'
import { icmpError, localError } from '../../../src/probe/socket/icmp-error.ts'

const report = (fields: Partial<ErrorReport>): ErrorReport => ({
  errno: 113,
  origin: 'icmp',
  type: 3,
  code: 1,
  info: 0,
  from: '10.0.0.1',
  ...fields,
})

test('an ICMP error keeps its sender and numbers', () => {
  expect(icmpError(report({}))).toEqual({
    what: 'unreachable',
    error: { from: '10.0.0.1', type: 3, code: 1, says: 'host unreachable' },
  })
})

test('an MTU is told with "too big" only, and not where an old router leaves it out', () => {
  const tooBig = report({ errno: 90, code: 4, info: 1400 })
  expect(icmpError(tooBig)).toMatchObject({
    what: 'too-big',
    error: { says: 'fragmentation needed', mtu: 1400 },
  })
  expect(icmpError({ ...tooBig, info: 0 }).error).not.toHaveProperty('mtu')
  expect(icmpError(report({ info: 77 })).error).not.toHaveProperty('mtu')
  const six = report({ errno: 90, origin: 'icmp6', type: 2, code: 0, info: 1280, from: 'fd00::1' })
  expect(icmpError(six)).toMatchObject({ what: 'too-big', error: { says: 'packet too big', mtu: 1280 } })
})

test('the same numbers mean another thing in ICMPv6', () => {
  expect(icmpError(report({ origin: 'icmp6', type: 3, code: 0 }))).toMatchObject({
    what: 'time-exceeded',
    error: { says: 'hop limit exceeded' },
  })
})

test('what this kernel refuses has neither sender nor numbers', () => {
  const local = icmpError(report({ errno: 90, origin: 'local', type: 0, code: 0, info: 1500, from: null }))
  expect(local).toEqual({
    what: 'too-big',
    error: { from: null, type: null, code: null, says: 'message too long', mtu: 1500 },
  })
  expect(localError('ENETUNREACH')).toMatchObject({
    what: 'unreachable',
    error: { from: null, says: 'network is unreachable' },
  })
  expect(localError('EPERM')).toMatchObject({
    what: 'prohibited',
    error: { says: expect.stringContaining('OUTPUT') },
  })
  expect(localError('ESOMETHING')).toMatchObject({ what: 'other', error: { says: 'ESOMETHING' } })
})
