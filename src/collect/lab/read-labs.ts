/** What this program made on a host: networks and nodes, as it wrote them down (model/lab.ts). */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { distrust } from '../../lib/distrust.ts'
import { codeOf, reasonOf } from '../../lib/failure.ts'
import { processStart } from '../../lib/process-start.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { netnsId, type NetnsId } from '../../model/ids.ts'
import { unknown, type Known } from '../../model/known.ts'
import type { HostLab, Lab, LabMasquerade, LabNetwork, LabNode } from '../../model/lab.ts'
import { isMasqueradeRecord, isNetworkRecord, isNodeRecord } from './is-record.ts'

export const labsFolder = '/run/vethscope'

/**
 * One a folder, which is called as the inode of the namespace that plays the host. Unknown where root's files may not be read, or one of them
 * is no record.
 */
export function readLabs(folder = labsFolder): Known<readonly HostLab[]> {
  try {
    const distrusted = distrust(folder)
    if (distrusted !== null) return unknown(distrusted)
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ host: netnsId(name), ...readLab(join(folder, name)) }))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    return unknown(`${folder}: ${sanitise(reasonOf(error))}`)
  }
}

/** Another text where something in there changed. */
export function labsMark(folder = labsFolder): string {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) =>
        namesIn(join(folder, name, 'lab')).map((file) => `${file} ${statSync(file).mtimeMs}`),
      )
      .join('\n')
  } catch {
    // Not there, not ours to read, or going away at this moment: the next look tells.
    return ''
  }
}

function readLab(folder: string): Lab {
  const records = namesIn(join(folder, 'lab')).flatMap((file) => {
    const record = recordIn(file)
    return record === null ? [] : [{ file, record }]
  })
  const of = (kind: string, isRecord: (value: unknown) => boolean): readonly object[] =>
    records
      .filter(({ file }) => file.includes(`/lab/${kind}-`))
      .map(({ file, record }) => {
        if (isRecord(record)) return record
        throw new Error(`lab/${basename(file)} is no record of a lab`)
      })
  return {
    networks: of('network', isNetworkRecord) as readonly LabNetwork[],
    nodes: of('node', isNodeRecord) as readonly LabNode[],
    masquerades: of('masquerade', isMasqueradeRecord) as readonly LabMasquerade[],
    unfinished: unfinishedIn(folder),
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .toSorted()
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

/** Half written, or vanished since it was listed: as if it were not there, which it soon is, or is not any more. */
function recordIn(file: string): object | null {
  try {
    const record: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof record === 'object' && record !== null ? record : null
  } catch {
    return null
  }
}

/** `running` is there while a change is made: JSON with its id, the pid that makes it and the start time of that process. */
function unfinishedIn(folder: string): number | null {
  const running = recordIn(join(folder, 'running'))
  if (running === null || !('id' in running) || !('pid' in running) || !('started' in running)) return null
  return processStart(Number(running.pid)) === String(running.started) ? null : Number(running.id)
}

/** The namespace below a name of /run/netns. */
export function netnsNamed(
  name: string,
  found: readonly { readonly id: NetnsId; readonly names: readonly { readonly path: string | null }[] }[],
): NetnsId | null {
  const path = `/run/netns/${name}`
  return found.find(({ names }) => names.some((each) => each.path === path))?.id ?? null
}
