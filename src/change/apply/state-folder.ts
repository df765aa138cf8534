/**
 * /run/vethscope/INODE: what this program keeps of one namespace that plays a host. Root's alone, and made with care: /run may be a
 * place where others can put a link first.
 */
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, type Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { labsFolder } from '../../collect/lab/read-labs.ts'
import { codeOf, failed, reasonOf, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown } from '../../model/known.ts'
import type { World } from '../../model/world.ts'

/** Which namespace the folder is of: an inode is used again, a cookie never until the next boot. */
export type HostMark = { readonly cookie: string | null; readonly bootId: string | null }

export function folderOf(world: World): string {
  return join(labsFolder, world.host)
}

export function markOf(world: World): HostMark {
  return {
    cookie: world.netns.find(({ id }) => id === world.host)?.cookie ?? null,
    bootId: isUnknown(world.bootId) ? null : world.bootId,
  }
}

/** The folder, with `lab` below it, whose records are written by steps. */
export function makeStateFolder(folder: string): Outcome<void> {
  for (const each of [dirname(folder), folder, join(folder, 'lab')]) {
    const made = ownFolder(each)
    if (!made.ok) return made
  }
  return succeeded(undefined)
}

function ownFolder(folder: string): Outcome<void> {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return failed(cannot('make', folder, error))
  }
  return trusted(folder)
}

/** What is there is a folder, no link to one, and only its owner may write in it. */
export function trusted(folder: string): Outcome<void> {
  try {
    const wrong = wrongWith(lstatSync(folder))
    if (wrong === null) return succeeded(undefined)
    const what = `nothing is kept in ${sanitise(folder)}: it ${wrong}`
    return failed({ kind: 'permission', what, subject: folder, hint: 'see who made it, and remove it' })
  } catch (error) {
    return failed(cannot('look at', folder, error))
  }
}

function wrongWith(status: Stats): string | null {
  if (!status.isDirectory()) return 'is no folder'
  if (status.uid !== (process.geteuid?.() ?? 0)) return `belongs to another user (uid ${status.uid})`
  return (status.mode & 0o022) === 0 ? null : 'may be written by other users'
}

export function cannot(doing: string, path: string, error: unknown): Failure {
  const code = codeOf(error)
  const isDenied = code === 'EACCES' || code === 'EPERM'
  const what = `cannot ${doing} ${sanitise(path)}: ${sanitise(reasonOf(error))}`
  if (isDenied) return { kind: 'permission', what, subject: path, hint: 'run as root' }
  return { kind: 'refused', what, subject: path }
}

/** Whether what is in the folder is of another namespace, which had this inode before and is gone. */
export function isOfDead(folder: string, mark: HostMark): boolean {
  const kept = readMark(folder)
  if (kept === null) return false
  const differs = (key: keyof HostMark) => kept[key] !== null && mark[key] !== null && kept[key] !== mark[key]
  return differs('bootId') || differs('cookie')
}

function readMark(folder: string): HostMark | null {
  try {
    const { cookie, bootId } = JSON.parse(readFileSync(join(folder, 'host'), 'utf8')) as Partial<HostMark>
    return { cookie: cookie ?? null, bootId: bootId ?? null }
  } catch {
    return null
  }
}

/**
 * Under the lock: the folder is this namespace's from now on. Of a dead one the journal is put aside, the rest goes; the mark is
 * written last, so that whoever dies here is followed by somebody who does it again.
 */
export function claimFolder(folder: string, mark: HostMark): Outcome<void> {
  try {
    const kept = isOfDead(folder, mark) ? null : readMark(folder)
    if (isOfDead(folder, mark)) {
      for (const name of ['lab', 'running', 'reserve'])
        rmSync(join(folder, name), { recursive: true, force: true })
      mkdirSync(join(folder, 'lab'), { mode: 0o700 })
      renameIfThere(join(folder, 'journal'), join(folder, 'journal.gone'))
    }
    // Not every reader tells the cookie: what was known stays known.
    const known = { cookie: mark.cookie ?? kept?.cookie ?? null, bootId: mark.bootId ?? kept?.bootId ?? null }
    if (kept?.cookie === known.cookie && kept.bootId === known.bootId) return succeeded(undefined)
    writeWhole(join(folder, 'host'), `${JSON.stringify(known)}\n`)
    return succeeded(undefined)
  } catch (error) {
    return failed(cannot('write in', folder, error))
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** There with all of its text, or not there. */
export function writeWhole(file: string, text: string): void {
  const half = `${file}.new`
  // Left by one that died while it wrote.
  rmSync(half, { force: true })
  try {
    writeFileSync(half, text, { mode: 0o600, flag: 'wx' })
    renameSync(half, file)
  } catch (error) {
    rmSync(half, { force: true })
    throw error
  }
}
