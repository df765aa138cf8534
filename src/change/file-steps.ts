/** Steps that write a small text file in place, or take it away. */
import { dirname } from 'node:path'
import type { Command, Step } from '../model/plan.ts'

/** `before`: what is in it now; null: it is not there. In place, because a rename would leave whoever has it open on the old one. */
export function fileStep(title: string, path: string, before: string | null, text: string | null): Step {
  return {
    title,
    command: written(path, text),
    undo: [written(path, before)],
    after: [{ kind: 'file', path, text }],
    before: [{ kind: 'file', path, text: before }],
    touches: [
      { path: [`file:${path}`], how: before === null ? 'add' : text === null ? 'delete' : 'change' },
      { path: [`folder:${dirname(path)}`], how: 'use' },
    ],
  }
}

function written(path: string, text: string | null): Command {
  return text === null ? { argv: ['rm', '-f', path] } : { argv: ['tee', path], input: text }
}
