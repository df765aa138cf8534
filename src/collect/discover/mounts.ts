/** Namespaces bind-mounted in our own mount namespace: /run/netns, /run/docker/netns, anywhere. */
import { openSync } from 'node:fs'
import { bytesOf, isErrno } from './file-access.ts'
import { createLeadsTo } from './leads-to.ts'
import { netnsMounts, type NetnsMount } from './mountinfo.ts'
import type { Scan } from './scan.ts'
import type { Sighting } from './sighting.ts'

export async function lookAtMounts(scan: Scan): Promise<void> {
  const file = `${scan.proc}/self/mountinfo`
  const before = scan.memory.ownMounts
  if (before !== null && !scan.complete && isQuiet(scan, file)) {
    for (const sighting of before.sightings) scan.report(sighting)
    return
  }
  const mountinfo = bytesOf(file)
  if (isErrno(mountinfo)) {
    scan.error(`${file}: ${mountinfo.errno}`)
    scan.gap({ what: 'named namespaces', subject: file, reason: mountinfo.errno, hint: 'is /proc mounted?' })
    return
  }
  const unchanged = !scan.complete && before !== null && before.mountinfo.equals(mountinfo)
  const sightings = unchanged ? before.sightings : await sightingsOf(scan, netnsMounts(mountinfo))
  scan.memory.ownMounts = { mountinfo, sightings }
  for (const sighting of sightings) scan.report(sighting)
}

/**
 * Nothing was mounted or unmounted since the last scan: the kernel says so (poll(2) on mountinfo), where writing
 * a thousand mounts out takes it 3 ms. In turn the file is read all the same: a renamed folder is no event.
 */
function isQuiet(scan: Scan, file: string): boolean {
  const { libc, memory } = scan
  if (libc === null) return false
  if (memory.mountWatch === null) {
    memory.mountWatch = watchOf(file)
    return false
  }
  return !libc.alarmed(memory.mountWatch) && !scan.isTurnOf(0)
}

/** It holds our own mount namespace, and no other. */
function watchOf(file: string): number | null {
  try {
    return openSync(file, 'r')
  } catch {
    return null
  }
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
