/** The calls of the C library with which this process becomes another program, through koffi. -1: `errno` says why. */
import type * as Koffi from 'koffi'
import { errnoName } from '../../collect/kernel/libc.ts'

export type ProcessCalls = {
  /** Comes back only when it failed. Of the whole process: all other threads are gone (execve(2)). */
  execvp(argv: readonly string[]): void
  /** So that exec keeps the descriptor, and whoever reads it waits. */
  keepOpen(fd: number): void
  /** The disposition back to what the kernel does by itself. */
  defaultSignal(signal: number): void
  /** This process gets the signal when the thread that started it ends (prctl(2)). */
  dieWithParent(signal: number): number
  limitFiles(soft: bigint, hard: bigint): number
  mount(source: string, target: string, type: string | null, flags: number, data: string | null): number
  umount(target: string, flags: number): number
  /** Of the call before. */
  errno(): string
}

export const CLONE_NEWNS = 0x20000
export const MNT_DETACH = 2
export const MS_NOSUID = 2
export const MS_NODEV = 4
export const MS_NOEXEC = 8
export const MS_BIND = 0x1000
export const MS_MOVE = 0x2000
export const MS_REC = 0x4000
export const MS_SLAVE = 0x80000

const F_GETFD = 1
const F_SETFD = 2
const F_GETFL = 3
const F_SETFL = 4
const FD_CLOEXEC = 1
const O_NONBLOCK = 0o4000
const PR_SET_PDEATHSIG = 1
const RLIMIT_NOFILE = 7

export function bindProcessCalls(koffi: typeof Koffi): ProcessCalls {
  const libc = koffi.load(null)
  const execvp = libc.func('execvp', 'int', ['str', 'char **'])
  const fcntl = libc.func('fcntl', 'int', ['int', 'int', 'long'])
  const signal = libc.func('signal', 'void *', ['int', 'void *'])
  const prctl = libc.func('prctl', 'int', ['int', 'unsigned long'])
  const setrlimit = libc.func('setrlimit', 'int', ['int', 'void *'])
  return {
    execvp: (argv) => {
      execvp(argv[0], [...argv, null])
    },
    keepOpen: (fd) => {
      const flags = Number(fcntl(fd, F_GETFD, 0))
      if (flags < 0) return
      fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC)
      fcntl(fd, F_SETFL, Number(fcntl(fd, F_GETFL, 0)) & ~O_NONBLOCK)
    },
    defaultSignal: (number) => {
      // SIG_DFL is 0.
      signal(number, null)
    },
    dieWithParent: (number) => Number(prctl(PR_SET_PDEATHSIG, number)),
    limitFiles: (soft, hard) => {
      const limit = Buffer.alloc(16)
      limit.writeBigUInt64LE(soft, 0)
      limit.writeBigUInt64LE(hard, 8)
      return Number(setrlimit(RLIMIT_NOFILE, limit))
    },
    mount: libc.func('mount', 'int', ['str', 'str', 'str', 'unsigned long', 'str']),
    umount: libc.func('umount2', 'int', ['str', 'int']),
    errno: () => errnoName(koffi.errno()),
  }
}
