/**
 * Opens a snapshot file. The file may come from anybody: everything that can be wrong with it is a value with a
 * sentence, and nothing in it makes the program take more memory or time than the limits say.
 */
import { isUtf8 } from 'node:buffer'
import { constants, open, stat, type FileHandle } from 'node:fs/promises'
import { getHeapStatistics } from 'node:v8'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { codeOf, failed, reasonOf, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { World } from '../model/world.ts'
import { jsonProblemText } from '../lib/parse-json.ts'
import { scanJson } from '../lib/scan-json.ts'

export type SnapshotLimits = {
  /** Bytes of the file as it lies on the disk, when it is compressed. */
  readonly compressedBytes: number
  /** Bytes of JSON text. */
  readonly textBytes: number
  readonly depth: number
  /** Bytes of memory that the parsed World may take. */
  readonly heapBytes: number
}

const mebibyte = 1024 * 1024

/** A World of 1,000 namespaces with all details is 20 to 60 MiB of text and nests 9 deep. */
const defaultLimits = (): SnapshotLimits => ({
  compressedBytes: 64 * mebibyte,
  textBytes: 256 * mebibyte,
  depth: 64,
  heapBytes: 0.8 * getHeapStatistics().heap_size_limit,
})

/**
 * The dearest that JSON of this many objects and values became in V8 11 (test/snapshot/read-snapshot.test.ts runs
 * such files in a small heap): an object with names of its own, a member of an object with very many.
 */
const heapPerContainer = 160
const heapPerValue = 100

export async function readSnapshot(file: string, limits = defaultLimits()): Promise<Outcome<World>> {
  const bytes = await readBytes(file, limits)
  if (!bytes.ok) return bytes
  const text = await inflate(bytes.value, file, limits)
  if (!text.ok) return text
  const json = parseJson(text.value, file, limits)
  if (!json.ok) return json
  const { parseWorld } = await import('./parse-world.ts')
  return parseWorld(json.value, file)
}

async function readBytes(file: string, limits: SnapshotLimits): Promise<Outcome<Buffer>> {
  let handle: FileHandle
  try {
    // Opening alone does something to a device (a watchdog starts) and to a FIFO (its writer goes on).
    if (!(await stat(file)).isFile()) return failed(notRegular(file))
    // Another file may have its name by now. O_NONBLOCK: a FIFO without a writer would keep open(2) waiting for ever.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch (error) {
    return failed(cannotOpen(error, file))
  }
  try {
    const status = await handle.stat()
    if (!status.isFile()) return failed(notRegular(file))
    const head = Buffer.alloc(2)
    const { bytesRead } = await handle.read(head, 0, 2, 0)
    if (bytesRead === 0) return refused(file, 'is empty')
    const limit = isGzip(head) ? limits.compressedBytes : limits.textBytes
    // The size that stat tells is only a first look: a file may grow, and files of /proc say 0.
    if (status.size > limit) return refused(file, tooLarge(limit))
    return await readUpTo(handle, limit, status.size, file)
  } catch (error) {
    return refused(file, `cannot be read: ${sanitise(reasonOf(error))}`)
  } finally {
    await handle.close()
  }
}

async function readUpTo(
  handle: FileHandle,
  limit: number,
  expected: number,
  file: string,
): Promise<Outcome<Buffer>> {
  const chunks: Buffer[] = []
  let total = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(total < expected ? expected - total : 65_536)
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, total)
    if (bytesRead === 0) return succeeded(chunks.length === 1 ? (chunks[0] ?? chunk) : Buffer.concat(chunks))
    total += bytesRead
    if (total > limit) return refused(file, tooLarge(limit))
    chunks.push(chunk.subarray(0, bytesRead))
  }
}

async function inflate(bytes: Buffer, file: string, limits: SnapshotLimits): Promise<Outcome<Buffer>> {
  if (!isGzip(bytes)) return succeeded(bytes)
  try {
    // Stops as soon as more comes out, whatever the length in the trailer claims.
    return succeeded(await promisify(gunzip)(bytes, { maxOutputLength: limits.textBytes }))
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ERR_BUFFER_TOO_LARGE') return refused(file, `inflates to ${tooLarge(limits.textBytes)}`)
    if (code === 'Z_BUF_ERROR') return refused(file, 'ends too early: the gzip data is truncated')
    return refused(file, `is damaged: ${sanitise(reasonOf(error))}`)
  }
}

function parseJson(bytes: Buffer, file: string, limits: SnapshotLimits): Outcome<unknown> {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const text = bytes.subarray(start)
  const scan = scanJson(text, limits.depth)
  if (!scan.ok) return refused(file, `is not JSON that can be read: ${jsonProblemText(text, scan)}`)
  if (!isUtf8(text)) return refused(file, 'is not UTF-8 text')
  const heap = text.length + scan.containers * heapPerContainer + scan.values * heapPerValue
  if (heap > limits.heapBytes) {
    const needs = Math.ceil(heap / mebibyte)
    return failed({
      kind: 'refused',
      what: `"${sanitise(file)}" would take about ${needs} MiB of memory, more than this program may use`,
      subject: file,
      hint: `if you trust it: NODE_OPTIONS=--max-old-space-size=${Math.ceil(needs * 1.5)}`,
    })
  }
  try {
    return succeeded(JSON.parse(text.toString('utf8')))
  } catch (error) {
    return refused(file, `is not JSON: ${sanitise(reasonOf(error))}`)
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

function tooLarge(limit: number): string {
  const size = limit >= mebibyte ? `${Math.floor(limit / mebibyte)} MiB` : `${limit} bytes`
  return `more than ${size}, the most that is read`
}

function refused(file: string, says: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { kind: 'refused', what: `"${sanitise(file)}" ${says}`, subject: file } }
}

function notRegular(file: string): Failure {
  const what = `"${sanitise(file)}" is not a regular file`
  return { kind: 'refused', what, subject: file, hint: 'give a snapshot file' }
}

function cannotOpen(error: unknown, file: string): Failure {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return { kind: 'not-found', what: `"${sanitise(file)}" does not exist`, subject: file }
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      kind: 'permission',
      what: `"${sanitise(file)}" may not be read: permission denied`,
      subject: file,
    }
  }
  return {
    kind: 'refused',
    what: `"${sanitise(file)}" cannot be opened: ${sanitise(reasonOf(error))}`,
    subject: file,
  }
}
