import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createDiscoverer, type Discoverer, type Discovery } from '../../../src/collect/discover/discover.ts'
import type { FoundNetns } from '../../../src/collect/reader.ts'
import { fakeProc, type FakeProc } from './fake-proc.ts'

function discovererOf({ proc, root }: FakeProc): Discoverer {
  const made = createDiscoverer(null, { proc, root })
  if (!made.ok) throw new Error(made.failure.what)
  return made.value
}

const discover = (fake: FakeProc): Promise<Discovery> => discovererOf(fake).discover()

function netns({ found }: Discovery, inode: number): FoundNetns {
  const one = found.find(({ id }) => id === String(inode))
  if (one === undefined) throw new Error(`no ${inode} among ${found.map(({ id }) => id).join(' ')}`)
  return one
}

const namesOf = (one: FoundNetns) => one.names.map(({ name, source }) => `${source} ${name}`)

describe('what is found', () => {
  test('the host is where this program is, and PID 1 may be elsewhere', async () => {
    const fake = fakeProc(50, 11)
    fake.add({ pid: 1, comm: 'systemd', net: 12 })
    const discovery = await discover(fake)
    expect(discovery).toMatchObject({ host: '11', init: '12', gaps: [] })
    expect(namesOf(netns(discovery, 11))).toEqual(['host host'])
    expect(namesOf(netns(discovery, 12))).toEqual(['init init'])
    expect(netns(discovery, 11).paths[0]).toBe(`${fake.proc}/50/ns/net`)
  })

  test('a process-held one is called after the oldest process, by start and not by pid', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, comm: 'nginx', net: 12, startTime: 900 })
    fake.add({ pid: 90, comm: 'pause', net: 12, startTime: 100 })
    const one = netns(await discover(fake), 12)
    expect(namesOf(one)).toEqual(['process PID 90 (pause)'])
    expect(one.paths).toEqual([`${fake.proc}/90/ns/net`, `${fake.proc}/70/ns/net`])
    expect(one.holders.processes).toEqual([90, 70])
    expect(one).toMatchObject({ id: '12', ino: 12n })
  })

  test('hostile comms stay as they are', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, comm: 'x) S 1 (\n\x1b[2J', net: 12 })
    fake.add({ pid: 71, comm: Buffer.from([0x61, 0xff, 0x62]), net: 13 })
    const discovery = await discover(fake)
    expect(namesOf(netns(discovery, 12))).toEqual(['process PID 70 (x) S 1 (\n\x1b[2J)'])
    expect(namesOf(netns(discovery, 13))).toEqual(['process PID 71 (a\ufffdb)'])
  })

  test('a thread in another namespace than its process', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, net: 1, threads: { 71: 1, 72: 12 } })
    const discovery = await discover(fake)
    const one = netns(discovery, 12)
    expect(namesOf(one)).toEqual(['thread PID 70 thread 72 (worker)'])
    expect(one.holders.threads).toEqual([{ pid: 70, tid: 72 }])
    expect(one.paths).toEqual([`${fake.proc}/70/task/72/ns/net`])
    expect(discovery.found).toHaveLength(2)
  })

  test('a thread that outlived the first thread of its process', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, net: null, threads: { 71: 12 } })
    expect(namesOf(netns(await discover(fake), 12))).toEqual(['thread PID 70 thread 71 (worker)'])
  })

  test('zombies are nowhere, and kernel threads hold nothing but lead to their namespace', async () => {
    const fake = fakeProc(50, 11)
    fake.add({ pid: 2, comm: 'kthreadd', net: 1, kernelThread: true })
    fake.add({ pid: 80, comm: 'defunct', net: null })
    const discovery = await discover(fake)
    expect(discovery.processes.map(({ pid }) => pid)).toEqual([50])
    expect(netns(discovery, 1).holders.processes).toEqual([])
    expect(netns(discovery, 1).paths).toEqual([`${fake.proc}/2/ns/net`])
  })

  test('mounts, with what the file system says of each path', async () => {
    const fake = fakeProc()
    const blue = fake.mount('/run/netns/net blue', undefined)
    const inode = Number(/\[(\d+)\]/.exec(blue)?.[1])
    const covered = fake.mount('/run/netns/covered', 4_000_000_001)
    const gone = fake.mount('/run/netns/gone', 4_000_000_002).replace('/gone ', '/gone//deleted ')
    fake.write(`${fake.proc}/50/mountinfo`, blue + covered + gone)
    const discovery = await discover(fake)
    expect(namesOf(netns(discovery, inode))).toEqual(['named net blue'])
    expect(netns(discovery, inode).paths).toEqual([`${fake.root}/run/netns/net blue`])
    expect(netns(discovery, inode).holders.mounts).toEqual([
      { path: '/run/netns/net blue', mountNamespace: null },
    ])
    expect(netns(discovery, 4_000_000_001)).toMatchObject({
      paths: [],
      names: [{ name: 'covered', source: 'named', path: null }],
    })
    expect(netns(discovery, 4_000_000_002).paths).toEqual([])
  })

  test('mounts in other mount namespaces, through a process there', async () => {
    const fake = fakeProc()
    const line = fake.mount('/held/it', undefined)
    const inode = Number(/\[(\d+)\]/.exec(line)?.[1])
    fake.add({ pid: 60, net: 1, mnt: 99, startTime: 500, mountinfo: line })
    fake.add({ pid: 61, net: 1, mnt: 99, startTime: 400, mountinfo: line })
    const one = netns(await discover(fake), inode)
    expect(one.names).toEqual([{ name: '/held/it', source: 'mount', path: `${fake.proc}/61/root/held/it` }])
    expect(one.holders.mounts).toEqual([{ path: '/held/it', mountNamespace: '99' }])
  })

  test('a copy of our mount in another mount namespace is a holder, but no further name', async () => {
    const fake = fakeProc()
    const line = fake.mount('/run/netns/blue', undefined)
    fake.write(`${fake.proc}/50/mountinfo`, line)
    fake.add({ pid: 60, net: 1, mnt: 99, mountinfo: line })
    const one = netns(await discover(fake), Number(/\[(\d+)\]/.exec(line)?.[1]))
    expect(namesOf(one)).toEqual(['named blue'])
    expect(one.paths).toEqual([`${fake.root}/run/netns/blue`])
    expect(one.holders.mounts.map(({ mountNamespace }) => mountNamespace)).toEqual([null, '99'])
  })

  test('one namespace with several names, the best first', async () => {
    const fake = fakeProc()
    const line = fake.mount('/run/netns/blue', undefined)
    const inode = Number(/\[(\d+)\]/.exec(line)?.[1])
    const again = line.replace('/run/netns/blue', '/run/docker/netns/abc')
    fake.write(`${fake.proc}/50/mountinfo`, again + line)
    fake.add({ pid: 70, comm: 'nginx', net: inode })
    const one = netns(await discover(fake), inode)
    expect(namesOf(one)).toEqual(['named blue', 'docker abc', 'process PID 70 (nginx)'])
    expect(one.paths).toEqual([`${fake.proc}/70/ns/net`, `${fake.root}/run/netns/blue`])
  })

  test('open files and sockets are looked at only when asked', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, comm: 'keeper', net: 1, fds: { 4: 'net:[12]', 5: 'pipe:[9]', 6: 'socket:[77]' } })
    const discoverer = discovererOf(fake)
    expect((await discoverer.discover({ complete: true })).found).toHaveLength(1)
    const deep = await discoverer.discover({ deep: true })
    expect(namesOf(netns(deep, 12))).toEqual(['fd PID 70 fd 4 (keeper)'])
    expect(netns(deep, 12).paths).toEqual([`${fake.proc}/70/fd/4`])
    expect(deep.gaps[0]).toMatchObject({ what: 'namespaces held by sockets', subject: 'sockets: 1' })
    expect(deep.readers.map(({ name }) => name)).toContain('open files and sockets')

    expect(namesOf(netns(await discoverer.discover(), 12)), 'stays known').toHaveLength(1)
    fake.remove(70)
    expect((await discoverer.discover()).found).toHaveLength(1)
  })

  test('a descriptor that was closed holds nothing any more, though its process lives on', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, net: 1, fds: { 4: 'net:[12]', 5: 'net:[13]' } })
    const discoverer = discovererOf(fake)
    expect((await discoverer.discover({ deep: true })).found).toHaveLength(3)
    rmSync(`${fake.proc}/70/fd/4`)
    const { found } = await discoverer.discover()
    expect(found.map(({ id }) => id)).toEqual(['1', '13'])
  })

  test('without /proc there is a reason instead', () => {
    const made = createDiscoverer(null, { proc: '/nowhere' })
    expect(made).toMatchObject({
      ok: false,
      failure: { kind: 'refused', subject: '/nowhere/thread-self/ns/net' },
    })
  })
})

describe('from scan to scan', () => {
  test('what did not change is the same object', async () => {
    const fake = fakeProc()
    fake.write(`${fake.proc}/50/mountinfo`, fake.mount('/run/netns/blue', undefined))
    for (let pid = 100; pid < 200; pid++) fake.add({ pid, net: pid })
    const discoverer = discovererOf(fake)
    const first = await discoverer.discover()
    fake.add({ pid: 300, net: 150 })
    for (let scan = 0; scan < 40; scan++) {
      const next = await discoverer.discover(scan === 20 ? { complete: true } : {})
      expect(next.found.filter((one) => !first.found.includes(one)).map(({ id }) => id)).toEqual(['150'])
      expect(next.processes.filter((one) => !first.processes.includes(one)).map(({ pid }) => pid)).toEqual([
        300,
      ])
    }
  })

  test('what comes and goes is seen at once', async () => {
    const fake = fakeProc()
    const discoverer = discovererOf(fake)
    await discoverer.discover()
    fake.add({ pid: 70, net: 12, threads: { 71: 13 } })
    fake.write(`${fake.proc}/50/mountinfo`, fake.mount('/run/netns/blue', 14))
    const ids = async () => (await discoverer.discover()).found.map(({ id }) => id).sort()
    fake.write(`${fake.proc}/uptime`, '5.00 1.00\n')
    expect(await ids()).toEqual(['1', '12', '13', '14'])
    fake.remove(70)
    fake.write(`${fake.proc}/50/mountinfo`, '')
    expect(await ids()).toEqual(['1'])
  })

  test('a process that moves takes its name along', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, net: 12 })
    const discoverer = discovererOf(fake)
    await discoverer.discover()
    fake.remove(70)
    fake.add({ pid: 70, net: 13 })
    const { found, processes } = await discoverer.discover()
    expect(found.map(({ id }) => id)).toEqual(['1', '13'])
    expect(processes.find(({ pid }) => pid === 70)?.netns).toBe('13')
  })

  test('a young process is read again, because it is about to exec; an old one in its turn', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, comm: 'runc:[2:INIT]', net: 12, startTime: 99_999_900 })
    fake.add({ pid: 71, comm: 'sh', net: 13, startTime: 5 })
    const discoverer = discovererOf(fake)
    await discoverer.discover()
    const stat = (pid: number, comm: string, start: number) =>
      fake.write(`${fake.proc}/${pid}/stat`, `${pid} (${comm}) S 1 1 1 0 -1 0 ${'0 '.repeat(12)}${start} 0\n`)
    stat(70, 'nginx', 99_999_900)
    stat(71, 'redis', 5)
    const comms = async () => (await discoverer.discover()).processes.map(({ comm }) => comm)
    expect(await comms()).toContain('nginx')
    for (let scan = 0; scan < 32; scan++) await discoverer.discover()
    expect(await comms()).toContain('redis')
  })

  test('a pid used again is another process', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, comm: 'old', net: 12, startTime: 5 })
    const discoverer = discovererOf(fake)
    await discoverer.discover()
    fake.add({ pid: 99, comm: 'keeps the inode from being used again', net: 1 })
    fake.remove(70)
    fake.add({ pid: 70, comm: 'new', net: 12, startTime: 50 })
    const { processes } = await discoverer.discover()
    expect(processes.find(({ pid }) => pid === 70)).toMatchObject({ comm: 'new', startTime: 50 })
  })

  test('entries that vanish between two looks are passed over', async () => {
    const fake = fakeProc()
    fake.add({ pid: 70, net: 12 })
    fake.write(`${fake.proc}/71/stat`, '71 (gone) S')
    fake.write(`${fake.proc}/72/task/72/comm`, '')
    fake.write(`${fake.proc}/073/stat`, '')
    const { processes, gaps } = await discover(fake)
    expect(new Set(processes.map(({ pid }) => pid))).toEqual(new Set([50, 70]))
    expect(gaps.map(({ what }) => what)).toEqual(['namespace of PID 1'])
  })

  test('a thousand processes leave the event loop room', async () => {
    const fake = fakeProc()
    for (let pid = 100; pid < 1100; pid++) fake.add({ pid, net: pid })
    const discoverer = discovererOf(fake)
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const { found, ms } = await discoverer.discover()
    clearInterval(timer)
    expect(found).toHaveLength(1001)
    expect(turns).toBeGreaterThan(Math.min(2, ms / 20))
  })
})
