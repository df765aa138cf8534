/** Plans whose steps write files of a folder, and a runner that obeys `write FILE TEXT`, `remove FILE`, `break FILE` and `fail`. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ran } from '../../../src/change/apply/ask-engine.ts'
import type { Entry } from '../../../src/change/apply/entry.ts'
import { entriesOf } from '../../../src/change/apply/entries.ts'
import type { Line } from '../../../src/change/apply/line.ts'
import type { Making } from '../../../src/change/apply/making.ts'
import { failed, succeeded } from '../../../src/lib/failure.ts'
import type { Plan, Step } from '../../../src/model/plan.ts'
import type { World } from '../../../src/model/world.ts'

export function writeStep(folder: string, name: string): Step {
  const path = join(folder, name)
  return {
    title: `write ${name}`,
    command: { argv: ['write', path, name] },
    undo: [{ argv: ['remove', path] }],
    before: [{ kind: 'file', path, text: null }],
    after: [{ kind: 'file', path, text: name }],
    touches: [],
  }
}

export function planWith(steps: readonly Step[], more: Partial<Plan> = {}): Plan {
  return { intent: { kind: 'netns-add', name: 'x' }, title: 'a plan', steps, notes: [], ...more }
}

export type Fake = {
  readonly making: Making
  /** What was run and written, in order: `run write a`, `line step 0`. */
  readonly done: string[]
  readonly entry: () => Entry | undefined
}

/** `mostLines`: what the disk takes. */
export function fakeMaking(
  plan: Plan,
  options: { readonly mostLines?: number; readonly signal?: AbortSignal } = {},
): Fake {
  const done: string[] = []
  const lines: Line[] = [{ type: 'begin', id: 1, at: '', pid: 1, plan, confirmBefore: null }]
  let room = options.mostLines ?? Infinity
  const making: Making = {
    id: 1,
    plan,
    // Only files are looked at.
    world: {} as World,
    said: new Map(),
    append: (line) => {
      if (lines.length > room) return failed({ kind: 'refused', what: 'no space left on device' })
      lines.push(line)
      done.push(`line ${line.type}${'step' in line ? ` ${line.step}` : ''}`)
      return succeeded(undefined)
    },
    release: () => {
      room = Infinity
    },
    read: async () => failed({ kind: 'refused', what: 'nobody reads here' }),
    run: async (command, onStart) => {
      onStart()
      return obey(command.argv, done)
    },
    signal: options.signal ?? new AbortController().signal,
    tell: () => {},
  }
  return { making, done, entry: () => entriesOf(lines).at(-1) }
}

function obey(argv: readonly string[], done: string[]): Ran {
  const [what = '', path = '', text = '', says] = argv
  done.push(`run ${what}${path === '' ? '' : ` ${path.split('/').at(-1)}`}`)
  const ended = (exitCode: number, stderr = ''): Ran => ({
    ...(says === undefined ? {} : { says }),
    command: argv,
    exitCode,
    stdout: '',
    stderr,
    problem: null,
  })
  try {
    if (what === 'write') writeFileSync(path, text, { flag: 'wx' })
    else if (what === 'remove') rmSync(path)
    // Half of it, and then it fails.
    else if (what === 'break') writeFileSync(path, '')
    if (what === 'fail' || what === 'break') return ended(2, 'it is broken\n')
    return ended(0)
  } catch (error) {
    return ended(1, String(error))
  }
}
