/**
 * What the dear discoverers found last stays known while it is true, without running them again: a descriptor
 * that still shows the same link still holds the same namespace.
 */
import { isErrno, linkText } from './file-access.ts'
import { netnsBehind } from './open-files.ts'
import type { Scan } from './scan.ts'
import type { Sighting } from './sighting.ts'

export async function lookAtHeldBefore(scan: Scan): Promise<void> {
  const still: Sighting[] = []
  const { held } = scan.memory
  for (const [at, sighting] of held.entries()) {
    if (at % 32 === 0) await scan.breathe()
    if (stillHolds(scan, sighting)) still.push(sighting)
  }
  // A search that ended meanwhile knows better.
  if (scan.memory.held === held) scan.memory.held = still
  for (const sighting of still) scan.report(sighting)
}

function stillHolds(scan: Scan, sighting: Sighting): boolean {
  if (sighting.kind !== 'fd' && sighting.kind !== 'socket') return false
  const { pid, fd, id } = sighting
  if (!scan.memory.processes.has(pid)) return false
  // Where other signs lead there too, it is not worth a look each time.
  if (scan.seen.has(id) && !scan.isTurnOf(pid)) return true
  const link = linkText(`${scan.proc}/${pid}/fd/${fd}`)
  if (isErrno(link)) return false
  return sighting.kind === 'socket' ? link === sighting.link : netnsBehind(scan, pid, fd, link) === id
}
