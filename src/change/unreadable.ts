/** A refusal because something that decides could not be read: its own exit code, and what helps. */
import type { Failure } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'

/** `what`: "the links of the host". `reason`: null where none is known. `hint`: what helps, where the reader knows. */
export function unreadable(
  subject: string,
  what: string,
  reason: string | null,
  hint: string | null = null,
): Failure {
  const why = reason === null ? '' : `: ${sanitise(reason)}`
  const help = hint ?? (isDenied(reason) ? 'run as root' : null)
  return {
    kind: 'permission',
    what: `${what} could not be read${why}`,
    subject,
    ...(help === null ? {} : { hint: help }),
  }
}

/** As the kernel, strerror(3) and Node say it. */
function isDenied(reason: string | null): boolean {
  return /permission denied|not permitted|\bEACCES\b|\bEPERM\b/i.test(reason ?? '')
}
