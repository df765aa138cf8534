/** The kinds of probe that the form asks for; a tool of the host is run by a command line only. */
import type { ProbeKind } from '../../model/probe.ts'

export type FormKind = Exclude<ProbeKind, 'tool'>

export function isFormKind(kind: ProbeKind): kind is FormKind {
  return kind !== 'tool'
}
