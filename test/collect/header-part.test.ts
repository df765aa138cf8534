import { expect, test } from 'vitest'
import { headerParts } from '../../src/collect/header-part.ts'
import type { WorldHeader } from '../../src/collect/protocol.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Process } from '../../src/model/process.ts'
import { netns, world } from '../support/world.ts'

const process = (pid: number): Process => ({
  pid,
  ppid: 1,
  startTime: 1,
  comm: 'sh',
  uid: 0,
  cgroup: '/',
  netns: netnsId(1),
  namespaces: {},
})
const one = process(1)

function header(fields: Partial<WorldHeader> = {}): WorldHeader {
  const { netns: _, changes: __, ...rest } = world([netns(1, 'host')])
  return { ...rest, dns: noDns, engines: noEngines, ...fields }
}
const noDns: WorldHeader['dns'] = []
const noEngines: WorldHeader['engines'] = []

test('whole the first time, and whenever the receiver has nothing', () => {
  const part = headerParts()
  const first = header()
  expect(part(first, true)).toBe(first)
  expect(part(header({ at: 'later' }), false)).toEqual({ at: 'later' })
  const again = header({ at: 'again' })
  expect(part(again, true)).toBe(again)
})

test('the same processes in a new list are nothing new, and neither is how long it took', () => {
  const part = headerParts()
  part(header({ processes: [one] }), true)
  const same = header({
    at: 'later',
    processes: [one],
    readers: [{ name: 'mounts', ms: 7, errors: [] }],
  })
  expect(part(same, false)).toEqual({ at: 'later' })
})

test.each<[string, Partial<WorldHeader>]>([
  ['a process', { processes: [one, process(2)] }],
  ['a process that was replaced', { processes: [process(1)] }],
  ['a gap', { gaps: [{ what: 'routes', subject: 'a', reason: 'EPERM', hint: null }] }],
  ['DNS files', { dns: [] }],
  ['containers', { engines: [] }],
  ['PID 1 out of sight', { init: { unknown: 'permission denied' } }],
])('%s makes it whole', (_, fields) => {
  const part = headerParts()
  part(header({ processes: [one] }), true)
  const next = header({ processes: [one], ...fields })
  expect(part(next, false)).toBe(next)
  expect(part(next, false)).toEqual({ at: next.at })
})
