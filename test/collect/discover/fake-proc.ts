/**
 * A folder that plays /proc, and one that plays the root of the file system: enough of both for discovery. On tmpfs
 * where there is one, because some file systems do not count subfolders in a folder's links.
 */
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

export type FakeProcess = {
  readonly pid: number
  readonly comm?: string | Buffer
  readonly ppid?: number
  readonly startTime?: number
  readonly uid?: number
  readonly kernelThread?: boolean
  /** null: a zombie, which has no namespaces. */
  readonly net: number | null
  readonly mnt?: number
  readonly cgroup?: string
  /** tid → inode of its network namespace. */
  readonly threads?: Readonly<Record<number, number>>
  readonly mountinfo?: string | Buffer
  /** fd → what its link shows. */
  readonly fds?: Readonly<Record<number, string>>
}

export type FakeProc = {
  readonly proc: string
  readonly root: string
  add(process: FakeProcess): void
  remove(pid: number): void
  /** Makes a file below the root, and gives the mountinfo line of a namespace mounted there. */
  mount(path: string, net?: number): string
  write(path: string, content: string | Buffer): void
}

export function fakeProc(self = 50, selfNet = 1): FakeProc {
  const base = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vethscope-proc-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const proc = join(base, 'proc')
  const root = join(base, 'root')
  mkdirSync(root)
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  const link = (text: string, path: string): void => {
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(text, path)
  }
  /** A link that shows `net:[1]` and leads to a file; all files of one namespace have one inode. */
  const namespace = (folder: string, type: string, inode: number): void => {
    link(`${type}:[${inode}]`, `${folder}/ns/${type}`)
    write(`${folder}/ns/${type}:[${inode}]`, '')
    if (type !== 'net') return
    const mark = join(base, `net-${inode}`)
    if (!existsSync(mark)) writeFileSync(mark, '')
    mkdirSync(`${folder}/net`, { recursive: true })
    linkSync(mark, `${folder}/net/dev`)
  }
  const add = (process: FakeProcess): void => {
    const { pid, net, ppid = 1, startTime = pid, uid = 0, comm = 'sleep', mnt = 9 } = process
    const folder = join(proc, String(pid))
    const state = net === null ? 'Z' : 'S'
    const flags = process.kernelThread === true ? 0x00200040 : 0x00400000
    write(
      `${folder}/stat`,
      Buffer.concat([
        Buffer.from(`${pid} (`),
        Buffer.from(comm),
        Buffer.from(`) ${state} ${ppid} 1 1 0 -1 ${flags} ${'0 '.repeat(12)}${startTime} 0 0\n`),
      ]),
    )
    write(`${folder}/status`, `Name:\tx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`)
    write(`${folder}/cgroup`, process.cgroup ?? '0::/test\n')
    write(`${folder}/mountinfo`, process.mountinfo ?? '')
    link(root, `${folder}/root`)
    for (const [tid, threadNet] of Object.entries({ [pid]: net, ...process.threads })) {
      write(`${folder}/task/${tid}/comm`, 'worker\n')
      if (threadNet !== null) namespace(`${folder}/task/${tid}`, 'net', threadNet)
    }
    if (net !== null) {
      namespace(folder, 'net', net)
      namespace(folder, 'mnt', mnt)
      for (const type of ['pid', 'ipc', 'uts', 'user']) namespace(folder, type, 7)
    }
    for (const [fd, text] of Object.entries(process.fds ?? {})) link(text, `${folder}/fd/${fd}`)
  }
  mkdirSync(proc)
  write(`${proc}/uptime`, '1000000.00 1.00\n')
  write(`${proc}/meminfo`, '')
  link(String(self), `${proc}/self`)
  link(`${self}/task/${self}`, `${proc}/thread-self`)
  add({ pid: self, comm: 'node', net: selfNet })
  return {
    proc,
    root,
    add,
    remove: (pid) => rmSync(join(proc, String(pid)), { recursive: true }),
    mount: (path, net) => {
      const file = root + path
      if (!existsSync(file)) write(file, '')
      const escaped = path.replace(/[ \t\n\\#]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)
      return `66 65 0:4 net:[${net ?? statSync(file).ino}] ${escaped} rw shared:2 - nsfs nsfs rw\n`
    },
    write: (path, content) => write(path, content),
  }
}
