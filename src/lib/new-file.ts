/**
 * A file that is made anew: never over an existing one, never through a link, readable by its owner only, whole or not
 * at all.
 */
import type { Stats } from 'node:fs'
import { access, constants, lstat, open, unlink, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, failed, reasonOf, succeeded, type Failure, type Outcome } from './failure.ts'
import { sanitise } from './sanitise.ts'

export type WrittenFile = { readonly file: string; readonly bytes: number }

/** `pour` writes what is to be in it; where that fails nothing is left. */
export async function writeNewFile(
  file: string,
  pour: (handle: FileHandle) => Promise<void>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome<WrittenFile>> {
  const opened = await openNewFile(file, env)
  if (!opened.ok) return opened
  const handle = opened.value
  try {
    await pour(handle)
    await handle.sync()
    const { size } = await handle.stat()
    await handle.close()
    return succeeded({ file, bytes: size })
  } catch (error) {
    await removeOwn(handle, file)
    return failed(cannotWrite(error, file))
  }
}

/** An empty one, for what is worth keeping also when it is not whole. */
export async function openNewFile(
  file: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome<FileHandle>> {
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
    await giveToInvoker(handle, env)
    return succeeded(handle)
  } catch (error) {
    await removeOwn(handle, file)
    return failed(cannotWrite(error, file))
  }
}

/**
 * Why a file could not be made there, as far as that can be told without making it: reading a large host takes
 * seconds, and what is wrong with the name should be said before.
 */
export async function refusalToWrite(file: string): Promise<Failure | null> {
  try {
    return alreadyThere(file, await lstat(file))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return cannotCreate(error, file, null)
  }
  try {
    await access(dirname(file), constants.W_OK | constants.X_OK)
    return null
  } catch (error) {
    return cannotCreate(error, file, null)
  }
}

/** Under sudo the file belongs to who called it: root's own file in their folder helps nobody. */
async function giveToInvoker(handle: FileHandle, env: NodeJS.ProcessEnv): Promise<void> {
  const [uid, gid] = [idOf(env['SUDO_UID']), idOf(env['SUDO_GID'])]
  if (process.getuid?.() !== 0 || uid === null || gid === null) return
  await handle.chown(uid, gid)
}

/** The largest means "leave it" to chown(2), and is nobody's. */
const noId = 0xffffffff

function idOf(text: string | undefined): number | null {
  const id = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : noId
  return id < noId ? id : null
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
  if (code === 'EEXIST' || code === 'EISDIR') return alreadyThere(file, there)
  if (code === 'ENOENT' || code === 'ENOTDIR') return refusal(file, 'not-found', 'the folder does not exist')
  if (code === 'EACCES' || code === 'EPERM') {
    return refusal(file, 'permission', 'permission denied', 'choose a folder that you may write to')
  }
  return cannotWrite(error, file)
}

function alreadyThere(file: string, there: Stats | null): Failure {
  if (there === null && file.endsWith('/')) {
    return refusal(file, 'refused', 'it names a folder', 'give the name of a file')
  }
  if (there === null || there.isFile()) {
    return refusal(file, 'refused', 'it exists', 'choose another name, or remove it first')
  }
  const kind = there.isSymbolicLink() ? 'a symbolic link' : there.isDirectory() ? 'a folder' : 'not a file'
  return refusal(
    file,
    'refused',
    `it is ${kind}`,
    'choose a name that is not there yet; - is standard output',
  )
}

function refusal(file: string, kind: Failure['kind'], reason: string, hint?: string): Failure {
  return {
    kind,
    what: `cannot write "${sanitise(file)}": ${reason}`,
    subject: file,
    ...(hint === undefined ? {} : { hint }),
  }
}

function cannotWrite(error: unknown, file: string): Failure {
  const code = codeOf(error)
  const reason = (code === undefined ? undefined : reasons[code]) ?? sanitise(reasonOf(error))
  return refusal(file, 'refused', reason)
}

const reasons: { readonly [code: string]: string } = {
  ENOSPC: 'no space left on the disk; nothing was kept',
  EDQUOT: 'the disk quota is used up; nothing was kept',
  ABORT_ERR: 'stopped; nothing was kept',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the file system is read-only',
}
