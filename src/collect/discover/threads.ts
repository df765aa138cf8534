/** Threads that left the namespace of their process (setns and unshare move one thread). */
import { bytesOf, isErrno, linkText, namesIn } from './file-access.ts'
import { netnsIdOf } from './mountinfo.ts'
import type { Entry, Scan } from './scan.ts'
import type { Sighting } from './sighting.ts'

export async function lookAtThreads(scan: Scan): Promise<void> {
  const { processes } = scan.memory
  let looked = 0
  for (const entry of processes.values()) {
    if (!isWorthALook(scan, entry)) continue
    if (++looked % 8 === 0) await scan.breathe()
    const foreignThreads = foreignThreadsOf(scan, entry)
    processes.set(entry.pid, { ...entry, foreignThreads })
    for (const sighting of foreignThreads) scan.report(sighting)
  }
}

/** A namespace that only a thread leads to is looked at each time: it must go when the thread goes. */
function isWorthALook(scan: Scan, entry: Entry): boolean {
  if (entry.isKernelThread || entry.link === 'refused') return false
  if (entry.foreignThreads.length > 0 || entry.link === 'ended') return true
  return entry.threads > 1 && (scan.isTurnOf(entry.pid) || scan.isYoung(entry.process))
}

function foreignThreadsOf(scan: Scan, { pid, process }: Entry): readonly Sighting[] {
  const folder = `${scan.proc}/${pid}/task`
  const tids = namesIn(folder)
  if (isErrno(tids)) return []
  const sightings: Sighting[] = []
  for (const name of tids) {
    const tid = Number(name)
    const text = tid === pid ? null : linkText(`${folder}/${tid}/ns/net`)
    const id = text === null || isErrno(text) ? null : netnsIdOf(text)
    if (id === null || id === process.netns) continue
    sightings.push({ kind: 'thread', id, pid, tid, comm: commOf(`${folder}/${tid}`), opens: true })
  }
  return sightings
}

function commOf(folder: string): string {
  const comm = bytesOf(`${folder}/comm`)
  return isErrno(comm) ? '?' : comm.toString('utf8').replace(/\n$/, '')
}
