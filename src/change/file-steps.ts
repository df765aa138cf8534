/** Steps that write small text files in place, or take them away; and the folders they are in. */
import { dirname } from 'node:path'
import type { Command, Fact, Step, Touch } from '../model/plan.ts'

/** `before`: what is in it now; null: it is not there. */
export type FileChange = {
  readonly path: string
  readonly before: string | null
  readonly text: string | null
}

/** In place, because a rename would leave whoever has it open on the old one. */
export function fileStep(title: string, path: string, before: string | null, text: string | null): Step {
  return stepOf(title, [path], before, text)
}

/** Those that change from the same text to the same text by one command. */
export function fileSteps(changes: readonly FileChange[]): readonly Step[] {
  // Before → after → who changes so: texts of a large lab are long, and mostly the same.
  const all = new Map<string | null, Map<string | null, FileChange[]>>()
  const groups: FileChange[][] = []
  for (const change of changes) {
    const same = all.get(change.before) ?? new Map<string | null, FileChange[]>()
    all.set(change.before, same)
    const group = same.get(change.text)
    if (group !== undefined) {
      group.push(change)
      continue
    }
    const first = [change]
    same.set(change.text, first)
    groups.push(first)
  }
  return groups.flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const paths = group.map(({ path }) => path)
    const word = first.text === null ? 'remove' : 'write'
    const more = paths.length === 1 ? '' : ` and ${paths.length - 1} more like it`
    return [stepOf(`${word} ${first.path}${more}`, paths, first.before, first.text)]
  })
}

/** One that others may have things of theirs in: it is made where it is not there, and goes only when it is empty. */
export function sharedFolderStep(path: string, there: boolean): Step {
  const made: Command = { argv: ['mkdir', '-p', path] }
  const gone: Command = { argv: ['rmdir', '--ignore-fail-on-non-empty', path] }
  const fact = (is: boolean): Fact => ({
    kind: 'folder',
    path,
    there: is,
    ...(is ? {} : { orUsed: true }),
  })
  return {
    ...folderStep(path, there),
    command: there ? made : gone,
    undo: [there ? gone : made],
    after: [fact(there)],
    before: [fact(!there)],
  }
}

export function folderStep(path: string, there: boolean): Step {
  const command = (word: 'mkdir' | 'rmdir'): Command => ({ argv: [word, path] })
  const fact = (is: boolean): Fact => ({ kind: 'folder', path, there: is })
  return {
    title: `${there ? 'make' : 'remove'} folder ${path}`,
    command: command(there ? 'mkdir' : 'rmdir'),
    undo: [command(there ? 'rmdir' : 'mkdir')],
    after: [fact(there)],
    before: [fact(!there)],
    touches: [
      { path: [`folder:${path}`], how: there ? 'add' : 'delete' },
      { path: [`folder:${dirname(path)}`], how: 'use' },
    ],
  }
}

function stepOf(title: string, paths: readonly string[], before: string | null, text: string | null): Step {
  const [path = '', ...also] = paths
  const fact = (text: string | null): Fact => ({
    kind: 'file',
    path,
    text,
    ...(also.length === 0 ? {} : { also }),
  })
  const how = before === null ? 'add' : text === null ? 'delete' : 'change'
  const folders = new Set(paths.map((each) => dirname(each)))
  return {
    title,
    command: written(paths, text),
    undo: [written(paths, before)],
    after: [fact(text)],
    before: [fact(before)],
    touches: [
      ...paths.map((each): Touch => ({ path: [`file:${each}`], how })),
      ...[...folders].map((each): Touch => ({ path: [`folder:${each}`], how: 'use' })),
    ],
  }
}

function written(paths: readonly string[], text: string | null): Command {
  return text === null ? { argv: ['rm', '-f', ...paths] } : { argv: ['tee', ...paths], input: text }
}
