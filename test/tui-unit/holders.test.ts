import { expect, test } from 'vitest'
import type { Netns } from '../../src/model/netns.ts'
import { holderText } from '../../src/tui/view/holders.ts'
import { netns } from '../support/world.ts'

const none: Netns['holders'] = { processes: [], threads: [], fds: [], sockets: [], mounts: [] }

/** A column has 27 characters for it, so that what matters stands in front. */
test.each<readonly [Partial<Netns['holders']>, string]>([
  [{ processes: [812] }, 'pid 812'],
  [{ processes: [812, 813, 814] }, 'pid 812 and 2 more'],
  [{ fds: [{ pid: 21, fd: 9 }] }, 'a file of pid 21, no process'],
  [{ sockets: [{ pid: 24, fd: 5 }] }, 'a socket of pid 24, no process'],
  [{ mounts: [{ path: '/run/m', mountNamespace: null }] }, 'nobody, kept by its name'],
])('held by %j', (holders, text) => {
  expect(holderText(netns(300, 'x', { names: [], holders: { ...none, ...holders } }), null)).toBe(text)
})
