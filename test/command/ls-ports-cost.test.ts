/** What `ls ports` reads: of a thousand namespaces every part that it does not show costs seconds. */
import { expect, test } from 'vitest'
import { listPorts } from '../../src/command/ls-ports.ts'
import { succeeded } from '../../src/lib/failure.ts'
import { unknown } from '../../src/model/known.ts'
import type { Source } from '../../src/source.ts'
import { netns, world } from '../support/world.ts'

test('rules and sockets of the namespaces that can be read, and no other dear part', async () => {
  const host = world([netns(1, 'host'), netns(2, 'web'), netns(3, 'far', { readable: unknown('hidden') })])
  const asked: unknown[] = []
  const source: Source = {
    kind: 'live',
    file: null,
    readWorld: async (wanted) => {
      asked.push(wanted)
      return succeeded(host)
    },
    withDetails: async (same, ids, only) => {
      asked.push(['details', ids, only])
      return succeeded(same)
    },
    withFirewall: async (same, ids) => {
      asked.push(['rules', ids])
      return succeeded(same)
    },
    withConntrack: async (same) => succeeded(same),
    withCounters: async (same) => succeeded(same),
    readTool: async () => succeeded({ ...host.tool, hostName: 'vm01', kernel: '6', arch: 'x', at: null }),
  }
  expect((await listPorts(source)).ok).toBe(true)
  expect(asked).toEqual([
    { details: false, deep: true },
    ['rules', ['1', '2']],
    ['details', ['1', '2'], 'sockets'],
  ])
})
