/**
 * Observers give the kernel the addresses of their buffers (recvmsg), and the garbage collector frees what nobody holds.
 * Many of them, several at a time, used while namespaces change, closed, and collected after each step.
 */
import { expect, test } from 'vitest'
import { bundle } from '../support/bundle.ts'
import { playHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

const program = `
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { loadLibc } from './src/collect/kernel/libc.ts'
import { openObserver } from './src/collect/kernel/observer.ts'

const loaded = await loadLibc()
if (!loaded.ok) throw new Error(loaded.failure.what)
const foundAt = (path) => {
  const { dev, ino } = statSync(path, { bigint: true })
  return { id: String(ino), dev: Number(dev), ino, names: [], paths: [path],
    holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [] } }
}
const found = ['/proc/thread-self/ns/net', '/run/netns/a', '/run/netns/b'].map(foundAt)
let heard = 0
const open = () => {
  const opened = openObserver(loaded.value)
  if (!opened.ok) throw new Error(opened.failure.unknown)
  const observer = opened.value
  const failures = observer.know(found)
  if (failures.size > 0) throw new Error(JSON.stringify([...failures]))
  const watch = observer.watch(() => { heard += observer.drain().length }, false)
  for (const { id } of found) {
    observer.lookThrough(id)
    if (!Array.isArray(observer.readNsids(id))) throw new Error('no numbers of ' + id)
    const seen = observer.see(id)
    if ('errno' in seen) throw new Error(seen.unknown)
  }
  return { observer, watch }
}
/** Three are open at any time; the oldest goes. */
const rounds = async (count) => {
  const open3 = [open(), open(), open()]
  for (let round = 0; round < count; round++) {
    if (round % 10 === 0) execFileSync('ip', ['-n', 'a', 'link', 'set', 'lo', round % 20 === 0 ? 'up' : 'down'])
    const [oldest] = open3.splice(0, 1)
    // Also what came after nobody watches any more, and after all is closed.
    if (round % 3 === 0) oldest.watch.close()
    heard += oldest.observer.drain().length
    oldest.observer.close()
    oldest.observer.drain()
    oldest.observer.close()
    open3.push(open())
    gc()
    if (round % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 60))
  }
  for (const { observer } of open3) observer.close()
}
const counts = () => {
  gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { descriptors: readdirSync('/proc/self/fd').length, heapUsed, arrayBuffers, heard }
}
const inThread = async () => {
  const worker = new Worker(new URL(import.meta.url))
  await new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error('exit ' + code))))
  })
}
if (isMainThread) {
  await rounds(20)
  await inThread()
  const first = counts()
  await rounds(100)
  for (let thread = 0; thread < 4; thread++) await inThread()
  console.log(JSON.stringify([first, counts()]))
} else {
  await rounds(5)
}
`

/** glibc fills what is freed with other bytes: whoever still uses it sees nonsense, or crashes. */
const command = ['env', 'GLIBC_TUNABLES=glibc.malloc.perturb=165', process.execPath, '--expose-gc']

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter'] })) {
  test('a hundred observers come and go without a crash, an open descriptor or memory that stays', async () => {
    const file = await bundle(program)
    const host = await playHost()
    try {
      host.ip('netns add a', 'netns add b', 'link add ha type veth peer name eth0 netns a')
      const { code, stdout, stderr } = host.try([...command, file])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const [first, last] = JSON.parse(stdout) as readonly Record<string, number>[]
      expect(last?.['descriptors']).toBe(first?.['descriptors'])
      expect(last?.['heard']).toBeGreaterThan(first?.['heard'] ?? Infinity)
      expect((last?.['heapUsed'] ?? Infinity) - (first?.['heapUsed'] ?? 0)).toBeLessThan(2_000_000)
      expect((last?.['arrayBuffers'] ?? Infinity) - (first?.['arrayBuffers'] ?? 0)).toBeLessThan(200_000)
    } finally {
      await host.end()
    }
  })
}
