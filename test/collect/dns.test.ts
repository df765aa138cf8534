import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hostsLine, readDns } from '../../src/collect/dns.ts'
import { readInsideRoot } from '../../src/collect/facts/read-inside-root.ts'
import { run } from '../../src/lib/run.ts'
import { netnsId } from '../../src/model/ids.ts'
import { isUnknown } from '../../src/model/known.ts'
import type { Process } from '../../src/model/process.ts'

let outside: string
let root: string
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'vethscope-dns-'))
  root = join(outside, 'root')
  mkdirSync(join(root, 'etc'), { recursive: true })
  mkdirSync(join(root, 'run'))
  writeFileSync(join(outside, 'secret'), 'SECRET')
})
afterEach(() => rmSync(outside, { recursive: true }))

const resolvConf = () => readInsideRoot(root, '/etc/resolv.conf')
const put = (path: string, content: string) => writeFileSync(join(root, path), content)
const link = (target: string, path: string) => symlinkSync(target, join(root, path))

test('reads a plain file', async () => {
  put('etc/resolv.conf', 'nameserver 192.0.2.53\n')
  expect(await resolvConf()).toBe('nameserver 192.0.2.53\n')
})

test('follows links inside the root: absolute, relative, through a folder that is one, past the top', async () => {
  mkdirSync(join(root, 'run/systemd/resolve'), { recursive: true })
  put('run/systemd/resolve/stub-resolv.conf', 'stub')
  link('/run/systemd/resolve/stub-resolv.conf', 'etc/resolv.conf')
  expect(await resolvConf()).toBe('stub')
  rmSync(join(root, 'etc/resolv.conf'))
  link('../run/./systemd//resolve/../resolve/stub-resolv.conf', 'etc/resolv.conf')
  expect(await resolvConf()).toBe('stub')
  rmSync(join(root, 'etc/resolv.conf'))
  link('/run/systemd', 'sd')
  link('../../../../../sd/resolve/stub-resolv.conf', 'etc/resolv.conf')
  expect(await resolvConf()).toBe('stub')
})

test('never leaves the root', async () => {
  for (const target of [join(outside, 'secret'), '../../secret', '../../../../secret', '/../secret']) {
    rmSync(join(root, 'etc/resolv.conf'), { force: true })
    link(target, 'etc/resolv.conf')
    expect(await resolvConf(), target).toEqual({ unknown: 'not there' })
  }
})

test('is not led out by the links of /proc that lead anywhere', async () => {
  // Such a link jumps when it is followed; its text means nothing inside the root.
  link(`/proc/${process.pid}/root${outside}/secret`, 'etc/resolv.conf')
  expect(await resolvConf()).toEqual({ unknown: 'not there' })
})

test('does not wait for a FIFO, and reads no device or folder', async () => {
  expect(await run(['mkfifo', join(root, 'etc/resolv.conf')])).toMatchObject({ exitCode: 0 })
  const started = Date.now()
  expect(await resolvConf()).toEqual({ unknown: 'not a regular file' })
  expect(Date.now() - started).toBeLessThan(1000)
  rmSync(join(root, 'etc/resolv.conf'))
  mkdirSync(join(root, 'etc/resolv.conf'))
  expect(await resolvConf()).toEqual({ unknown: 'not a regular file' })
})

test('says what is wrong', async () => {
  expect(await resolvConf()).toEqual({ unknown: 'not there' })
  link('resolv.conf', 'etc/resolv.conf')
  expect(await resolvConf()).toEqual({ unknown: 'too many symbolic links' })
  rmSync(join(root, 'etc/resolv.conf'))
  put('etc/resolv.conf', 'x'.repeat(64 * 1024 + 1))
  expect(await resolvConf()).toEqual({ unknown: 'larger than 64 KiB' })
  put('etc/resolv.conf', 'x'.repeat(64 * 1024))
  expect(await resolvConf()).toHaveLength(64 * 1024)
  expect(await readInsideRoot(root, '/etc/resolv.conf/deeper')).toEqual({ unknown: 'not there' })
  expect(await readInsideRoot(join(outside, 'none'), '/etc/hosts')).toEqual({ unknown: 'not there' })
})

test('a folder that becomes a link while it is read leads nowhere', async () => {
  put('etc/resolv.conf', 'inside')
  writeFileSync(join(outside, 'resolv.conf'), 'SECRET')
  const swapping = new AbortController()
  const swap = (async () => {
    while (!swapping.signal.aborted) {
      renameSync(join(root, 'etc'), join(root, 'real'))
      symlinkSync(outside, join(root, 'etc'))
      await new Promise((resolve) => setImmediate(resolve))
      rmSync(join(root, 'etc'))
      renameSync(join(root, 'real'), join(root, 'etc'))
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  const expected = ['inside', 'not there', 'changed while it was read']
  const seen = new Set<string>()
  for (let round = 0; round < 300; round++) {
    const found = await resolvConf()
    seen.add(isUnknown(found) ? found.unknown : found)
  }
  swapping.abort()
  await swap
  expect([...seen].filter((each) => !expected.includes(each))).toEqual([])
  expect(seen).toContain('inside')
})

test('leaves no descriptor open', async () => {
  const mine = () =>
    readdirSync('/proc/self/fd')
      .map((fd) => leadsTo(fd))
      .filter((path) => path.startsWith(outside))
  put('etc/resolv.conf', 'a')
  link('/etc/../etc/resolv.conf', 'etc/hosts')
  for (let round = 0; round < 20; round++) {
    await resolvConf()
    await readInsideRoot(root, '/etc/hosts')
    await readInsideRoot(root, '/etc/none/deeper')
  }
  expect(mine()).toEqual([])
})

function leadsTo(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

test('the hosts line of nsswitch.conf', () => {
  expect(hostsLine('passwd: files\nhosts:\tfiles  dns # mdns\n')).toBe('files  dns')
  expect(hostsLine('hosts : files\nhosts: dns\n')).toBe('dns')
  expect(hostsLine('# hosts: files\n')).toEqual({ unknown: 'nsswitch.conf has no hosts line' })
})

const ownMount = statSync('/proc/self/ns/mnt').ino
const aProcess = (fields: Partial<Process>): Process => ({
  pid: process.pid,
  ppid: 1,
  startTime: 100,
  comm: 'node',
  uid: 0,
  cgroup: '/',
  netns: netnsId(1),
  namespaces: { mnt: String(ownMount) },
  ...fields,
})

test('one entry a mount namespace, with the network namespaces of its processes', async () => {
  const dns = await readDns([
    aProcess({}),
    aProcess({ startTime: 200, netns: netnsId(2) }),
    aProcess({ startTime: 300, netns: { unknown: 'permission denied' } }),
    aProcess({ namespaces: { unknown: 'permission denied' } }),
  ])
  expect(dns).toHaveLength(1)
  expect(dns[0]).toMatchObject({
    mountNamespace: String(ownMount),
    netns: ['1', '2'],
    path: `/proc/${process.pid}/root`,
  })
  if (existsSync('/etc/hosts')) expect(dns[0]?.hosts).toEqual(expect.any(String))
})

test('a process that is another one by now is not believed', async () => {
  const [entry] = await readDns([aProcess({ namespaces: { mnt: '1' } })])
  expect(entry).toMatchObject({
    mountNamespace: '1',
    hosts: { unknown: 'the process ended while it was read' },
  })
})

test('the next oldest process is taken where the oldest is gone', async () => {
  const gone = 2 ** 22 - 1
  const [entry] = await readDns([aProcess({ pid: gone, startTime: 1 }), aProcess({})])
  expect(entry?.path).toBe(`/proc/${process.pid}/root`)
})

test('what ip netns exec would put over /etc, for namespaces that there are', async () => {
  mkdirSync(join(outside, 'netns/web'), { recursive: true })
  mkdirSync(join(outside, 'netns/forgotten'))
  writeFileSync(join(outside, 'netns/web/resolv.conf'), 'nameserver 192.0.2.1\n')
  const named = [
    { name: 'web', id: netnsId(7) },
    { name: 'db', id: netnsId(8) },
  ]
  expect(await readDns([], named, join(outside, 'netns'))).toEqual([
    {
      mountNamespace: String(ownMount),
      netns: ['7'],
      path: join(outside, 'netns/web'),
      resolvConf: 'nameserver 192.0.2.1\n',
      hosts: { unknown: 'not there' },
      nsswitch: { unknown: 'not there' },
    },
  ])
  expect(await readDns([], named, join(outside, 'none'))).toEqual([])
})

test.runIf(process.geteuid?.() === 0)('without the right to look, that is the reason', async () => {
  // 65534 may not look into root's processes.
  process.seteuid?.(65534)
  try {
    const [entry] = await readDns([aProcess({ pid: 1, namespaces: { mnt: '5' } })])
    expect(entry?.resolvConf).toEqual({ unknown: 'permission denied (EACCES)' })
  } finally {
    process.seteuid?.(0)
  }
})
