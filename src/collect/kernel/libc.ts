/**
 * The C library through koffi: only the calls that reading network namespaces needs. koffi is optional: where
 * it is missing or cannot load, the reason comes back as a value and the `ip` reader takes over.
 * Knows nothing of netlink. All calls act on the calling thread and return what C returns: -1 means "see errno".
 */
import { fstatSync } from 'node:fs'
import { constants, endianness } from 'node:os'
import type * as Koffi from 'koffi'
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'

export type Libc = {
  /** koffi's own version, for `about`. */
  readonly version: string
  open(path: string, flags: number): number
  close(fd: number): number
  /** Moves only the calling thread (setns(2)). */
  setns(fd: number, nstype: number): number
  unshare(flags: number): number
  socket(domain: number, type: number, protocol: number): number
  bind(fd: number, address: Uint8Array): number
  setsockopt(fd: number, level: number, option: number, value: Uint8Array): number
  /** `length` holds the size of `value` as a native 32-bit number, and afterwards what the kernel filled. */
  getsockopt(fd: number, level: number, option: number, value: Uint8Array, length: Uint8Array): number
  send(fd: number, data: Uint8Array, length: number, flags: number): number
  recv(fd: number, into: Uint8Array, length: number, flags: number): number
  /** recvmsg(2) with control data, always into these two buffers. */
  receiver(into: Uint8Array, control: Uint8Array): (fd: number, flags: number) => Received
  /** How many of these can be read (or have an error to tell), now; -1: errno. */
  readable(fds: readonly number[]): number
  /** Something happened that `fd` tells by POLLPRI, such as a mount (proc_pid_mountinfo(5)), since this was last asked. */
  alarmed(fd: number): boolean
  ioctl(fd: number, request: number, argument: number): number
  /** ioctl(2) with a buffer that the kernel fills. */
  ioctlBuffer(fd: number, request: number, argument: Uint8Array): number
  /** syscall(2) with up to four integers: pidfd_open, pidfd_getfd. */
  syscall(number: number, a: number, b: number, c: number, d: number): number
  /** bpf(2); `attributes` is a union bpf_attr, in which pointers are addresses from `addressOf`. */
  bpf(command: number, attributes: Uint8Array): number
  addressOf(buffer: Uint8Array): bigint
  /** st_dev and st_ino, without the times and sizes that fs.fstatSync makes objects of; null: errno. */
  inodeOf(fd: number): Inode | null
  /** Name of the last error on this thread: `ENOENT`, `EPERM` … */
  errno(): string
  /**
   * The process gets SIGURG, which nothing else here uses and which does nothing where nobody listens (signal(7)), whenever
   * something comes that can be read; false: errno.
   */
  signalWhenReadable(fd: number): boolean
}

/** `length` is -1 on error. `controlLength` bytes of the control buffer are filled. */
export type Received = { readonly length: number; readonly controlLength: number; readonly flags: number }

export type Inode = { readonly dev: number; readonly ino: bigint }

/** The same on all architectures (include/uapi/asm-generic/unistd.h numbers above 424 are shared). */
export const SYS_pidfd_open = 434
export const SYS_pidfd_getfd = 438
/** Older than that: x86_64 has its own number, the others share one. */
const SYS_statx = process.arch === 'x64' ? 332 : 291
const SYS_bpf = process.arch === 'x64' ? 321 : 280
export const CLONE_NEWNET = 0x40000000
export const O_RDONLY = 0
export const O_CLOEXEC = 0o2000000

/**
 * Where constants and structure layouts below hold: 64-bit, little-endian, asm-generic socket options.
 * On others (powerpc, s390x, 32-bit) the `ip` reader is used.
 */
const architectures: readonly string[] = ['x64', 'arm64', 'riscv64', 'loong64']

/**
 * Loads koffi and binds the calls. VETHSCOPE_NO_KOFFI=1 makes it fail, so that the way without it can be tested
 * and so that a user can switch it off.
 */
export async function loadLibc(): Promise<Outcome<Libc>> {
  if (process.env['VETHSCOPE_NO_KOFFI'] === '1') {
    return refused('switched off by VETHSCOPE_NO_KOFFI=1', 'unset VETHSCOPE_NO_KOFFI')
  }
  if (process.platform !== 'linux') return refused(`this is ${process.platform}, not Linux`, null)
  if (!architectures.includes(process.arch) || endianness() !== 'LE') {
    return refused(`the netlink reader does not know the architecture ${process.arch}`, null)
  }
  try {
    const koffi = await import('koffi')
    return succeeded(bindCalls(koffi))
  } catch (error) {
    return notLoaded(error)
  }
}

/** Not there at all, or there without a binary that this machine can load. */
function notLoaded(error: unknown): Outcome<Libc> {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
    return refused('it is not installed', '`npm ci` in the program’s folder installs it')
  }
  const [says] = (error instanceof Error ? error.message : String(error)).split('\n')
  return refused(
    says ?? 'no reason given',
    `\`npm ci\` in the program’s folder, run on this machine (${process.arch}), installs the binary that fits`,
  )
}

/** `hint`: what makes it load; null: nothing does here. */
function refused(reason: string, hint: string | null): Outcome<Libc> {
  return failed({
    kind: 'refused',
    what: `cannot call the kernel directly: koffi did not load: ${reason}`,
    subject: 'koffi',
    ...(hint === null ? {} : { hint }),
  })
}

/** errno → name, from Node's own table of this platform; where two names share a number the first one stays. */
const errnoNames = new Map<number, string>()
for (const [name, value] of Object.entries(constants.errno)) {
  if (!errnoNames.has(value)) errnoNames.set(value, name)
}
errnoNames.set(constants.errno.EAGAIN, 'EAGAIN').set(constants.errno.EOPNOTSUPP, 'EOPNOTSUPP')

/** The name of a positive error number; `errno 524` where it has none (524 is the kernel's ENOTSUPP). */
export function errnoName(value: number): string {
  return errnoNames.get(value) ?? `errno ${value}`
}

/** statx(2), struct statx of linux/stat.h: inode at 32, device numbers at 136 and 140. */
const statxSize = 256
const AT_EMPTY_PATH = 0x1000
const STATX_INO = 0x100

const pollIn = 1
const pollPri = 2
/** fcntl.h; F_SETSIG and O_ASYNC are in include/uapi/asm-generic/fcntl.h. */
const F_GETFL = 3
const F_SETFL = 4
const F_SETOWN = 8
const F_SETSIG = 10
const O_ASYNC = 0o20000
/** struct pollfd (poll.h): fd, events, revents. */
const pollfdSize = 8
const mostPolled = 8
/** struct msghdr on 64-bit Linux: name, namelen, iov, iovlen, control, controllen, flags. */
const msghdrSize = 56
const iovecSize = 16

function bindCalls(koffi: typeof Koffi): Libc {
  const libc = koffi.load(null)
  const bind: (fd: number, address: Uint8Array, length: number) => number = libc.func('bind', 'int', [
    'int',
    'void *',
    'uint32_t',
  ])
  const setsockopt: (fd: number, level: number, option: number, value: Uint8Array, length: number) => number =
    libc.func('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'uint32_t'])
  const poll: (fds: Uint8Array, count: number, timeoutMs: number) => number = libc.func('poll', 'int', [
    'void *',
    'unsigned long',
    'int',
  ])
  const fcntl: (fd: number, command: number, argument: number) => number = libc.func('fcntl', 'int', [
    'int',
    'int',
    'long',
  ])
  const rawRecvmsg: (fd: number, message: Uint8Array, flags: number) => number = libc.func('recvmsg', 'int', [
    'int',
    'void *',
    'int',
  ])
  const bpf: (number: number, command: number, attributes: Uint8Array, size: number) => number = libc.func(
    'syscall',
    'long',
    ['long', 'long', 'void *', 'long'],
  )
  const statx: (
    number: number,
    fd: number,
    path: Uint8Array,
    flags: number,
    mask: number,
    into: Uint8Array,
  ) => number = libc.func('syscall', 'long', ['long', 'long', 'void *', 'long', 'long', 'void *'])
  const noPath = Buffer.alloc(1)
  const status = Buffer.alloc(statxSize)
  const pollfds = Buffer.alloc(pollfdSize * mostPolled)

  const pollNow = (fds: readonly number[], events: number): number => {
    for (const [at, fd] of fds.entries()) {
      pollfds.writeInt32LE(fd, at * pollfdSize)
      pollfds.writeUInt32LE(events, at * pollfdSize + 4)
    }
    return poll(pollfds, fds.length, 0)
  }
  const readable = (fds: readonly number[]): number => pollNow(fds, pollIn)
  return {
    version: koffi.version,
    open: libc.func('open', 'int', ['str', 'int']),
    close: libc.func('close', 'int', ['int']),
    setns: libc.func('setns', 'int', ['int', 'int']),
    unshare: libc.func('unshare', 'int', ['int']),
    socket: libc.func('socket', 'int', ['int', 'int', 'int']),
    bind: (fd, address) => bind(fd, address, address.length),
    setsockopt: (fd, level, option, value) => setsockopt(fd, level, option, value, value.length),
    getsockopt: libc.func('getsockopt', 'int', ['int', 'int', 'int', 'void *', 'void *']),
    send: libc.func('send', 'int', ['int', 'void *', 'size_t', 'int']),
    recv: libc.func('recv', 'int', ['int', 'void *', 'size_t', 'int']),
    receiver: (into, control) => {
      const iovec = Buffer.alloc(iovecSize)
      iovec.writeBigUInt64LE(koffi.address(into), 0)
      const msghdr = Buffer.alloc(msghdrSize)
      msghdr.writeBigUInt64LE(koffi.address(iovec), 16)
      msghdr.writeBigUInt64LE(1n, 24)
      msghdr.writeBigUInt64LE(koffi.address(control), 32)
      return (fd, flags) => {
        // Using them here also keeps them alive: the kernel has only their addresses.
        iovec.writeUInt32LE(into.length, 8)
        // recvmsg writes what it used over the room that there was.
        msghdr.writeUInt32LE(control.length, 40)
        const length = rawRecvmsg(fd, msghdr, flags)
        return { length, controlLength: msghdr.readUInt32LE(40), flags: msghdr.readInt32LE(48) }
      }
    },
    readable,
    alarmed: (fd) => pollNow([fd], pollPri) !== 0,
    ioctl: libc.func('ioctl', 'int', ['int', 'unsigned long', 'long']),
    ioctlBuffer: libc.func('ioctl', 'int', ['int', 'unsigned long', 'void *']),
    syscall: libc.func('syscall', 'int', ['long', 'long', 'long', 'long', 'long']),
    bpf: (command, attributes) => bpf(SYS_bpf, command, attributes, attributes.length),
    addressOf: (buffer) => koffi.address(buffer),
    inodeOf: (fd) => {
      if (statx(SYS_statx, fd, noPath, AT_EMPTY_PATH, STATX_INO, status) === 0) {
        const dev = deviceNumber(status.readUInt32LE(136), status.readUInt32LE(140))
        return { dev, ino: status.readBigUInt64LE(32) }
      }
      // Containers' seccomp filters from before 2018 do not know the call.
      return inodeByNode(fd)
    },
    errno: () => errnoName(koffi.errno()),
    signalWhenReadable: (fd) =>
      fcntl(fd, F_SETOWN, process.pid) === 0 &&
      fcntl(fd, F_SETSIG, constants.signals.SIGURG) === 0 &&
      fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_ASYNC) === 0,
  }
}

/** As st_dev has it (makedev(3)): nsfs has small numbers only. */
function deviceNumber(major: number, minor: number): number {
  return (major & 0xfff) * 0x100 + (minor & 0xff) + Math.floor(minor / 0x100) * 0x100000
}

function inodeByNode(fd: number): Inode | null {
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true })
    return { dev: Number(dev), ino }
  } catch {
    return null
  }
}
