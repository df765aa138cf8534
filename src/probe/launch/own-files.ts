/**
 * The files that stand over those of /etc for a program inside a namespace, read before it is entered. Of a named one the
 * files of /etc/netns/NAME themselves (ip-netns(8)); of a container copies of its own, because its file system is its
 * owner's, who may put links and devices there.
 */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readInsideRoot } from '../../collect/facts/read-inside-root.ts'
import { hostsLine } from '../../collect/dns.ts'
import { isUnknown } from '../../model/known.ts'
import type { PlaceFiles } from '../../model/probe.ts'

export type OwnFile = {
  /** In /etc. */
  readonly name: string
} & ({ readonly path: string } | { readonly content: string })

export type OwnFiles = {
  readonly files: readonly OwnFile[]
  /** What could not be had, each a sentence. */
  readonly problems: readonly string[]
}

export async function readOwnFiles(place: PlaceFiles | undefined): Promise<OwnFiles> {
  if (place === undefined) return { files: [], problems: [] }
  return 'folder' in place ? ofFolder(place.folder) : ofProcess(place)
}

async function ofFolder(folder: string): Promise<OwnFiles> {
  // No such folder: it has no files of its own.
  const names = await readdir(folder).catch(() => [])
  return { files: names.map((name) => ({ name, path: join(folder, name) })), problems: [] }
}

type OfProcess = Extract<PlaceFiles, { readonly pid: number }>

async function ofProcess({ pid, mountNamespace }: OfProcess): Promise<OwnFiles> {
  const root = `/proc/${pid}/root`
  const [resolvConf, hosts, nsswitch, hostsOwn] = await Promise.all([
    readInsideRoot(root, '/etc/resolv.conf'),
    readInsideRoot(root, '/etc/hosts'),
    readInsideRoot(root, '/etc/nsswitch.conf'),
    readFile('/etc/nsswitch.conf', 'utf8').catch(() => null),
  ])
  // The pid may be another process's by now: whose files these are is asked after reading.
  const now = await readlink(`/proc/${pid}/ns/mnt`).catch(() => '')
  if (now !== `mnt:[${mountNamespace}]`) {
    return { files: [], problems: ['its own resolv.conf and hosts cannot be read: their process has ended'] }
  }
  const files: OwnFile[] = []
  const problems: string[] = []
  for (const [name, read] of [
    ['resolv.conf', resolvConf],
    ['hosts', hosts],
  ] as const) {
    if (!isUnknown(read)) files.push({ name, content: read })
    // A program in there goes without; with the host's it would find what is not there.
    else if (read.unknown === 'not there') files.push({ name, content: '' })
    else problems.push(`its own ${name} cannot be read: ${read.unknown}`)
  }
  if (hostsOwn !== null) {
    files.push({ name: 'nsswitch.conf', content: withHosts(hostsOwn, isUnknown(nsswitch) ? null : nsswitch) })
  }
  return { files, problems }
}

/**
 * The host's users and groups are found as before; hosts as in the container: a host that asks systemd-resolved for them
 * would be answered by its own.
 */
export function withHosts(own: string, theirs: string | null): string {
  const line = theirs === null ? null : hostsLine(theirs)
  // What the C libraries do without the file (nsswitch.conf(5)).
  const hosts = line === null || isUnknown(line) ? 'files dns' : line
  const others = own.split('\n').filter((each) => !/^\s*hosts\s*:/.test(each))
  return `${others.join('\n').trimEnd()}\nhosts: ${hosts}\n`
}
