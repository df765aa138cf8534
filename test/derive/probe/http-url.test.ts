import { expect, test } from 'vitest'
import { httpCommand } from '../../../src/derive/probe/http-command.ts'
import { isPersonal, parseHeader, sentHeaders } from '../../../src/derive/probe/http-header.ts'
import { hostOf, httpUrl, portOf, shownUrl } from '../../../src/derive/probe/http-url.ts'
import { httpVerdict } from '../../../src/derive/probe/http-verdict.ts'
import { tlsProblem } from '../../../src/derive/probe/tls-problem.ts'
import type { HttpRequest, Target } from '../../../src/model/probe.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { HttpResult } from '../../../src/model/probe-result.ts'

const parsed = (text: string) => {
  const outcome = httpUrl(text)
  if (!outcome.ok) return outcome.failure.kind
  const { url, host } = outcome.value
  return [url.href, host, hostOf(url), portOf(url)]
}

test('URLs with and without a scheme', () => {
  expect(parsed('web:8080/path?q=1#x')).toEqual(['http://web:8080/path?q=1#x', 'web', 'web', 8080])
  expect(parsed('HTTPS://Web_1/')).toEqual(['https://web_1/', 'Web_1', 'web_1', 443])
  expect(parsed('[2001:db8::1]:81')).toEqual(['http://[2001:db8::1]:81/', '2001:db8::1', '2001:db8::1', 81])
  expect(parsed('http://me:pw@web')).toEqual(['http://me:pw@web/', 'web', 'web', 80])
  const wrong = [
    'ftp://web/',
    'file:///etc/passwd',
    '',
    'http://',
    '-x',
    'web:0',
    'web:99999',
    'a b',
    'http://w\x1beb/',
    '[::1',
  ]
  expect(wrong.map(parsed)).toEqual(wrong.map(() => 'usage'))
})

test('a URL is shown without name and password', () => {
  expect(shownUrl(new URL('http://me:pw@web/x'))).toBe('http://web/x')
})

test('headers: what can be sent, what goes in place of the usual, what only the first host gets', () => {
  expect(parseHeader('X-A:  one two ')).toEqual({ name: 'X-A', value: 'one two' })
  expect(parseHeader('Accept:')).toEqual({ name: 'Accept', value: '' })
  const wrong = ['no colon', ': x', 'X Y: z', 'X: a\r\nY: b', 'X: \x00', 'X: ☃', 'X\x1b: a']
  expect(wrong.filter((line) => parseHeader(line) !== null)).toEqual([])
  const usual = [
    { name: 'Host', value: 'web' },
    { name: 'Accept', value: '*/*' },
  ]
  const asked = [
    { name: 'host', value: 'other' },
    { name: 'ACCEPT', value: '' },
  ]
  expect(sentHeaders(usual, asked)).toEqual([{ name: 'host', value: 'other' }])
  expect(['Cookie', 'authorization', 'X-A'].map((name) => isPersonal({ name, value: '' }))).toEqual([
    true,
    true,
    false,
  ])
})

const result: HttpResult = {
  kind: 'http',
  ok: true,
  netns: { id: netnsId(1), name: 'web' },
  url: 'http://web/',
  status: 200,
  bytes: 512,
  ms: 12.34,
  timing: { dns: null, connect: 1, tls: null, firstByte: 2, total: 12.34 },
  address: '192.0.2.1',
  headers: [],
  redirects: [],
  tls: null,
  file: null,
}

test('one line of what it came to', () => {
  const redirects = [{ status: 302, url: 'http://web/two' }]
  expect(httpVerdict(result)).toEqual({ ok: true, says: '200 OK, 512 bytes in 12.3 ms' })
  expect(httpVerdict({ ...result, redirects, file: '/tmp/x' }).says).toBe(
    '200 OK, 512 bytes into /tmp/x in 12.3 ms after 1 redirect',
  )
  const tls = { protocol: 'TLSv1.3', problem: 'it is signed by itself', subject: '', issuer: '', validTo: '' }
  expect(httpVerdict({ ...result, tls }).says).toContain('; not trusted: it is signed by itself')
  const error = { what: 'refused', says: '192.0.2.1:80 refused' } as const
  expect(httpVerdict({ ...result, ok: false, status: null, error })).toEqual({
    ok: false,
    says: '192.0.2.1:80 refused',
  })
  expect(httpVerdict({ ...result, ok: false, status: 599 }).says).toMatch(/^599, /)
})

test('why a certificate is not trusted', () => {
  const facts = { subject: 'CN=a', issuer: 'CN=ca', validFrom: '2027', validTo: '2020', names: ['a', 'b'] }
  expect(tlsProblem('CERT_HAS_EXPIRED', 'web', facts)).toBe('the certificate expired at 2020')
  expect(tlsProblem('CERT_NOT_YET_VALID', 'web', facts)).toContain('not valid before 2027')
  expect(tlsProblem('ERR_TLS_CERT_ALTNAME_INVALID', 'web', facts)).toBe(
    'the certificate is for a, b, not for web',
  )
  expect(tlsProblem('SELF_SIGNED_CERT_IN_CHAIN', 'web', facts)).toContain('CN=ca')
  expect(tlsProblem('SOMETHING_NEW', 'web', facts)).toContain('SOMETHING_NEW')
})

test('the same by a tool: wget, and curl where only the World knows the name', () => {
  const request: HttpRequest = {
    kind: 'http',
    place: { netns: { id: netnsId(1), name: 'web' }, dev: 1, paths: [], sockets: [], user: null },
    url: 'https://example.org/x',
    known: {},
    resolver: { from: '', resolvConf: null, hosts: null, nsswitch: null },
    timeoutMs: 2000,
    maxRedirects: 3,
    file: null,
    headers: ['X-A: 1'],
    head: false,
    insecure: true,
  }
  expect(httpCommand(request).join(' ')).toBe(
    'wget -S -O /dev/null --tries=1 --timeout=2 --max-redirect=3 --no-check-certificate --header=X-A: 1 https://example.org/x',
  )
  const web: Target = { text: 'web', address: '2001:db8::7', family: 6, from: 'container web on net1' }
  expect(httpCommand({ ...request, url: 'http://web/', known: { web }, head: true }).join(' ')).toBe(
    'curl -sS -I --resolve web:80:[2001:db8::7] --connect-timeout 2 -L --max-redirs 3 -k -H X-A: 1 http://web/',
  )
})
