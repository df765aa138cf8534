/** Why the screen cannot open here, as a failure that names what works instead; null: it can. */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'

export type TerminalFacts = {
  readonly inputIsTerminal: boolean
  readonly outputIsTerminal: boolean
  readonly term: string | undefined
}

export function refusal(facts: TerminalFacts): Failure | null {
  if (!facts.outputIsTerminal) return refuse('standard output is not a terminal')
  if (!facts.inputIsTerminal) return refuse('standard input is not a terminal')
  // An unset TERM names no terminal at all; emacs' shell and bare ssh commands set `dumb`.
  if (facts.term === undefined || facts.term === '') return refuse('TERM is not set')
  if (facts.term === 'dumb' || facts.term === 'unknown') {
    return refuse(`TERM=${sanitise(facts.term)} has no full screen`)
  }
  return null
}

function refuse(reason: string): Failure {
  return {
    kind: 'usage',
    what: `cannot open the screen: ${reason}`,
    subject: 'terminal',
    hint: 'use `vethscope show` for the same as text, or `vethscope --help` for all commands',
  }
}
