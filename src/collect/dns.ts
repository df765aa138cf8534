/**
 * How names are resolved, per mount namespace: what a process in it finds in /etc. `ip netns exec NAME` puts the
 * files of /etc/netns/NAME over those of /etc, so these are entries of their own.
 */
import { readdir, readlink } from 'node:fs/promises'
import { isUnknown, unknown, type Known } from '../model/known.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Dns, Process } from '../model/process.ts'
import { readInsideRoot } from './facts/read-inside-root.ts'
import { readOwnFile } from './facts/read-own-file.ts'
import { errnoOf } from './kernel/details/read-proc.ts'

export type NamedNetns = { readonly name: string; readonly id: NetnsId }

/** How many mount namespaces are read at the same time: half of Node's threads for files, so that a hung one leaves some. */
const atOnce = 2
/** The oldest process may have ended, or be out of reach (/proc/1 of another user): how many others are tried. */
const attempts = 3

export async function readDns(
  processes: readonly Process[],
  named: readonly NamedNetns[] = [],
  namedFolder = '/etc/netns',
): Promise<readonly Dns[]> {
  const groups = [...byMountNamespace(processes)]
  const found: Dns[] = []
  const worker = async () => {
    for (let next = groups.shift(); next !== undefined; next = groups.shift()) {
      found.push(await readGroup(next[0], next[1]))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  found.sort((a, b) => a.mountNamespace.localeCompare(b.mountNamespace, 'en', { numeric: true }))
  return [...found, ...(await readNamed(named, namedFolder))]
}

/** Each mount namespace with its processes, oldest first. Whose is not known is left out: it is a gap elsewhere. */
function byMountNamespace(processes: readonly Process[]): ReadonlyMap<string, readonly Process[]> {
  const groups = new Map<string, Process[]>()
  for (const process of processes) {
    const mount = isUnknown(process.namespaces) ? undefined : process.namespaces['mnt']
    if (mount === undefined) continue
    const group = groups.get(mount)
    if (group === undefined) groups.set(mount, [process])
    else group.push(process)
  }
  for (const group of groups.values()) group.sort((a, b) => a.startTime - b.startTime || a.pid - b.pid)
  return groups
}

async function readGroup(mountNamespace: string, processes: readonly Process[]): Promise<Dns> {
  const netns = [...new Set(processes.flatMap(({ netns }) => (isUnknown(netns) ? [] : [netns])))]
  let entry: Dns | null = null
  for (const { pid } of processes.slice(0, attempts)) {
    entry = { mountNamespace, netns, path: `/proc/${pid}/root`, ...(await readFiles(pid, mountNamespace)) }
    if (!isUnknown(entry.resolvConf) || !isUnknown(entry.hosts)) return entry
  }
  const nothing = unknown('no process')
  return entry ?? { mountNamespace, netns, path: '', resolvConf: nothing, hosts: nothing, nsswitch: nothing }
}

type DnsFiles = Pick<Dns, 'resolvConf' | 'hosts' | 'nsswitch'>

/** A pid may be another process's by now: its mount namespace is compared after reading. */
async function readFiles(pid: number, mountNamespace: string): Promise<DnsFiles> {
  const files = await readFolder('/etc', (path) => readInsideRoot(`/proc/${pid}/root`, path))
  const now = await readlink(`/proc/${pid}/ns/mnt`).catch(errnoOf)
  // Who may not look at this link could not look at the files either, and they say so.
  if (now === `mnt:[${mountNamespace}]` || now === 'EACCES' || now === 'EPERM') return files
  const gone = unknown('the process ended while it was read')
  return { resolvConf: gone, hosts: gone, nsswitch: gone }
}

async function readFolder(folder: string, read: (path: string) => Promise<Known<string>>): Promise<DnsFiles> {
  const resolvConf = await read(`${folder}/resolv.conf`)
  const hosts = await read(`${folder}/hosts`)
  const nsswitch = await read(`${folder}/nsswitch.conf`)
  return { resolvConf, hosts, nsswitch: isUnknown(nsswitch) ? nsswitch : hostsLine(nsswitch) }
}

/** What stands behind `hosts:` in nsswitch.conf, without a comment (nsswitch.conf(5)). The last line counts. */
export function hostsLine(content: string): Known<string> {
  const lines = content
    .split('\n')
    .map((line) => (line.split('#')[0] ?? '').trim())
    .filter((line) => /^hosts\s*:/.test(line))
  const last = lines.at(-1)
  return last === undefined ? unknown('nsswitch.conf has no hosts line') : last.replace(/^hosts\s*:\s*/, '')
}

/** The files lie in our own mount namespace. A name cannot lead out of the folder: it is one of its entries. */
async function readNamed(named: readonly NamedNetns[], folder: string): Promise<readonly Dns[]> {
  const ids = new Map(named.map(({ name, id }) => [name, id]))
  const names = await readdir(folder).catch(() => [])
  if (names.length === 0) return []
  const own = /\d+/.exec(await readlink('/proc/self/ns/mnt').catch(() => ''))?.[0] ?? ''
  const entries: Dns[] = []
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    const id = ids.get(name)
    if (id === undefined) continue
    const path = `${folder}/${name}`
    entries.push({ mountNamespace: own, netns: [id], path, ...(await readFolder(path, readOwnFile)) })
  }
  return entries
}
