import { expect, test } from 'vitest'
import { interfaceBlock } from '../../../src/probe/capture/pcapng.ts'

const link = { linkType: 1, snapLength: 0, name: 'eth0', comment: '' }

test('a filter that is too long for its option is left out', () => {
  const without = interfaceBlock({ ...link, filter: '' })
  expect(interfaceBlock({ ...link, filter: 'icmp' }).length).toBe(without.length + 12)
  expect(interfaceBlock({ ...link, filter: 'a'.repeat(65_535) })).toEqual(without)
})
