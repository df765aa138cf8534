import { expect, test } from 'vitest'
import { describe as describeNetns } from '../../../src/collect/discover/found.ts'
import { lookAtProcesses } from '../../../src/collect/discover/processes.ts'
import { lookAtRefusedProcesses } from '../../../src/collect/discover/refused-processes.ts'
import { createScan, type Memory } from '../../../src/collect/discover/scan.ts'
import { unreadableNetns } from '../../../src/collect/discover/unreadable.ts'
import { netnsId } from '../../../src/model/ids.ts'
import { unknown } from '../../../src/model/known.ts'
import { fakeProc, type FakeProc } from './fake-proc.ts'

/** Root may read every link, so the refusal is written into what the scan remembers. */
async function scanWithout(fake: FakeProc, refused: readonly number[]) {
  const memory: Memory = {
    processes: new Map(),
    mountNamespaces: new Map(),
    ownMounts: null,
    mountWatch: null,
    held: [],
    searched: null,
    closed: false,
  }
  const { proc, root } = fake
  const base = { proc, root, dev: 0, self: 50, number: 0, complete: true, deep: false, libc: null, memory }
  await lookAtProcesses(createScan(base).scan)
  for (const [pid, entry] of memory.processes) {
    if (!refused.includes(pid)) continue
    const process = { ...entry.process, netns: unknown('permission denied') }
    memory.processes.set(pid, { ...entry, link: 'refused', sighting: null, process })
  }
  const { scan, report } = createScan(base)
  await lookAtRefusedProcesses(scan)
  return { scan, report, memory }
}

test('a refused process is known by the net/dev that it shares with a readable one', async () => {
  const fake = fakeProc(50, 11)
  fake.add({ pid: 1, comm: 'init', net: 11 })
  fake.add({ pid: 70, net: 12 })
  fake.add({ pid: 71, net: 12 })
  const { report, memory, scan } = await scanWithout(fake, [1, 71])
  expect(memory.processes.get(1)?.process.netns).toBe('11')
  expect(memory.processes.get(71)?.process.netns).toBe('12')
  expect(report.gaps).toEqual([])
  expect(scan.refused.size).toBe(0)
  const own = report.sightings.filter(({ id }) => id === '12')
  const place = { proc: fake.proc, self: 50, home: netnsId(11), host: netnsId(11), init: null }
  expect(describeNetns(netnsId(12), own, place)).toMatchObject({ paths: [], holders: { processes: [71] } })
})

test('those that share it with nobody readable are grouped, and counted in one gap', async () => {
  const fake = fakeProc()
  fake.add({ pid: 70, comm: 'nginx', net: 12, startTime: 9 })
  fake.add({ pid: 71, comm: 'pause', net: 12, startTime: 5 })
  fake.add({ pid: 72, net: 13 })
  const { report, memory, scan } = await scanWithout(fake, [70, 71, 72])
  const unreadable = [...scan.refused.values()].map((group) => unreadableNetns(group, scan))
  expect(unreadable.map(({ names }) => names[0]?.name)).toEqual(['PID 71 (pause)', 'PID 72 (sleep)'])
  expect(unreadable[0]).toMatchObject({
    names: [{ source: 'process', path: null }],
    holders: { processes: [71, 70] },
    readable: { unknown: expect.stringContaining('permission denied') as string },
  })
  expect(unreadable[0]?.id).toMatch(/^unreadable:\d+$/)
  expect(memory.processes.get(70)?.process.netns).toBe(unreadable[0]?.id)
  expect(report.sightings).toEqual([])
  expect(report.gaps).toEqual([
    expect.objectContaining({
      subject: '3 processes of other users',
      hint: 'run as root or grant cap_sys_ptrace',
    }),
  ])
})

test('a thread of a refused process that is elsewhere is told apart as well', async () => {
  const fake = fakeProc()
  fake.add({ pid: 60, net: 12 })
  fake.add({ pid: 70, net: 1, threads: { 71: 1, 72: 12, 73: 14 } })
  const { report, scan } = await scanWithout(fake, [70])
  expect(report.sightings).toEqual([
    expect.objectContaining({ kind: 'process', id: '1', opens: false }),
    expect.objectContaining({ kind: 'thread', id: '12', pid: 70, tid: 72, opens: false }),
  ])
  expect([...scan.refused.values()].map(({ threads }) => threads)).toEqual([[{ pid: 70, tid: 73 }]])
})
