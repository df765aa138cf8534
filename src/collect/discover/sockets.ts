/**
 * Namespaces that only a socket holds: made inside, its owner moved on (Docker leaks such). The way there is a copy of the
 * other process's descriptor (pidfd_getfd(2), since Linux 5.6), which security monitors notice: only when
 * asked. Every copy is closed at once.
 */
import { fstatSync } from 'node:fs'
import { SYS_pidfd_getfd, SYS_pidfd_open, type Libc } from '../kernel/libc.ts'
import { lookAtOpenFiles, type OpenSocket } from './open-files.ts'
import type { Scan } from './scan.ts'
import { netnsId, type NetnsId } from '../../model/ids.ts'

/** linux/sockios.h: a descriptor of the socket's network namespace. */
const SIOCGSKNS = 0x894c

export async function lookAtFilesAndSockets(scan: Scan): Promise<void> {
  const sockets = await lookAtOpenFiles(scan)
  const { libc } = scan
  if (libc === null) {
    scan.gap({
      what: 'namespaces held by sockets',
      subject: `sockets: ${sockets.length}`,
      reason: 'koffi is not loaded, and without it no socket can be asked for its namespace',
      hint: '`npm ci` in the program’s folder installs koffi',
    })
    return
  }
  const asked = new Set<string>()
  const errors = new Map<string, number>()
  for (const socket of sockets) {
    // Parent and child share a socket: the first owner stands for all.
    if (asked.has(socket.link)) continue
    asked.add(socket.link)
    if (asked.size % 16 === 0) await scan.breathe()
    const answer = netnsOfSocket(libc, socket)
    if ('errno' in answer) errors.set(answer.errno, (errors.get(answer.errno) ?? 0) + 1)
    else report(scan, socket, answer.id)
  }
  for (const [errno, count] of errors) scan.error(`${count} sockets: ${errno}`)
}

/** A socket in its owner's own namespace says nothing new. */
function report(scan: Scan, { pid, fd, link }: OpenSocket, id: NetnsId): void {
  const owner = scan.memory.processes.get(pid)?.process
  if (owner === undefined || owner.netns === id) return
  scan.report({ kind: 'socket', id, pid, fd, comm: owner.comm, link })
}

type Answer = { readonly id: NetnsId } | { readonly errno: string }

function netnsOfSocket(libc: Libc, socket: OpenSocket): Answer {
  const opened = openNetnsOfSocket(libc, socket)
  if ('errno' in opened) return opened
  try {
    return { id: netnsId(fstatSync(opened.fd).ino) }
  } finally {
    libc.close(opened.fd)
  }
}

/**
 * A descriptor of the network namespace that another process's socket is in. The caller compares its inode with the one it
 * expects, because descriptors are reused, and closes it at once after use.
 */
export function openNetnsOfSocket(
  libc: Libc,
  { pid, fd }: { readonly pid: number; readonly fd: number },
): { readonly fd: number } | { readonly errno: string } {
  const owner = libc.syscall(SYS_pidfd_open, pid, 0, 0, 0)
  if (owner < 0) return { errno: libc.errno() }
  try {
    const copy = libc.syscall(SYS_pidfd_getfd, owner, fd, 0, 0)
    if (copy < 0) return { errno: libc.errno() }
    try {
      const netns = libc.ioctl(copy, SIOCGSKNS, 0)
      return netns < 0 ? { errno: libc.errno() } : { fd: netns }
    } finally {
      libc.close(copy)
    }
  } finally {
    libc.close(owner)
  }
}
