/**
 * Writes a World as a file: JSON, compressed when the name ends in `.gz`. The file is made anew (never over an
 * existing one, never through a link), readable by its owner only, whole or not at all.
 */
import type { Stats } from 'node:fs'
import { constants, lstat, open, unlink, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { World } from '../model/world.ts'
import { worldJson } from './world-json.ts'

export type WrittenSnapshot = { readonly file: string; readonly bytes: number }

export async function writeSnapshot(
  world: World,
  file: string,
  options: { readonly signal?: AbortSignal; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome<WrittenSnapshot>> {
  let handle: FileHandle
  try {
    handle = await open(
      file,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    )
  } catch (error) {
    const there = await lstat(file).catch(() => null)
    return failed(cannotCreate(error, file, there))
  }
  try {
    await giveToInvoker(handle, options.env ?? process.env)
    await pour(world, file, handle, options.signal)
    await handle.sync()
    const { size } = await handle.stat()
    await handle.close()
    return succeeded({ file, bytes: size })
  } catch (error) {
    await removeOwn(handle, file)
    return failed(cannotWrite(error, file))
  }
}

async function pour(
  world: World,
  file: string,
  to: FileHandle,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = signal === undefined ? {} : { signal }
  const json = Readable.from(worldJson(world))
  const write = async (pieces: AsyncIterable<string | Buffer>) => {
    // Goes on where the last call ended, and loops until all of the piece is written.
    for await (const piece of pieces) await to.writeFile(piece)
  }
  if (file.endsWith('.gz')) await pipeline(json, createGzip(), write, options)
  else await pipeline(json, write, options)
}

/** Under sudo the file belongs to who called it: root's own file in their folder helps nobody. */
async function giveToInvoker(handle: FileHandle, env: NodeJS.ProcessEnv): Promise<void> {
  const [uid, gid] = [numberOf(env['SUDO_UID']), numberOf(env['SUDO_GID'])]
  if (process.getuid?.() !== 0 || uid === null || gid === null) return
  await handle.chown(uid, gid)
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null
}

/** Takes the half-written file away, but only if the name still leads to it. */
async function removeOwn(handle: FileHandle, file: string): Promise<void> {
  try {
    const [ours, there] = [await handle.stat(), await lstat(file)]
    if (ours.dev === there.dev && ours.ino === there.ino) await unlink(file)
  } catch {
    // Gone already, or the folder went away: nothing is left that could be removed.
  }
  await handle.close().catch(() => {})
}

function cannotCreate(error: unknown, file: string, there: Stats | null): Failure {
  const code = codeOf(error)
  const failure = (kind: Failure['kind'], reason: string, hint?: string): Failure => ({
    kind,
    what: `cannot write "${sanitise(file)}": ${reason}`,
    subject: file,
    ...(hint === undefined ? {} : { hint }),
  })
  if (code === 'EEXIST' || code === 'EISDIR') {
    if (there === null || there.isFile()) {
      return failure('refused', 'it exists', 'choose another name, or remove it first')
    }
    const kind = there.isSymbolicLink() ? 'a symbolic link' : there.isDirectory() ? 'a folder' : 'not a file'
    return failure('refused', `it is ${kind}`, 'choose a name that is not there yet; - is standard output')
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') return failure('not-found', 'the folder does not exist')
  if (code === 'EACCES' || code === 'EPERM') {
    return failure('permission', 'permission denied', 'choose a folder that you may write to')
  }
  return cannotWrite(error, file)
}

function cannotWrite(error: unknown, file: string): Failure {
  const code = codeOf(error)
  const reason =
    (code === undefined ? undefined : reasons[code]) ??
    sanitise(error instanceof Error ? error.message : String(error))
  return { kind: 'refused', what: `cannot write "${sanitise(file)}": ${reason}`, subject: file }
}

const reasons: { readonly [code: string]: string } = {
  ENOSPC: 'no space left on the disk; nothing was kept',
  EDQUOT: 'the disk quota is used up; nothing was kept',
  ABORT_ERR: 'stopped; nothing was kept',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the file system is read-only',
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
