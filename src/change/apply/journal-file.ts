/** The journal: an append-only file of lines, each on the disk before what it announces is done. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { codeOf, failed, succeeded, type Outcome } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { entriesOf } from './entries.ts'
import type { Entry } from './entry.ts'
import { readLines, type Line } from './line.ts'
import { cannot, trusted } from './state-folder.ts'

export type Journal = {
  /** As it was when it was opened. */
  readonly entries: readonly Entry[]
  readonly append: (line: Line) => Outcome<void>
  /** Room for the lines of the way back is kept free, should the disk become full: `release` gives it. */
  readonly reserve: (bytes: number) => Outcome<void>
  readonly release: () => void
  readonly close: () => void
}

const { O_RDONLY, O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants

/** For looking at: nothing is made. */
export function readJournal(folder: string): Outcome<readonly Entry[]> {
  const file = join(folder, 'journal')
  let fd: number
  try {
    fd = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? succeeded([]) : failed(cannot('read', file, error))
  }
  try {
    const read = linesIn(file, fd)
    return read.ok ? succeeded(entriesOf(read.value.lines)) : read
  } catch (error) {
    return failed(cannot('read', file, error))
  } finally {
    closeSync(fd)
  }
}

/** For writing, under the lock. A line that its writer did not end, because it was killed, goes. */
export function openJournal(folder: string): Outcome<Journal> {
  const file = join(folder, 'journal')
  const fine = trusted(folder)
  if (!fine.ok) return fine
  let fd: number
  try {
    fd = openSync(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
  } catch (error) {
    return failed(cannot('write', file, error))
  }
  try {
    const read = linesIn(file, fd)
    if (!read.ok) {
      closeSync(fd)
      return read
    }
    if (fstatSync(fd).size > read.value.bytes) ftruncateSync(fd, read.value.bytes)
    return succeeded(journalOn(folder, fd, entriesOf(read.value.lines)))
  } catch (error) {
    closeSync(fd)
    return failed(cannot('write', file, error))
  }
}

function linesIn(
  file: string,
  fd: number,
): Outcome<{ readonly lines: readonly Line[]; readonly bytes: number }> {
  const status = fstatSync(fd)
  const isOurs = status.isFile() && status.uid === (process.geteuid?.() ?? 0)
  const refuse = (what: string, hint: string) =>
    failed({ kind: 'refused' as const, what: `${sanitise(file)} ${what}`, subject: file, hint })
  if (!isOurs) return refuse('is not a file of ours', 'see who made it, and remove it')
  const read = readLines(readFileSync(fd, 'utf8'))
  if (read.ok) return succeeded(read)
  return refuse(
    `cannot be understood: line ${read.number} is damaged`,
    'put it aside; what it told of must then be taken back by hand',
  )
}

function journalOn(folder: string, fd: number, entries: readonly Entry[]): Journal {
  const reserved = join(folder, 'reserve')
  return {
    entries,
    append: (line) => {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
      const { size } = fstatSync(fd)
      try {
        const written = writeSync(fd, bytes)
        // A disk that becomes full takes a part; the rest would fail.
        if (written < bytes.length)
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
        fsyncSync(fd)
        return succeeded(undefined)
      } catch (error) {
        ftruncateSync(fd, size)
        return failed(cannot('write', join(folder, 'journal'), error))
      }
    },
    reserve: (bytes) => {
      try {
        rmSync(reserved, { force: true })
        // Not zeros: a file system may keep a hole for them.
        writeFileSync(reserved, Buffer.alloc(bytes, '.'), { mode: 0o600, flag: 'wx' })
        return succeeded(undefined)
      } catch (error) {
        rmSync(reserved, { force: true })
        return failed(cannot('write', reserved, error))
      }
    },
    release: () => rmSync(reserved, { force: true }),
    close: () => closeSync(fd),
  }
}
