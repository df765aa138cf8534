/**
 * The namespace of every process. The cheap look each time is two calls a process: where its ns/net link leads, and the
 * inode of its task folder. The rest is read when a process is new or young, and in turn.
 */
import { isDenied, isErrno, linkText, namesIn, statusOf, type FileStatus } from './file-access.ts'
import { netnsIdOf } from './mountinfo.ts'
import { readProcess } from './read-process.ts'
import type { Entry, Scan } from './scan.ts'
import type { Sighting } from './sighting.ts'
import type { NetnsId } from '../../model/ids.ts'
import { unknown, type Known } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import type { Gap } from '../../model/world.ts'

export async function lookAtProcesses(scan: Scan): Promise<void> {
  const names = namesIn(scan.proc)
  if (isErrno(names)) {
    scan.error(`${scan.proc}: ${names.errno}`)
    scan.gap({ what: 'processes', subject: scan.proc, reason: names.errno, hint: 'is /proc mounted?' })
    return
  }
  const { processes } = scan.memory
  const alive = new Set<number>()
  let looked = 0
  let closed = 0
  for (const name of names) {
    if (!/^[1-9]\d*$/.test(name)) continue
    if (++looked % 32 === 0) await scan.breathe()
    const pid = Number(name)
    const tasks = statusOf(`${scan.proc}/${pid}/task`)
    if (isDenied(tasks)) closed++
    if (isErrno(tasks)) continue
    const entry = lookAtProcess(scan, pid, tasks, processes.get(pid))
    if (entry === null) continue
    alive.add(pid)
    processes.set(pid, entry)
    if (entry.sighting !== null) scan.report(entry.sighting)
  }
  for (const pid of processes.keys()) if (!alive.has(pid)) processes.delete(pid)
  if (closed > 0) scan.gap(gapOf(closed))
}

/** Null: gone, or a zombie, which has left all its namespaces. */
function lookAtProcess(scan: Scan, pid: number, tasks: FileStatus, before: Entry | undefined): Entry | null {
  // One link for `.`, one from the parent, one for each thread (proc_task_getattr in fs/proc/base.c).
  const threads = tasks.nlink - 2
  const text = linkText(`${scan.proc}/${pid}/ns/net`)
  const link = !isErrno(text) ? 'open' : isDenied(text) ? 'refused' : 'ended'
  if (link === 'ended' && threads < 2) return null

  const same =
    before !== undefined && before.incarnation === tasks.ino && before.link === link ? before : null
  // A refused one's namespace was told by other signs, and refused-processes.ts looks at those again.
  const netns = link === 'refused' && same !== null ? same.process.netns : netnsOf(text, link)
  const facts = { pid, incarnation: tasks.ino, threads, link } as const
  if (same !== null && !scan.isTurnOf(pid) && !scan.isYoung(same.process)) {
    if (same.process.netns === netns || link === 'ended') {
      return same.threads === threads ? same : { ...same, threads }
    }
    const process = { ...same.process, netns }
    return { ...same, threads, process, sighting: sightingOf(process, link, same.isKernelThread) }
  }
  const read = readProcess(scan.proc, pid, netns)
  if (read === null) return null
  if (same !== null && equal(same.process, read.process)) return { ...same, threads }
  return {
    ...facts,
    ...read,
    sighting: sightingOf(read.process, link, read.isKernelThread),
    foreignThreads: same?.foreignThreads ?? [],
    foreignMarks: same?.foreignMarks ?? [],
  }
}

function sightingOf(process: Process, link: Entry['link'], isKernelThread: boolean): Sighting | null {
  const { netns: id, pid } = process
  if (link !== 'open' || typeof id !== 'string') return null
  return isKernelThread ? { kind: 'kernel-thread', id, pid } : { kind: 'process', id, process, opens: true }
}

function netnsOf(text: ReturnType<typeof linkText>, link: Entry['link']): Known<NetnsId> {
  if (link === 'refused') return unknown('permission denied')
  if (isErrno(text)) return unknown('its first thread has ended')
  return netnsIdOf(text) ?? unknown('not a network namespace')
}

function equal(one: Entry['process'], other: Entry['process']): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** /proc is mounted with hidepid=1: that a process exists is all it tells. (With hidepid=2 not even that.) */
function gapOf(count: number): Gap {
  return {
    what: 'processes',
    subject: count === 1 ? '1 process of another user' : `${count} processes of other users`,
    reason: 'permission denied: /proc is mounted with hidepid and shows nothing of them',
    hint: 'run as root or grant cap_sys_ptrace',
  }
}
