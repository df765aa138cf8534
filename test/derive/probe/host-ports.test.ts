import { expect, test } from 'vitest'
import { hostPortsOf, listenOn, portsOf } from '../../../src/derive/probe/host-ports.ts'

test.each([
  ['web:80', 'web', [80]],
  ['10.0.0.1:80,443', '10.0.0.1', [80, 443]],
  ['[::1]:80', '::1', [80]],
  ['[fe80::1%eth0]:8000-8002,80,8001', 'fe80::1%eth0', [8000, 8001, 8002, 80]],
])('%s', (text, host, ports) => {
  expect(hostPortsOf(text)).toEqual({ ok: true, value: { host, ports } })
})

test.each([
  'web',
  'web:',
  ':80',
  'web:0',
  'web:65536',
  'web:80-79',
  'web:80,',
  'web:http',
  'web:8 0',
  'web:-1',
  '::1:80',
  '2001:db8::1',
  '[web]:80',
  '[::1]80',
  '[]:80',
  'a:b:80',
  'web:080000',
])('"%s" is a usage error that says what to write', (text) => {
  const outcome = hostPortsOf(text)
  expect(outcome).toMatchObject({
    ok: false,
    failure: { kind: 'usage', hint: expect.stringContaining('HOST:PORT') },
  })
})

test('all ports there are', () => {
  const all = portsOf('1-65535')
  expect(all.ok && all.value.length).toBe(65_535)
})

test('where to listen', () => {
  expect(listenOn('8080')).toEqual({ ok: true, value: { address: '0.0.0.0', port: 8080 } })
  expect(listenOn('0')).toEqual({ ok: true, value: { address: '0.0.0.0', port: 0 } })
  expect(listenOn('[::]:53')).toEqual({ ok: true, value: { address: '::', port: 53 } })
  for (const wrong of ['web:80', '80-81', '80,81', '[::1', '']) expect(listenOn(wrong).ok).toBe(false)
})
