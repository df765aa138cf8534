/**
 * One change at a time. flock(2) on a file: the kernel releases it when the last process that has it open is gone, so
 * also after SIGKILL, and not before a command that this program started has ended. Asked for by flock(1) (util-linux, as nsenter is)
 * on a descriptor that it shares with us: that works without koffi.
 */
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { run } from '../../lib/run.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { cannot } from './state-folder.ts'

export type Lock = {
  /** For the commands of the change, which hold it too. */
  readonly fd: number
  readonly waited: boolean
  readonly release: () => void
}

export type LockOptions = {
  /** What is being done, for whoever waits: `make network lab0`. */
  readonly doing: string
  readonly onWait?: ((what: string) => void) | undefined
  readonly signal: AbortSignal
  readonly seconds?: number
}

const defaultSeconds = 30
/** What flock(1) ends with where somebody else has it. */
const busy = 1

export async function takeLock(folder: string, options: LockOptions): Promise<Outcome<Lock>> {
  const { doing, onWait, signal, seconds = defaultSeconds } = options
  const file = join(folder, 'lock')
  let fd: number
  try {
    fd = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  } catch (error) {
    return failed(cannot('open', file, error))
  }
  const ask = (...argv: readonly string[]) =>
    run(['flock', ...argv, '3'], { holding: fd, signal, timeoutMs: (seconds + 5) * 1000 })
  let waited = false
  let asked = await ask('-n')
  if (asked.exitCode === busy) {
    waited = true
    onWait?.(`${holderOf(file)}: waiting for it`)
    asked = await ask('-w', String(seconds))
  }
  if (asked.exitCode === 0) {
    writeHolder(fd, { pid: process.pid, doing })
    return succeeded({
      fd,
      waited,
      release: () => {
        ftruncateSync(fd)
        closeSync(fd)
      },
    })
  }
  closeSync(fd)
  if (asked.exitCode === busy) {
    return failed(refused(`${holderOf(file)}, and did not end in ${seconds} s`, file, 'try again later'))
  }
  const why = asked.problem ?? (sanitise(asked.stderr.trim()) || `exit ${asked.exitCode}`)
  return failed(refused(`cannot lock ${file}: flock: ${why}`, file))
}

function refused(what: string, subject: string, hint?: string): Failure {
  return { kind: 'refused', what, subject, ...(hint === undefined ? {} : { hint }) }
}

function writeHolder(fd: number, holder: { readonly pid: number; readonly doing: string }): void {
  try {
    ftruncateSync(fd)
    writeSync(fd, JSON.stringify(holder), 0)
  } catch {
    // Only for the sentence that others are told: a full disk does not matter here.
  }
}

function holderOf(file: string): string {
  try {
    const { pid, doing } = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>
    return `process ${Number(pid)} is changing this host (${sanitise(String(doing))})`
  } catch {
    return 'another process is changing this host'
  }
}
