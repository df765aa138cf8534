import { expect, test } from 'vitest'
import { processNamespaces, type NamespaceKind } from '../../src/derive/process-namespaces.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Process } from '../../src/model/process.ts'
import { netns, world } from '../support/world.ts'

type Inodes = Partial<Record<Exclude<NamespaceKind, 'net'>, string>>

function process(pid: number, net: number, inodes: Inodes | null, startTime = pid): Process {
  const host = { mnt: 'm0', pid: 'p0', uts: 'u0', ipc: 'i0', user: 'us0' }
  return {
    pid,
    ppid: 1,
    startTime,
    comm: `c${pid}`,
    uid: 0,
    cgroup: '/',
    netns: netnsId(net),
    namespaces: inodes === null ? { unknown: 'permission denied' } : { ...host, ...inodes },
  }
}

const own = { mnt: 'm1', pid: 'p1', uts: 'u1', ipc: 'i1' }

const host = world(
  [
    netns(100, 'host', { names: [{ name: 'host', source: 'host', path: null }] }),
    netns(200, 'pod'),
    netns(300, 'b'),
  ],
  {
    processes: [
      process(1, 100, {}),
      process(50, 200, own),
      // Joined 50's network, ipc and uts, with files and processes of its own: as in a pod.
      process(60, 200, { ...own, mnt: 'm2', pid: 'p2' }),
      // Younger, though its number is smaller.
      process(40, 200, { ...own, mnt: 'm3', pid: 'p0' }, 99),
      process(70, 300, { ...own, mnt: 'm4' }),
      process(80, 200, null),
    ],
  },
)

const marksOf = (pid: number) =>
  processNamespaces(host, netnsId(200)).processes.find((each) => each.process.pid === pid)?.marks

test('processes oldest first, each with whose namespaces it lives in', () => {
  const { processes } = processNamespaces(host, netnsId(200))
  expect(processes.map(({ process: { pid } }) => pid)).toEqual([50, 60, 80, 40])
  expect(marksOf(50)).toEqual({ net: 'a', mnt: 'a', pid: 'a', uts: 'a', ipc: 'a', user: 'host' })
  expect(marksOf(60)).toEqual({ net: 'a', mnt: 'b', pid: 'b', uts: 'a', ipc: 'a', user: 'host' })
  expect(marksOf(40)).toMatchObject({ mnt: 'c', pid: 'host' })
})

test('what could not be read is not a namespace like another', () => {
  expect(marksOf(80)).toEqual({ net: 'a', mnt: null, pid: null, uts: null, ipc: null, user: null })
})

test('a namespace names its members, and the networks of those who share it from elsewhere', () => {
  const { held } = processNamespaces(host, netnsId(200))
  const of = (kind: NamespaceKind, mark: string) =>
    held.find((each) => each.kind === kind && each.mark === mark)
  expect(of('uts', 'a')?.members.map(({ pid }) => pid)).toEqual([50, 60, 40])
  expect(of('ipc', 'a')?.alsoIn).toEqual(['300'])
  expect(of('mnt', 'b')).toMatchObject({ inode: 'm2', alsoIn: [] })
  expect(of('net', 'a')).toMatchObject({ inode: '200', alsoIn: [] })
})

test('of the host itself all is the host’s', () => {
  const { processes } = processNamespaces(host, netnsId(100))
  expect(processes.map(({ marks }) => Object.values(marks))).toEqual([
    ['host', 'host', 'host', 'host', 'host', 'host'],
  ])
})

test('more than 26 get two letters', () => {
  const many = world([netns(100, 'host')], {
    processes: [
      process(1, 100, {}),
      ...Array.from({ length: 28 }, (_, at) => process(at + 2, 100, { mnt: `x${at}` })),
    ],
  })
  const marks = processNamespaces(many, netnsId(100)).processes.map((each) => each.marks.mnt)
  expect(marks.slice(25)).toEqual(['y', 'z', 'aa', 'ab'])
})
