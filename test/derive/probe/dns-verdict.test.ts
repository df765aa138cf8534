import { expect, test } from 'vitest'
import { dnsCommand } from '../../../src/derive/probe/dns-command.ts'
import { serverLines } from '../../../src/derive/probe/dns-lines.ts'
import { dnsRemarks, nothingListens, viewOf } from '../../../src/derive/probe/dns-remarks.ts'
import { dnsVerdict } from '../../../src/derive/probe/dns-verdict.ts'
import { namePlan } from '../../../src/derive/probe/name-plan.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { DnsRequest, Resolver } from '../../../src/model/probe.ts'
import type { DnsResult, DnsServer } from '../../../src/model/probe-result.ts'

const resolver = (resolvConf: string): Resolver => ({ from: '', resolvConf, hosts: null, nsswitch: null })
const answer = { name: 'web.test', type: 'A', ttl: 60, value: '192.0.2.1' }
const server = (address: string, status: DnsServer['status'], more: Partial<DnsServer> = {}): DnsServer => ({
  address,
  status,
  ms: 1.5,
  asked: 'web.test',
  answers: status === 'NOERROR' ? [answer] : [],
  ...more,
})
const result = (servers: readonly DnsServer[], fields: Partial<DnsResult> = {}): DnsResult => {
  const view = viewOf(servers) ?? servers[0]
  return {
    kind: 'dns',
    ok: (view?.answers ?? []).length > 0,
    netns: { id: netnsId(1), name: 'a' },
    name: 'web.test',
    status: view?.status ?? 'timeout',
    from: 'dns',
    servers,
    answers: view?.answers ?? [],
    remarks: [],
    ...fields,
  }
}

test('one line of what it came to', () => {
  const says = (...servers: readonly DnsServer[]) => dnsVerdict(result(servers)).says
  expect(says(server('192.0.2.53', 'timeout'), server('192.0.2.54', 'NOERROR'))).toBe(
    '192.0.2.54 answered 192.0.2.1 in 1.50 ms',
  )
  expect(says(server('192.0.2.53', 'NXDOMAIN'))).toBe('192.0.2.53 says there is no such name (NXDOMAIN)')
  expect(says(server('192.0.2.53', 'SERVFAIL'))).toBe('192.0.2.53 says SERVFAIL')
  expect(says(server('192.0.2.53', 'NOERROR', { answers: [] }))).toBe(
    '192.0.2.53 knows web.test and has no such record',
  )
  expect(says(server('192.0.2.53', 'timeout', { says: 'no answer' }))).toBe(
    '192.0.2.53 is silent: no answer in 1.50 ms',
  )
  expect(
    says(server('192.0.2.53', 'timeout'), server('192.0.2.54', 'unreachable', { says: 'host unreachable' })),
  ).toBe(
    'no name server answers: 192.0.2.53 is silent: no answer in 1.50 ms; 192.0.2.54 cannot be asked: host unreachable',
  )
  expect(dnsVerdict(result([], { ok: true, from: 'hosts', answers: [answer] })).says).toBe(
    '192.0.2.1, from /etc/hosts',
  )
  const many = Array.from({ length: 5 }, (_, at) => ({ ...answer, value: `192.0.2.${at}` }))
  expect(says(server('s', 'NOERROR', { answers: [{ ...answer, type: 'CNAME' }, ...many] }))).toContain(
    's answered 192.0.2.0, 192.0.2.1, 192.0.2.2 and 2 more in',
  )
})

test('what is odd is said', () => {
  const plan = namePlan(resolver('nameserver 127.0.0.11\noptions timeout:3 rotate'), 'web.test', null)
  const closed = { says: `${nothingListens} (connection refused)` }
  expect(dnsRemarks(plan, [server('127.0.0.11', 'unreachable', closed)])[0]).toMatch(
    /^127\.0\.0\.11 has no listener/,
  )
  expect(dnsRemarks(plan, [server('127.0.0.53', 'unreachable', closed)])[0]).toContain('systemd-resolved')
  // That the host cannot be reached says nothing of who listens.
  expect(dnsRemarks(plan, [server('127.0.0.11', 'unreachable', { says: 'network is unreachable' })])).toEqual(
    [],
  )
  expect(dnsRemarks(plan, [server('127.0.0.11', 'timeout')])[0]).toContain('127.0.0.11 is there and silent')
  const two = dnsRemarks(plan, [server('a', 'NXDOMAIN'), server('b', 'NOERROR')])
  expect(two[0]).toBe('b has an answer, and programs do not ask it: a comes before it and said NXDOMAIN')
  expect(two[1]).toContain('"rotate"')
  expect(dnsRemarks(plan, [server('a', 'timeout'), server('b', 'NOERROR')])[0]).toContain(
    'programs wait 3 s for it',
  )
})

test('lines of a server', () => {
  expect(serverLines(server('192.0.2.53', 'NOERROR'))).toEqual([
    '192.0.2.53  NOERROR  1.50 ms  web.test',
    '  web.test  A  192.0.2.1  60 s',
  ])
  expect(serverLines(server('192.0.2.53', 'timeout', { says: 'no answer' }))).toEqual([
    '192.0.2.53  timeout  1.50 ms  web.test: no answer',
  ])
})

test('the same by dig: whole name, named server, the times of resolv.conf', () => {
  const request: DnsRequest = {
    kind: 'dns',
    place: { netns: { id: netnsId(1), name: 'a' }, dev: 1, paths: [], sockets: [], user: null },
    name: 'web',
    type: null,
    resolver: resolver('nameserver fe80::1%eth0\nsearch corp.test\noptions timeout:1 attempts:3'),
    server: null,
    timeoutMs: 5000,
  }
  expect(dnsCommand(request).join(' ')).toBe(
    'dig @fe80::1%eth0 +time=1 +tries=3 web.corp.test A web.corp.test AAAA',
  )
  expect(dnsCommand({ ...request, name: '192.0.2.7', server: '192.0.2.53:5353' }).join(' ')).toBe(
    'dig @192.0.2.53 -p 5353 +time=1 +tries=3 7.2.0.192.in-addr.arpa PTR',
  )
})
