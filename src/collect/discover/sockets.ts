/**
 * Namespaces that only a socket holds: made inside, its owner moved on (Docker leaks such). The way there is a copy of the
 * other process's descriptor (pidfd_getfd(2), since Linux 5.6), which security monitors notice: only when
 * asked. Every copy is closed at once.
 */
import { fstatSync } from 'node:fs'
import type { Libc } from '../kernel/libc.ts'
import { openNetnsOfSocket } from '../kernel/netns-of-socket.ts'
import { lookAtOpenFiles, type OpenSocket } from './open-files.ts'
import type { Scan } from './scan.ts'
import { netnsId, type NetnsId } from '../../model/ids.ts'

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
    if (scan.memory.closed) return
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
  const fd = openNetnsOfSocket(libc, socket)
  if (fd < 0) return { errno: libc.errno() }
  try {
    return { id: netnsId(fstatSync(fd).ino) }
  } finally {
    libc.close(fd)
  }
}
