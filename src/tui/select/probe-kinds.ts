/** The kinds of probe that the form asks for, and how a command line calls them. */
import type { ProbeKind } from '../../model/probe.ts'

export type FormKind = ProbeKind

/** Of `:` and of the list: a program of the host is started by `exec`. */
export function verbOf(kind: FormKind): string {
  return kind === 'tool' ? 'exec' : kind
}
