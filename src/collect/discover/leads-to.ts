/**
 * Does a mount point's path lead to the namespace that mountinfo names there? Something may be mounted over it,
 * and in another mount namespace every folder and link belongs to somebody else: an absolute link found below
 * /proc/PID/root would be followed from *our* root. mountinfo's paths hold no links, so a path that has one
 * now is not the one that was meant.
 */
import { isErrno, statusOfLink } from './file-access.ts'
import type { NetnsId } from '../../model/ids.ts'

export type LeadsTo = (root: string, mountPoint: string, id: NetnsId) => boolean

/**
 * For one pass over many mounts: what is known of a folder is asked once. The answer is a moment's; whoever opens the path
 * compares the inode again.
 */
export function createLeadsTo(): LeadsTo {
  const folders = new Map<string, boolean>()
  const isPlainFolder = (path: string): boolean => {
    const seen = folders.get(path)
    if (seen !== undefined) return seen
    const status = statusOfLink(path)
    const plain = !isErrno(status) && status.isFolder && !status.isSymbolicLink
    folders.set(path, plain)
    return plain
  }
  return (root, mountPoint, id) => {
    if (!mountPoint.startsWith('/')) return false
    const parts = mountPoint.slice(1).split('/')
    const last = parts.pop() ?? ''
    if (last === '') return false
    let path = root
    for (const part of parts) {
      if (part === '' || part === '.' || part === '..') return false
      path += `/${part}`
      if (!isPlainFolder(path)) return false
    }
    const status = statusOfLink(`${path}/${last}`)
    return !isErrno(status) && !status.isFolder && String(status.ino) === id
  }
}
