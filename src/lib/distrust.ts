/**
 * Could another user put something else at the end of this path between two looks at it? Each folder on the way is looked
 * at, through links too. Root writing or reading below a folder that somebody else may write can be led anywhere by a link.
 */
import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { resolve } from 'node:path'
import { codeOf, reasonOf } from './failure.ts'
import { sanitise } from './sanitise.ts'

const stickyBit = 0o1000
/** As many as the kernel follows (path_resolution(7)). */
const mostLinks = 40

/** Why not to trust the path, in words that follow a colon; null: nobody else can change it. What is not there yet is fine. */
export function distrust(path: string, uid: number = process.geteuid?.() ?? 0): string | null {
  let rest = partsOf(resolve(path))
  let at: readonly string[] = []
  let links = 0
  for (;;) {
    const [name, ...others] = rest
    if (name === undefined) return null
    rest = others
    if (name === '.') continue
    if (name === '..') {
      at = at.slice(0, -1)
      continue
    }
    const here = `/${[...at, name].join('/')}`
    const status = statusOf(here)
    if (typeof status === 'string') return status === 'ENOENT' ? null : `${sanitise(here)}: ${status}`
    const problem = problemOf(status, uid)
    if (problem !== null) return `${sanitise(here)} ${problem}`
    if (!status.isSymbolicLink()) {
      at = [...at, name]
      continue
    }
    links += 1
    if (links > mostLinks) return `${sanitise(here)}: too many links`
    const target = readlinkSync(here)
    if (target.startsWith('/')) at = []
    rest = [...partsOf(target), ...rest]
  }
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '')
}

function statusOf(path: string): Stats | string {
  try {
    return lstatSync(path)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'ENOENT' : reasonOf(error)
  }
}

/** Of one file, folder or link: whose it is, and who else may write it. */
export function problemOf(status: Stats, uid: number): string | null {
  if (status.uid !== 0 && status.uid !== uid) return `belongs to another user (uid ${status.uid})`
  // A link's mode means nothing; in a sticky folder (/tmp) only the owner may move what is in it, and the owner is looked at.
  if (status.isSymbolicLink() || (status.isDirectory() && (status.mode & stickyBit) !== 0)) return null
  // A user's own group is theirs (umask 002); root's is asked to be closed.
  const byGroup = (status.mode & 0o020) !== 0 && status.gid !== 0 && status.uid !== (uid === 0 ? -1 : uid)
  if ((status.mode & 0o002) !== 0 || byGroup) return 'may be written by other users'
  return null
}
