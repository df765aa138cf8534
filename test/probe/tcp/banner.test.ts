import { expect, test } from 'vitest'
import { firstText } from '../../../src/probe/tcp/banner.ts'

test('what came over the network becomes one harmless line of at most 256 characters', () => {
  expect(firstText(Buffer.from('220 ready\r\n'))).toBe('220 ready')
  expect(firstText(Buffer.from('a\r\nb\n'))).toBe('a ⏎ b')
  expect(firstText(Buffer.from('\x1b]0;x\x07\x9b31m\u202e'))).toBe('\\x1b]0;x\\x07\\x9b31m\\u202e')
  expect(firstText(Buffer.from([0xff, 0xfe, 0x00]))).toBe('��\\x00')
  const long = firstText(Buffer.from('é'.repeat(5000)))
  expect(Array.from(long)).toHaveLength(256)
  expect(long.endsWith('…')).toBe(true)
  expect(firstText(Buffer.alloc(0))).toBe('')
})
