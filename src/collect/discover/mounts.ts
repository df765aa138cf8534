/** Namespaces bind-mounted in our own mount namespace: /run/netns, /run/docker/netns, anywhere. */
import { bytesOf, isErrno } from './file-access.ts'
import { createLeadsTo } from './leads-to.ts'
import { netnsMounts, type NetnsMount } from './mountinfo.ts'
import type { Scan } from './scan.ts'
import type { Sighting } from './sighting.ts'

export async function lookAtMounts(scan: Scan): Promise<void> {
  const file = `${scan.proc}/self/mountinfo`
  const mountinfo = bytesOf(file)
  if (isErrno(mountinfo)) {
    scan.error(`${file}: ${mountinfo.errno}`)
    scan.gap({ what: 'named namespaces', subject: file, reason: mountinfo.errno, hint: 'is /proc mounted?' })
    return
  }
  const before = scan.memory.ownMounts
  const unchanged = !scan.complete && before !== null && before.mountinfo.equals(mountinfo)
  const sightings = unchanged ? before.sightings : await sightingsOf(scan, netnsMounts(mountinfo))
  scan.memory.ownMounts = { mountinfo, sightings }
  for (const sighting of sightings) scan.report(sighting)
}

async function sightingsOf(scan: Scan, mounts: readonly NetnsMount[]): Promise<readonly Sighting[]> {
  const leadsTo = createLeadsTo()
  const sightings: Sighting[] = []
  for (const { id, mountPoint, unreachable } of mounts) {
    if (sightings.length % 32 === 0) await scan.breathe()
    const reached = unreachable === null && leadsTo(scan.root, mountPoint, id)
    const path = reached ? scan.root + mountPoint : null
    sightings.push({ kind: 'mount', id, mountPoint, path, mountNamespace: null })
  }
  return sightings
}
