/**
 * Namespaces bind-mounted in other mount namespaces: rootless Podman's, Docker in Docker, a service with PrivateMounts
 * that keeps a copy of a mount which is gone elsewhere. Reading each is dear, so a periodic scan reads the new ones,
 * the young ones and a share of the others.
 */
import { bytesOf, isErrno, linkText } from './file-access.ts'
import { createLeadsTo } from './leads-to.ts'
import { inodeOf, netnsMounts } from './mountinfo.ts'
import type { MountNamespace, Scan } from './scan.ts'
import type { Sighting } from './sighting.ts'
import type { Process } from '../../model/process.ts'

export async function lookAtMountNamespaces(scan: Scan): Promise<void> {
  const { mountNamespaces } = scan.memory
  const members = membersOf(scan)
  for (const inode of mountNamespaces.keys()) if (!members.has(inode)) mountNamespaces.delete(inode)
  for (const [inode, processes] of members) {
    const before = mountNamespaces.get(inode)
    const needed =
      before === undefined ||
      !processes.some(({ pid }) => pid === before.pid) ||
      scan.isTurnOf(Number(inode)) ||
      processes.some((process) => scan.isYoung(process)) ||
      before.sightings.some(({ id }) => !scan.seen.has(id))
    if (needed) await scan.breathe()
    const now = needed ? read(scan, inode, processes) : before
    if (now === null) continue
    mountNamespaces.set(inode, now)
    for (const sighting of now.sightings) scan.report(sighting)
  }
}

/** Processes of each mount namespace but ours, oldest first. */
function membersOf(scan: Scan): ReadonlyMap<string, readonly Process[]> {
  const text = linkText(`${scan.proc}/self/ns/mnt`)
  const own = isErrno(text) ? null : inodeOf(text, 'mnt')
  const members = new Map<string, Process[]>()
  for (const { process, isKernelThread } of scan.memory.processes.values()) {
    const inode = 'mnt' in process.namespaces ? process.namespaces['mnt'] : undefined
    if (typeof inode !== 'string' || inode === own || isKernelThread) continue
    const group = members.get(inode)
    if (group === undefined) members.set(inode, [process])
    else group.push(process)
  }
  for (const group of members.values()) group.sort((one, other) => one.startTime - other.startTime)
  return members
}

/** Null: none of its processes could be asked any more. */
function read(scan: Scan, inode: string, processes: readonly Process[]): MountNamespace | null {
  for (const { pid } of processes) {
    const folder = `${scan.proc}/${pid}`
    const mountinfo = bytesOf(`${folder}/mountinfo`)
    if (isErrno(mountinfo)) continue
    const leadsTo = createLeadsTo()
    const sightings = netnsMounts(mountinfo).map(({ id, mountPoint, unreachable }): Sighting => {
      // Going through somebody else's folders is worth it only where nothing better leads there.
      const wanted = unreachable === null && !scan.seen.has(id)
      const path = wanted && leadsTo(`${folder}/root`, mountPoint, id) ? `${folder}/root${mountPoint}` : null
      return { kind: 'mount', id, mountPoint, path, mountNamespace: inode }
    })
    return { sightings, pid }
  }
  return null
}
