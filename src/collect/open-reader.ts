/** Which of the two readers is used, and why. */
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import { unknown, type Known } from '../model/known.ts'
import { ipReader } from './ip/ip-reader.ts'
import { loadLibc, type Libc } from './kernel/libc.ts'
import { netlinkReader } from './kernel/netlink-reader.ts'
import type { KernelReader } from './reader.ts'

export type ReaderChoice = 'auto' | 'netlink' | 'ip'

export type OpenedReader = {
  readonly reader: KernelReader
  /** For `about` and the snapshot. */
  readonly why: string
  /** null: koffi is not loaded. */
  readonly libc: Libc | null
  /** koffi's version. */
  readonly koffi: Known<string>
}

/** Once a thread: each binding would keep a descriptor of the thread's own namespace. */
let loading: Promise<Outcome<Libc>> | null = null

export async function openReader(choice: ReaderChoice): Promise<Outcome<OpenedReader>> {
  loading ??= loadLibc()
  const loaded = await loading
  const koffi: Known<string> = loaded.ok ? loaded.value.version : unknown(loaded.failure.what)
  const libc = loaded.ok ? loaded.value : null
  if (choice === 'ip') return succeeded({ reader: ipReader(), why: 'asked for', libc, koffi })
  if (!loaded.ok) {
    if (choice === 'netlink') return failed(onlyNetlink(loaded.failure))
    return succeeded({ reader: ipReader(), why: loaded.failure.what, libc, koffi })
  }
  const reader = netlinkReader(loaded.value)
  const why = choice === 'netlink' ? 'asked for' : 'koffi is loaded'
  const blind = reader.blind === null ? '' : `; without events: ${reader.blind.unknown}`
  return succeeded({ reader, why: why + blind, libc, koffi })
}

/** It was asked for, so nothing takes its place unasked. */
function onlyNetlink(failure: Failure): Failure {
  const without = 'without --reader netlink, the slower reader over the ip command takes its place'
  const hint = failure.hint === undefined ? without : `${failure.hint}; ${without}`
  return { ...failure, hint }
}
