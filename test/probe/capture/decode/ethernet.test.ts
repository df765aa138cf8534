import { expect, test } from 'vitest'
import { decodePacket } from '../../../../src/probe/capture/decode/decode-packet.ts'

test('a frame of nothing but VLAN tags ends', () => {
  // As root of a container sends them, on a link whose MTU it raised.
  const bytes = Buffer.alloc(65_535)
  for (let at = 12; at + 2 <= bytes.length; at += 4) bytes.writeUInt16BE(0x8100, at)
  const { text } = decodePacket(bytes, 1, (address) => address)
  expect(text).toMatch(/^(vlan 0, ){4}00:00:.*: VLAN tags in VLAN tags$/)
})
