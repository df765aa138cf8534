import { expect, test } from 'vitest'
import { unreadable } from '../../src/change/unreadable.ts'

test('what decides and could not be read has its own exit code; root helps where it was denied', () => {
  expect(unreadable('host', 'the links of the host', 'permission denied')).toEqual({
    kind: 'permission',
    what: 'the links of the host could not be read: permission denied',
    subject: 'host',
    hint: 'run as root',
  })
  expect(unreadable('host', 'the links of the host', 'no answer within 2000 ms')).not.toHaveProperty('hint')
  expect(unreadable('host', 'rules of the host', 'nft is not installed', 'apt-get install nftables')).toEqual(
    {
      kind: 'permission',
      what: 'rules of the host could not be read: nft is not installed',
      subject: 'host',
      hint: 'apt-get install nftables',
    },
  )
  expect(unreadable('host', 'the namespace of the host', null).what).toBe(
    'the namespace of the host could not be read',
  )
})

test('what others say is shown without what moves a cursor', () => {
  expect(unreadable('host', 'rules', 'a\u001b[2Jb').what).not.toContain('\u001b')
})
