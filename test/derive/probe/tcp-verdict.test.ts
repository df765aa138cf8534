import { expect, test } from 'vitest'
import { netnsId } from '../../../src/model/ids.ts'
import type { TcpPort, TcpResult } from '../../../src/model/probe-result.ts'
import { tcpPortText, tcpVerdict } from '../../../src/derive/probe/tcp-verdict.ts'

const port = (over: Partial<TcpPort>): TcpPort => ({
  port: 80,
  result: 'connected',
  icmp: null,
  source: '10.0.0.1',
  ms: 0.4,
  ...over,
})
const result = (...ports: readonly TcpPort[]): TcpResult => ({
  kind: 'tcp',
  ok: ports.every((each) => each.result === 'connected'),
  netns: { id: netnsId(1), name: 'web' },
  target: 'redis',
  address: '10.0.0.2',
  result: ports[0]?.result ?? 'timeout',
  ports,
})
const says = (...ports: readonly TcpPort[]): string => tcpVerdict(result(...ports)).says

test('one port: what it came to, and why', () => {
  expect(says(port({}))).toBe('connected in 0.40 ms from 10.0.0.1')
  expect(says(port({ banner: '220 ready' }))).toContain('; it says: 220 ready')
  expect(says(port({ result: 'refused' }))).toBe('refused after 0.40 ms: nothing listens on that port (RST)')
  expect(says(port({ result: 'timeout', ms: 5003.2 }))).toContain(
    'timeout: no answer in 5.00 s from 10.0.0.2',
  )
  expect(says(port({ result: 'unreachable', source: null, says: 'network is unreachable' }))).toBe(
    'unreachable after 0.40 ms: network is unreachable (no packet left this namespace)',
  )
})

test('who sent the ICMP: a router, or this namespace itself because nobody answered ARP', () => {
  const icmp = { from: '10.0.0.254', type: 3, code: 13, says: 'administratively prohibited' }
  expect(says(port({ result: 'prohibited', icmp }))).toBe(
    'prohibited after 0.40 ms: administratively prohibited, said by 10.0.0.254 (ICMP 3/13)',
  )
  const own = { from: '10.0.0.1', type: 3, code: 1, says: 'host unreachable' }
  expect(says(port({ result: 'unreachable', icmp: own, ms: 3070 }))).toContain(
    'nobody answered for the next hop',
  )
})

test('several ports are counted; each has its line', () => {
  const ports = [port({}), port({ port: 81, result: 'refused' }), port({ port: 82, result: 'refused' })]
  expect(tcpVerdict(result(...ports))).toEqual({ ok: false, says: '1 connected, 2 refused' })
  expect(says(port({}), port({ port: 81 }))).toBe('all 2 ports connected')
  expect(tcpPortText('fd00::2', port({}))).toBe('[fd00::2]:80 connected in 0.40 ms from 10.0.0.1')
})

test('stopped before the first', () => {
  expect(says()).toBe('stopped before anything was tried')
})
