/** Whose pid an engine's pid is. A folder in place of /proc, and processes by hand. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createPlaceOf, type Machine } from '../../../src/collect/engine/container-process.ts'
import { inspectedContainer } from '../../../src/collect/engine/docker-container.ts'
import type { EngineSocket } from '../../../src/collect/engine/engine-socket.ts'
import type { FoundNetns } from '../../../src/collect/reader.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Process } from '../../../src/model/process.ts'

const id = 'c'.repeat(64)
const proc = mkdtempSync(join(tmpdir(), 'vethscope-proc-'))
afterAll(() => rmSync(proc, { recursive: true }))

const own = { mnt: '10', pid: '20', user: '30' }
const ours = { mnt: '10', pid: '20', user: '30' }

function process(pid: number, fields: Partial<Process> = {}): Process {
  return {
    pid,
    ppid: 1,
    startTime: pid,
    comm: 'sh',
    uid: 0,
    cgroup: `/docker/${id}`,
    netns: netnsId(1000 + pid),
    namespaces: ours,
    ...fields,
  }
}

const mounted = (netns: number, path: string, mountNamespace: string | null): FoundNetns => ({
  id: netnsId(netns),
  dev: 4,
  ino: BigInt(netns),
  names: [],
  paths: [],
  holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [{ path, mountNamespace }] },
})

function place(
  told: { readonly pid: number; readonly sandbox?: string },
  daemon: Process | null,
  machine: Partial<Machine>,
  uid = 0,
) {
  const socket: EngineSocket = { path: '/run/docker.sock', daemon, uid: daemon?.uid ?? uid, key: '1:1' }
  const container = inspectedContainer({
    Id: id,
    State: { Pid: told.pid },
    NetworkSettings: { SandboxKey: told.sandbox ?? '' },
  })
  const { pid, netns } = createPlaceOf({ proc, processes: [], found: [], own, ...machine }, socket)(container)
  return { pid, netns }
}

const daemon = process(5, { comm: 'dockerd', cgroup: '/' })
const unseen = { pid: null, netns: { unknown: 'its process is not to be seen from here' } }

test('a container that does not run has neither process nor namespace', () => {
  expect(place({ pid: 0 }, daemon, { processes: [process(0)] })).toEqual({ pid: null, netns: null })
})

test('in the same pid namespace the pid is the pid', () => {
  expect(place({ pid: 50 }, daemon, { processes: [process(50)] })).toEqual({ pid: 50, netns: '1050' })
})

test('root’s engine is believed without a control group, a user’s is not', () => {
  const processes = [process(50, { cgroup: '/init.scope' })]
  expect(place({ pid: 50 }, daemon, { processes })).toEqual({ pid: 50, netns: '1050' })
  const users = { ...daemon, uid: 1000 }
  expect(place({ pid: 50 }, users, { processes })).toEqual(unseen)
  expect(place({ pid: 50 }, null, { processes }, 1000)).toEqual(unseen)
  // PID 1 is in no container of a user's, whatever the engine says.
  expect(place({ pid: 1 }, users, { processes: [process(1, { cgroup: '/' })] })).toEqual(unseen)
})

test('an engine that is not to be seen may number other processes than ours', () => {
  expect(place({ pid: 50 }, null, { processes: [process(50, { cgroup: '/init.scope' })] })).toEqual(unseen)
  expect(place({ pid: 50 }, null, { processes: [process(50)] })).toEqual({ pid: 50, netns: '1050' })
})

test('a user’s engine without control groups is believed for processes of its own user namespace', () => {
  const users = { ...daemon, uid: 1000, namespaces: { ...ours, user: '31' } }
  const inside = process(50, { cgroup: '/', namespaces: { ...ours, user: '31' } })
  const outside = process(51, { cgroup: '/', namespaces: { ...ours, user: '32' } })
  expect(place({ pid: 50 }, users, { processes: [inside, outside] })).toEqual({ pid: 50, netns: '1050' })
  expect(place({ pid: 51 }, users, { processes: [inside, outside] })).toEqual(unseen)
})

test('an engine in another pid namespace: the control group finds the process, its numbers confirm it', () => {
  const there = { ...daemon, namespaces: { ...ours, pid: '21' } }
  const status = (pid: number, numbers: string): void => {
    mkdirSync(join(proc, String(pid)), { recursive: true })
    writeFileSync(join(proc, String(pid), 'status'), `Name:\tsh\nNSpid:\t${numbers}\n`)
  }
  status(70, '70\t7\t1')
  status(71, '71\t9')
  // The oldest of the container's processes; an exec came later.
  const processes = [process(71), process(70)]
  expect(place({ pid: 7 }, there, { processes })).toEqual({ pid: 70, netns: '1070' })
  // 70 is somebody else's number there.
  expect(place({ pid: 70 }, there, { processes: [process(71)] })).toEqual(unseen)
  expect(place({ pid: 7 }, there, { processes: [] })).toEqual(unseen)
})

test('the file of the sandbox tells the namespace where no process does', () => {
  const there = { ...daemon, namespaces: { ...ours, pid: '21', mnt: '11' } }
  const found = [
    mounted(300, '/run/docker/netns/aa', null),
    mounted(400, '/run/docker/netns/aa', '11'),
    mounted(500, '/run/docker/netns/aa', '12'),
  ]
  expect(place({ pid: 7, sandbox: '/var/run/docker/netns/aa' }, there, { found })).toEqual({
    pid: null,
    netns: '400',
  })
  const sandbox = '/var/run/docker/netns/aa'
  expect(place({ pid: 50, sandbox }, daemon, { found, processes: [process(50)] })).toEqual({
    pid: 50,
    netns: '300',
  })
})
