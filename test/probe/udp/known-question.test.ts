import { expect, test } from 'vitest'
import { knownQuestion } from '../../../src/probe/udp/known-question.ts'

test('port 53 gets a DNS question for the NS of the root, byte for byte (RFC 1035 4.1)', () => {
  const question = knownQuestion(53)
  // Flags, QDCOUNT 1, ANCOUNT, NSCOUNT, ARCOUNT; the root; type NS (2), class IN (1).
  expect(question.subarray(2).toString('hex')).toBe('000000010000000000000000020001')
})

test('port 123 gets a client’s NTP packet; others nothing at all', () => {
  expect([knownQuestion(123).length, knownQuestion(123)[0]]).toEqual([48, 0b00_100_011])
  expect(knownQuestion(9).length).toBe(0)
})
