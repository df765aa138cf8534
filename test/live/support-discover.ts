/**
 * A discoverer at work on a test host, and processes there that hold namespaces in every way the kernel knows. Each
 * is a small program of its own, ends when its standard input closes, and answers a line with a line.
 */
import type { ChildProcess } from 'node:child_process'
import { chmodSync, copyFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { Discovery, DiscoverOptions } from '../../src/collect/discover/discover.ts'
import { bundle } from '../support/bundle.ts'
import { playHost, type TestHost } from '../support/host.ts'

const scanner = `
import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createDiscoverer } from './src/collect/discover/discover.ts'
import { loadLibc } from './src/collect/kernel/libc.ts'
const libc = await loadLibc()
const made = createDiscoverer(libc.ok ? libc.value : null)
if (!made.ok) throw new Error(made.failure.what)
const inodeOf = (path) => { try { return String(statSync(path).ino) } catch (error) { return error.code } }
const linkOf = (fd) => { try { return readlinkSync('/proc/self/fd/' + fd) } catch { return '' } }
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const discovery = await made.value.discover(JSON.parse(line))
  const found = discovery.found.map((one) => ({ ...one, ino: String(one.ino), leadTo: one.paths.map(inodeOf) }))
  console.log(JSON.stringify({ ...discovery, found, openFiles: readdirSync('/proc/self/fd').map(linkOf) }))
}
`

/** `thread` unshares one; `fd PATH` opens; `socket PATH` makes a socket inside and comes back. */
const holder = `
import { openSync, readlinkSync, readFileSync } from 'node:fs'
import { isMainThread, Worker, parentPort } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { CLONE_NEWNET, loadLibc } from './src/collect/kernel/libc.ts'
const libc = (await loadLibc()).value
const [, , how, path] = process.argv
const inodeOf = (link) => readlinkSync(link).replace(/\\D/g, '')
const say = (answer) => console.log(JSON.stringify({ pid: process.pid, ...answer }))
const end = () => process.exit(0)
if (!isMainThread) {
  libc.unshare(CLONE_NEWNET)
  const tid = Number(readFileSync('/proc/thread-self/stat', 'utf8').split(' ')[0])
  parentPort.postMessage({ tid, id: inodeOf('/proc/thread-self/ns/net') })
  setInterval(() => {}, 1000)
} else if (how === 'thread') {
  new Worker(fileURLToPath(import.meta.url)).on('message', say)
} else {
  const fd = openSync(path)
  if (how === 'socket') {
    const home = openSync('/proc/thread-self/ns/net')
    libc.setns(fd, CLONE_NEWNET)
    const id = inodeOf('/proc/thread-self/ns/net')
    const socket = libc.socket(2, 2, 0)
    libc.setns(home, CLONE_NEWNET)
    libc.close(home)
    libc.close(fd)
    say({ id, fd: socket })
  } else say({ fd })
}
// A worker has a standard input of its own, which ends at once.
if (isMainThread) process.stdin.on('end', end).resume()
`

export type FoundThere = Discovery['found'][number] & {
  /** What is behind each of `paths`: an inode, or an error. */
  readonly leadTo: readonly string[]
}
export type Scanned = Omit<Discovery, 'found'> & {
  readonly found: readonly FoundThere[]
  /** Links of the scanner's own descriptors after the scan. */
  readonly openFiles: readonly string[]
}

export type Holder = {
  readonly pid: number
  readonly id: string
  readonly fd: number
  readonly tid: number
  end(): Promise<void>
}

export type ScannedHost = TestHost & {
  scan(options?: DiscoverOptions): Promise<Scanned>
  /** The same by a process without any privilege, and without koffi. */
  scanAsNobody(): Promise<Scanned>
  hold(how: 'thread' | 'fd' | 'socket', path?: string): Promise<Holder>
  /** Starts `sleep` behind a prefix such as `ip netns exec a`; gives its pid there once it sleeps. */
  sleep(...prefix: readonly string[]): Promise<number>
}

export async function scannedHost(): Promise<ScannedHost> {
  const host = await playHost()
  const ends: (() => unknown)[] = []
  // nsenter reaps its child: without it the host would wait for whoever adopts the child.
  onTestFinished(async () => {
    for (const end of ends) await end()
    await host.end()
  })
  const [scannerFile, holderFile] = [await bundle(scanner), await bundle(holder)]
  const startScanner = async (prefix: readonly string[], file: string) => {
    const child = host.spawn([...prefix, process.execPath, file])
    ends.push(() => ended(child))
    const lines = linesOf(child)
    await lines.next()
    return async (options: DiscoverOptions): Promise<Scanned> =>
      JSON.parse(await lines.ask(JSON.stringify(options))) as Scanned
  }
  let scan: ReturnType<typeof startScanner> | undefined
  return {
    ...host,
    scan: async (options = {}) => (await (scan ??= startScanner([], scannerFile)))(options),
    scanAsNobody: async () => {
      const file = '/run/scanner.mjs'
      copyFileSync(scannerFile, host.path(file))
      chmodSync(host.path(file), 0o644)
      const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
      return (await startScanner(nobody, file))({})
    },
    hold: async (how, path = '') => {
      const child = host.spawn([process.execPath, holderFile, how, path])
      ends.push(() => ended(child))
      const lines = linesOf(child)
      return {
        id: '',
        fd: -1,
        tid: -1,
        ...(JSON.parse(await lines.next()) as { pid: number }),
        end: () => ended(child),
      }
    },
    sleep: async (...prefix) => {
      const child = host.spawn([...prefix, 'sh', '-c', 'echo $$; exec sleep 600'])
      const pid = Number(await linesOf(child).next())
      ends.push(async () => {
        host.try(['kill', '-9', String(pid)])
        await ended(child)
      })
      // The line comes before the exec.
      for (let look = 0; host.run(['cat', `/proc/${pid}/comm`]) !== 'sleep\n'; look++) {
        if (look > 100) throw new Error('sleep did not start')
      }
      return pid
    },
  }
}

function linesOf(child: ChildProcess) {
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes')
  const { stdin } = child
  let errors = ''
  child.stderr?.on('data', (data: Buffer) => (errors += data.toString()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`it ended: ${errors}`)
    return value
  }
  return {
    next,
    ask: (line: string): Promise<string> => {
      stdin.write(`${line}\n`)
      return next()
    },
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.stdin?.end()
  })
}
