import { expect, test } from 'vitest'
import { linkLocalOf, madeMac } from '../../../src/change/made-mac.ts'

test('a MAC address of one link, locally administered, the same of the same seed', () => {
  expect(madeMac('one')).toMatch(/^02(:[0-9a-f]{2}){5}$/)
  expect(madeMac('one')).toBe(madeMac('one'))
  expect(madeMac('one')).not.toBe(madeMac('two'))
})

test('the link-local address is the one that the kernel makes', () => {
  expect(linkLocalOf('02:10:36:a5:68:aa')).toBe('fe80::10:36ff:fea5:68aa')
  expect(linkLocalOf('34:56:78:9a:bc:de')).toBe('fe80::3656:78ff:fe9a:bcde')
})
