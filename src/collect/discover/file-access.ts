/**
 * Looks at files below /proc and at mount points, with errors as values: on a living host processes vanish
 * between two looks, so an error here is an everyday answer. All calls are synchronous: each takes a few
 * microseconds, and asynchronous ones would run on pool threads and cost five times as much.
 */
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs'

/** `ENOENT`, `EACCES` … */
export type Errno = { readonly errno: string }

export type FileStatus = {
  readonly dev: number
  readonly ino: number
  readonly nlink: number
  readonly isFolder: boolean
  readonly isSymbolicLink: boolean
}

export function isErrno(value: unknown): value is Errno {
  return typeof value === 'object' && value !== null && 'errno' in value
}

/** The kernel answers both, depending on which check fails first. */
export function isDenied(value: unknown): value is Errno {
  return isErrno(value) && (value.errno === 'EACCES' || value.errno === 'EPERM')
}

/** Where a symbolic link says it leads; `net:[4026531833]` for those in /proc/PID/ns. */
export function linkText(path: string): string | Errno {
  return attempt(() => readlinkSync(path))
}

export function namesIn(folder: string): readonly string[] | Errno {
  return attempt(() => readdirSync(folder))
}

/** Follows the last link, as opening the path would. */
export function statusOf(path: string): FileStatus | Errno {
  return attempt(() => statusFrom(statSync(path)))
}

/** Does not follow the last link. */
export function statusOfLink(path: string): FileStatus | Errno {
  return attempt(() => statusFrom(lstatSync(path)))
}

let buffer = Buffer.allocUnsafe(64 * 1024)

/** A whole file of /proc (fs.readFileSync asks for its size first, which is always 0 there, and costs double). */
export function bytesOf(path: string): Buffer | Errno {
  return attempt(() => {
    const fd = openSync(path, 'r')
    try {
      let length = 0
      for (;;) {
        if (length === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2)
        const read = readSync(fd, buffer, length, buffer.length - length, null)
        if (read === 0) return Buffer.from(buffer.subarray(0, length))
        length += read
      }
    } finally {
      closeSync(fd)
    }
  })
}

function statusFrom(stats: ReturnType<typeof lstatSync>): FileStatus {
  if (stats === undefined) throw new Error('no status')
  return {
    dev: Number(stats.dev),
    ino: Number(stats.ino),
    nlink: Number(stats.nlink),
    isFolder: stats.isDirectory(),
    isSymbolicLink: stats.isSymbolicLink(),
  }
}

/** Nobody reads these stack traces, and taking them is most of the cost of a refused readlink. */
function attempt<T>(call: () => T): T | Errno {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return call()
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      return { errno: error.code }
    }
    throw error
  } finally {
    Error.stackTraceLimit = limit
  }
}
