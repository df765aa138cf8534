/** Reads what vethscope keeps of one Linux process from its folder in /proc (proc(5)). */
import { bytesOf, isErrno, linkText, type Errno } from './file-access.ts'
import { inodeOf } from './mountinfo.ts'
import { unknown, type Known } from '../../model/known.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Process } from '../../model/process.ts'

/** PF_KTHREAD of linux/sched.h, in field 9 of /proc/PID/stat. */
const kernelThreadFlag = 0x00200000

export type ProcessStat = {
  readonly comm: string
  readonly ppid: number
  readonly startTime: number
  readonly isKernelThread: boolean
}

/**
 * `7 (comm) S 1 …`. The comm is the process's own choice of up to 15 bytes: it may hold blanks, parentheses and line ends,
 * so the fields are counted from the last `)`.
 */
export function parseStat(stat: Buffer): ProcessStat | null {
  const open = stat.indexOf('(')
  const close = stat.lastIndexOf(')')
  if (open < 0 || close < open) return null
  const fields = stat.toString('latin1', close + 2).split(' ')
  const [, ppid, , , , , flags] = fields
  const startTime = fields[19]
  if (ppid === undefined || flags === undefined || startTime === undefined) return null
  return {
    comm: stat.toString('utf8', open + 1, close),
    ppid: Number(ppid),
    startTime: Number(startTime),
    isKernelThread: (Number(flags) & kernelThreadFlag) !== 0,
  }
}

/** The real uid; the owner of /proc/PID will not do, because it is root for a process that may not be dumped. */
export function parseUid(status: Buffer): number | null {
  const digits = /^Uid:\t(\d+)/m.exec(status.toString('latin1'))?.[1]
  return digits === undefined ? null : Number(digits)
}

/**
 * The unified hierarchy's line (`0::/…`), or with cgroup v1 the one of systemd, else the first: each names the container
 * or the service.
 */
export function parseCgroup(cgroup: Buffer): string | null {
  const lines = cgroup.toString('utf8').split('\n').filter(Boolean).map(controllersAndPath)
  const line =
    lines.find(({ controllers, path }) => controllers === '' && path !== '/') ??
    lines.find(({ controllers }) => controllers === 'name=systemd') ??
    lines[0]
  return line === undefined ? null : line.path
}

function controllersAndPath(line: string): { readonly controllers: string; readonly path: string } {
  const [, controllers = '', ...path] = line.split(':')
  return { controllers, path: path.join(':') }
}

/** Null: the process is gone. */
export function readProcess(
  proc: string,
  pid: number,
  netns: Known<NetnsId>,
): { readonly process: Process; readonly isKernelThread: boolean } | null {
  const folder = `${proc}/${pid}`
  const bytes = bytesOf(`${folder}/stat`)
  const stat = isErrno(bytes) ? null : parseStat(bytes)
  const status = bytesOf(`${folder}/status`)
  const uid = isErrno(status) ? null : parseUid(status)
  if (stat === null || uid === null) return null
  const cgroup = bytesOf(`${folder}/cgroup`)
  return {
    isKernelThread: stat.isKernelThread,
    process: {
      pid,
      ppid: stat.ppid,
      startTime: stat.startTime,
      comm: stat.comm,
      uid,
      cgroup: isErrno(cgroup) ? unknown(reasonOf(cgroup)) : (parseCgroup(cgroup) ?? unknown('no cgroup')),
      netns,
      namespaces: readNamespaces(folder),
      ...readArgs(folder, stat.comm),
    },
  }
}

type Keeps = (arg: string) => boolean

/** `127.0.0.1:8080:80/tcp`, a port of RootlessKit's `--publish`. */
const published = /^[0-9a-f.:[\]]*\d:\d{1,5}\/(?:tcp|udp)[46]?$/

const all: Keeps = () => true

/**
 * Arguments may hold secrets, so they are kept of programs only whose arguments are the ports that they publish or the
 * namespace that they lead into, or where they keep their containers; of RootlessKit, which is also told the command to run, just the ports.
 */
const publishers: ReadonlyMap<string, Keeps> = new Map([
  ['docker-proxy', all],
  ['pasta', all],
  ['pasta.avx2', all],
  ['passt', all],
  ['passt.avx2', all],
  ['slirp4netns', all],
  ['rootlesskit', (arg) => published.test(arg)],
  ['podman', all],
])

/** Podman is also told commands to run: of it only the service behind its API, whose options tell where it keeps its containers. */
function tellsMore(comm: string, args: readonly string[]): boolean {
  return comm === 'podman' && !args.some((arg, at) => arg === 'system' && args[at + 1] === 'service')
}

function readArgs(folder: string, comm: string): Pick<Process, 'args'> {
  const keeps = publishers.get(comm)
  if (keeps === undefined) return {}
  const bytes = bytesOf(`${folder}/cmdline`)
  if (isErrno(bytes)) return {}
  const [program = '', ...args] = bytes.toString('utf8', 0, 4096).split('\0').slice(0, -1)
  if (tellsMore(comm, args)) return {}
  return { args: [program, ...args.filter(keeps)] }
}

const otherNamespaces = ['mnt', 'pid', 'ipc', 'uts', 'user'] as const

function readNamespaces(folder: string): Process['namespaces'] {
  const inodes: Record<string, string> = {}
  for (const type of otherNamespaces) {
    const text = linkText(`${folder}/ns/${type}`)
    if (isErrno(text)) return unknown(reasonOf(text))
    const inode = inodeOf(text, type)
    if (inode !== null) inodes[type] = inode
  }
  return inodes
}

/** In words, for what a person reads. */
export function reasonOf({ errno }: Errno): string {
  if (errno === 'EACCES' || errno === 'EPERM') return 'permission denied'
  if (errno === 'ENOENT' || errno === 'ESRCH') return 'the process is gone'
  return errno
}
