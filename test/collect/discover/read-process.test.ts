import { describe, expect, test } from 'vitest'
import { parseCgroup, parseStat, parseUid, readProcess } from '../../../src/collect/discover/read-process.ts'
import { netnsId } from '../../../src/model/ids.ts'
import { fakeProc } from './fake-proc.ts'

const fields = (flags: number) => `S 17 1 1 0 -1 ${flags} ${'0 '.repeat(12)}4242 51912704 4826`

describe('/proc/PID/stat', () => {
  test.each(['nginx', 'a) S 1 (b', '(sd-pam)', 'two\nlines', ')) R 9', '', '\x1b[31mred', 'grün'])(
    'is read whatever the comm: %j',
    (comm) => {
      expect(parseStat(Buffer.from(`7 (${comm}) ${fields(0x400040)}`))).toEqual({
        comm,
        ppid: 17,
        startTime: 4242,
        isKernelThread: false,
      })
    },
  )

  test('tells kernel threads by their flag, not by their name', () => {
    expect(parseStat(Buffer.from(`2 (kthreadd) ${fields(0x208040)}`))?.isKernelThread).toBe(true)
    expect(parseStat(Buffer.from(`9 (kthreadd) ${fields(0x400040)}`))?.isKernelThread).toBe(false)
  })

  test('cut short is no process', () => {
    expect(parseStat(Buffer.from(''))).toBeNull()
    expect(parseStat(Buffer.from('7 (nginx) S 1'))).toBeNull()
    expect(parseStat(Buffer.from('7 nginx'))).toBeNull()
  })
})

test('the uid is the real one', () => {
  expect(parseUid(Buffer.from('Name:\tUid:\t5\nUmask:\t0022\nUid:\t1000\t0\t0\t0\n'))).toBe(1000)
  expect(parseUid(Buffer.from('Name:\tx\n'))).toBeNull()
})

test('the cgroup is the unified one, else that of systemd', () => {
  const docker = '/system.slice/docker-0123.scope'
  expect(parseCgroup(Buffer.from(`0::${docker}\n`))).toBe(docker)
  expect(parseCgroup(Buffer.from(`12:cpu,cpuacct:/a\n1:name=systemd:${docker}\n0::/\n`))).toBe(docker)
  expect(parseCgroup(Buffer.from('0::/with:colon\n'))).toBe('/with:colon')
  expect(parseCgroup(Buffer.from('0::/\n'))).toBe('/')
  expect(parseCgroup(Buffer.from(''))).toBeNull()
})

test('a process is read whole, and one that is gone is none', () => {
  const fake = fakeProc()
  fake.add({ pid: 7, comm: 'nginx', ppid: 3, startTime: 99, uid: 33, net: 4, mnt: 5, cgroup: '0::/web\n' })
  expect(readProcess(fake.proc, 7, netnsId(4))).toEqual({
    isKernelThread: false,
    process: {
      pid: 7,
      ppid: 3,
      startTime: 99,
      comm: 'nginx',
      uid: 33,
      cgroup: '/web',
      netns: '4',
      namespaces: { mnt: '5', pid: '7', ipc: '7', uts: '7', user: '7' },
    },
  })
  expect(readProcess(fake.proc, 8, netnsId(4))).toBeNull()
})
