/**
 * Processes whose ns/net link we may not read: other users' without root, and with root one that holds a capability
 * which we lack (/proc/1 on some hosts). Their /proc/PID/net stays readable, and each namespace has a net/dev file
 * of its own: equal inode ("mark"), equal namespace. So they are joined to the namespaces known, or at least told apart.
 */
import { isErrno, namesIn, statusOf } from './file-access.ts'
import type { Entry, Refused, Scan } from './scan.ts'
import { unreadableNetnsId, type NetnsId } from '../../model/ids.ts'
import type { Gap } from '../../model/world.ts'

export async function lookAtRefusedProcesses(scan: Scan): Promise<void> {
  const marked: { readonly entry: Entry; readonly mark: number }[] = []
  let count = 0
  for (const entry of scan.memory.processes.values()) {
    if (entry.link !== 'refused' || entry.isKernelThread) continue
    if (++count % 32 === 0) await scan.breathe()
    const mark = markOf(`${scan.proc}/${entry.pid}`)
    if (mark !== null)
      marked.push({ entry: { ...entry, foreignMarks: threadMarks(scan, entry, mark) }, mark })
  }
  if (marked.length === 0) return
  const known = await namespacesOf(scan, new Set(marked.flatMap(marksOf)))
  const told = marked.filter(({ entry, mark }) => tell(scan, entry, mark, known))
  if (told.length < marked.length) scan.gap(gapOf(marked.length - told.length))
}

function marksOf({ entry, mark }: { readonly entry: Entry; readonly mark: number }): readonly number[] {
  return [mark, ...entry.foreignMarks.map((thread) => thread.mark)]
}

/** Reports one process; false where its namespace may not be opened. */
function tell(scan: Scan, entry: Entry, mark: number, known: ReadonlyMap<number, NetnsId>): boolean {
  const id = known.get(mark)
  const netns = id ?? unreadableNetnsId(mark)
  const process = entry.process.netns === netns ? entry.process : { ...entry.process, netns }
  scan.memory.processes.set(entry.pid, { ...entry, process })
  if (id === undefined) groupOf(scan.refused, mark).processes.push(process)
  else scan.report({ kind: 'process', id, process, opens: false })

  for (const { tid, mark } of entry.foreignMarks) {
    const id = known.get(mark)
    if (id === undefined) groupOf(scan.refused, mark).threads.push({ pid: entry.pid, tid })
    else scan.report({ kind: 'thread', id, pid: entry.pid, tid, comm: process.comm, opens: false })
  }
  return id !== undefined
}

function threadMarks(scan: Scan, entry: Entry, own: number): Entry['foreignMarks'] {
  if (entry.threads < 2) return []
  if (!scan.isTurnOf(entry.pid) && !scan.isYoung(entry.process)) return entry.foreignMarks
  const folder = `${scan.proc}/${entry.pid}/task`
  const tids = namesIn(folder)
  if (isErrno(tids)) return []
  return tids.map(Number).flatMap((tid) => {
    const mark = tid === entry.pid ? null : markOf(`${folder}/${tid}`)
    return mark === null || mark === own ? [] : [{ tid, mark }]
  })
}

/** One look for each namespace that a process leads to, ours first, until every mark is known. */
async function namespacesOf(scan: Scan, wanted: Set<number>): Promise<ReadonlyMap<number, NetnsId>> {
  const known = new Map<number, NetnsId>()
  const done = new Set<NetnsId>()
  const { processes } = scan.memory
  const own = processes.get(scan.self)
  for (const { pid, link, process } of own === undefined
    ? processes.values()
    : [own, ...processes.values()]) {
    if (wanted.size === 0) break
    const { netns } = process
    if (link !== 'open' || typeof netns !== 'string' || done.has(netns)) continue
    const mark = markOf(`${scan.proc}/${pid}`)
    if (mark === null) continue
    done.add(netns)
    if (wanted.delete(mark)) known.set(mark, netns)
    if (done.size % 32 === 0) await scan.breathe()
  }
  return known
}

function markOf(folder: string): number | null {
  const status = statusOf(`${folder}/net/dev`)
  return isErrno(status) ? null : status.ino
}

function groupOf(groups: Map<number, Refused>, mark: number): Refused {
  const group = groups.get(mark) ?? { mark, processes: [], threads: [] }
  groups.set(mark, group)
  return group
}

function gapOf(count: number): Gap {
  return {
    what: 'namespaces of processes',
    subject: count === 1 ? '1 process of another user' : `${count} processes of other users`,
    reason: 'permission denied: their namespaces, mounts and open files cannot be read',
    hint: 'run as root or grant cap_sys_ptrace',
  }
}
