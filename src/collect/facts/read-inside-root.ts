/**
 * Reads a small file of somebody else's file system, seen through /proc/PID/root, without leaving it and without
 * being held up. Whoever owns that file system may put anything there: links that lead out, a FIFO where a file
 * was, a folder that becomes a link between two looks.
 *
 * So nothing is opened by its whole path. Each part is opened from the folder before it, never following a link
 * (O_PATH | O_NOFOLLOW); a link's text is read and walked by ourselves, an absolute one from that root, and `..`
 * goes back along the folders we came by. Only what then is a regular file is opened for reading.
 */
import { constants } from 'node:fs'
import { open, readlink, type FileHandle } from 'node:fs/promises'
import { unknown, type Known } from '../../model/known.ts'
import { errnoOf } from '../kernel/details/read-proc.ts'

const O_PATH = 0o10000000
const maxBytes = 64 * 1024
/** As the kernel (MAXSYMLINKS). */
const maxLinks = 40
/** A folder may be on a file server that does not answer. */
const timeoutMs = 2000

/** `path` is absolute inside `root`. The reason is for a person: `not there`, `permission denied` … */
export async function readInsideRoot(root: string, path: string): Promise<Known<string>> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  try {
    return await Promise.race([
      walkAndRead(root, path),
      new Promise<Known<string>>((resolve) => {
        timeout.signal.addEventListener('abort', () => resolve(unknown(`no answer within ${timeoutMs} ms`)))
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}

async function walkAndRead(root: string, path: string): Promise<Known<string>> {
  const folders: FileHandle[] = []
  try {
    folders.push(await open(root, O_PATH | constants.O_DIRECTORY))
    return await walk(folders, partsOf(path))
  } catch (error) {
    return unknown(reasonOf(errnoOf(error)))
  } finally {
    await Promise.all(folders.map((folder) => folder.close()))
  }
}

/** `folders` are the ones we are in, the root first; `parts` is what is left to go. */
async function walk(folders: FileHandle[], parts: string[]): Promise<Known<string>> {
  for (let links = 0; ;) {
    const part = parts.shift()
    const folder = folders.at(-1)
    if (part === undefined || folder === undefined) return unknown('not a regular file')
    if (part === '..') {
      // Above the root is the root.
      if (folders.length > 1) await folders.pop()?.close()
      continue
    }
    const here = `/proc/self/fd/${folder.fd}/${part}`
    const next = await open(here, O_PATH | constants.O_NOFOLLOW)
    const stat = await next.stat().catch(() => null)
    if (stat?.isDirectory() === true) {
      folders.push(next)
      continue
    }
    try {
      if (stat?.isSymbolicLink() === true) {
        if (++links > maxLinks) return unknown('too many symbolic links')
        const target = await readlink(here)
        if (target.startsWith('/')) await backToRoot(folders)
        parts.unshift(...partsOf(target))
        continue
      }
      if (stat?.isFile() !== true) return unknown('not a regular file')
      if (parts.length > 0) return unknown('not there')
      return await readRegular(next)
    } finally {
      await next.close()
    }
  }
}

async function backToRoot(folders: FileHandle[]): Promise<void> {
  for (const folder of folders.splice(1)) await folder.close()
}

/** Opens again what the O_PATH descriptor stands for: that very inode, whatever its name means by now. */
async function readRegular(file: FileHandle): Promise<Known<string>> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
  const opened = await open(`/proc/self/fd/${file.fd}`, flags)
  try {
    const buffer = Buffer.alloc(maxBytes + 1)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await opened.read(buffer, length, buffer.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    if (length > maxBytes) return unknown(`larger than ${maxBytes / 1024} KiB`)
    return buffer.toString('utf8', 0, length)
  } finally {
    await opened.close()
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

function reasonOf(errno: string): string {
  if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ESRCH') return 'not there'
  if (errno === 'EACCES' || errno === 'EPERM') return `permission denied (${errno})`
  // A link that is none any more.
  if (errno === 'EINVAL') return 'changed while it was read'
  return `cannot be read (${errno})`
}
