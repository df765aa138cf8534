/** A shell inside a namespace in a pseudo-terminal of its own, as the composition root brings it. */
import type { Outcome } from '../../lib/failure.ts'
import type { Place } from '../../model/probe.ts'

export type ShellRequest = { readonly place: Place; readonly columns: number; readonly rows: number }

export type ShellEvents = {
  onData(bytes: Uint8Array): void
  /** Once, after the last data. `signal`: its name. */
  onExit(end: { readonly exitCode: number | null; readonly signal: string | null }): void
}

export type ShellProcess = {
  write(bytes: Uint8Array | string): void
  resize(columns: number, rows: number): void
  /** Its output is taken again, or not for now: it waits when its terminal is full. */
  pause(): void
  resume(): void
  /** Hangs up (SIGHUP), and kills what is left of its session soon after. Resolves when nothing is. */
  end(): Promise<void>
}

/** `unavailable`: no other one can be opened either. */
export type OpenShell = (
  request: ShellRequest,
  events: ShellEvents,
) => Promise<Outcome<ShellProcess> & { readonly unavailable?: boolean }>
