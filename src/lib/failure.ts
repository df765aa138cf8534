/**
 * What went wrong at an edge (kernel, file, child process), as a value. Exceptions are for bugs.
 * `kind` decides the exit code, in one place (cli/exit-code.ts).
 */
export type FailureKind = 'usage' | 'permission' | 'not-found' | 'ambiguous' | 'refused'

export type Failure = {
  readonly kind: FailureKind
  /** One sentence that names the subject: `cannot enter netns "web" (pid 812): permission denied`. */
  readonly what: string
  readonly subject?: string
  /** What would help: `run as root or grant cap_sys_admin`. */
  readonly hint?: string
  readonly command?: readonly string[]
  readonly exitCode?: number
  readonly stderr?: string
  /** Which part of a file that was given it is about: `['nodes', 'web']`. */
  readonly path?: readonly (string | number)[]
  /** Further reasons of the same refusal, which stand on their own. */
  readonly others?: readonly Failure[]
}

/** A value that came out, or the reason why none did. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }

export function succeeded<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

export function failed(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure }
}

/** `ENOENT` …; undefined where the error is none of the system's. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Node says `ELOOP: too many symbolic links encountered, open '/x'`; the sentence around it names the subject already. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /^E[A-Z0-9]+: ([^,]+), [a-z]+\b/.exec(message)?.[1] ?? message
}
