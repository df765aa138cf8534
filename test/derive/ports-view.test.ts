import { expect, test } from 'vitest'
import { portsView, portsViewSteps } from '../../src/derive/ports-view.ts'
import { netnsId } from '../../src/model/ids.ts'
import { unknown } from '../../src/model/known.ts'
import type { NetnsDetails } from '../../src/model/netns.ts'
import { manyPorts, piecesOf } from '../support/many-ports.ts'
import { netns, world } from '../support/world.ts'

const notRead = unknown('not read')
const details = (port: number): NetnsDetails => ({
  sysctls: notRead,
  counters: notRead,
  sockets: [
    {
      family: 'inet',
      protocol: 'tcp',
      local: { address: '127.0.0.1', port },
      remote: null,
      state: 'LISTEN',
      boundTo: null,
      v6only: null,
      uid: 0,
      inode: '5',
      recvQueue: 0,
      sendQueue: 0,
      process: { pid: 9, name: 'sshd' },
    },
  ],
  qdiscs: notRead,
  filters: notRead,
  xfrmPolicies: notRead,
  programs: notRead,
})

const whole = world([
  netns(1, 'host', { details: details(22) }),
  netns(2, 'slow'),
  netns(3, 'closed', { readable: unknown('permission denied (EPERM)') }),
])

test('a recorded World: every namespace without sockets is a gap, with its reason', () => {
  const view = portsView(whole)
  expect(view).toMatchObject({ published: [], complete: true, readAt: Date.parse(whole.at) })
  expect(view.listening).toMatchObject([
    { netns: '1', address: '127.0.0.1', port: 22, process: { pid: 9, name: 'sshd' } },
  ])
  expect(view.unreadSockets).toEqual([
    { netns: '2', unknown: 'its sockets were not read' },
    { netns: '3', unknown: 'permission denied (EPERM)' },
  ])
})

test('while they are read, those that wait are no gaps', () => {
  const view = portsView(whole, new Set([netnsId(2)]))
  expect(view.complete).toBe(false)
  expect(view.unreadSockets.map(({ netns }) => netns)).toEqual(['3'])
})

test('thousands of published ports are gone through in small pieces', () => {
  const { pieces, value } = piecesOf(portsViewSteps(manyPorts(1000)))
  expect(pieces).toBeGreaterThanOrEqual(2000)
  expect(value.published).toHaveLength(1000)
})
