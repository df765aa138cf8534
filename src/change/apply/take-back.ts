/** The way back: what was done is undone in reverse, by the inverses that were computed before it was done. */
import { sanitise } from '../../lib/sanitise.ts'
import type { Command, Step } from '../../model/plan.ts'
import { shellText } from '../script.ts'
import type { Ran } from './ask-engine.ts'
import type { StepState } from './entry.ts'
import { differences, hold } from './look.ts'
import type { Making } from './making.ts'
import { endOf, isDone } from './run-command.ts'
import { saidBy } from './said-by.ts'
import { stopAt } from './stop-at.ts'

export type TakenBack = { readonly states: readonly StepState[]; readonly left: readonly string[] }

/** How long what an inverse did may take to show. */
const showsWithinMs = 1000

/**
 * A step that is known to be done is undone; of one that may have been done half, or not at all, its facts tell. A line that
 * cannot be written does not stop this: who cleans up after us looks at the facts.
 */
export async function takeBack(making: Making, states: readonly StepState[]): Promise<TakenBack> {
  const { plan, id, said, append, tell } = making
  let now = [...states]
  const left: string[] = []
  for (const [step, planned] of [...plan.steps.entries()].toReversed()) {
    const state = now[step]
    if (state === undefined || state === 'not run' || state === 'undone') continue
    stopAt('before-undo', step)
    const results: Ran[] = []
    const problem = await undone(making, step, planned, state, results)
    // What it made is gone, and so is what was said of that; what was made anew has another id.
    if (problem === null) said.delete(step)
    const told = saidBy(making, step, results)
    if (problem === null) append({ type: 'undone', id, step, ...told })
    else append({ type: 'left', id, step, says: problem })
    if (problem !== null) left.push(problem)
    now = now.with(step, problem === null ? 'undone' : 'left')
    tell(step, problem === null ? 'undone' : 'left')
    stopAt('after-undo', step)
  }
  return { states: now, left }
}

/** null: as it was before; else what is left of it. `results` gets what its inverses came to. */
async function undone(
  making: Making,
  step: number,
  planned: Step,
  state: StepState,
  results: Ran[],
): Promise<string | null> {
  const { title, undo, before } = planned
  if (state !== 'done') {
    const asBefore = await hold(making, before)
    if (asBefore === true) return null
  }
  // Of one that said that it failed nothing tells otherwise.
  const isUnseen = state === 'failed' && before.length === 0
  if ('irreversible' in undo) return isUnseen ? null : `"${title}" cannot be taken back: ${undo.irreversible}`
  if (undo.length === 0) return null
  making.append({ type: 'undo', id: making.id, step })
  stopAt('after-undo-line', step)
  const problem = await runAll(making, step, undo, results)
  stopAt('after-undo-command', step)
  if (problem === null) return null
  if (isUnseen) return null
  // What could not be undone may have been undone already, by one who was killed before he said so.
  if (before.length > 0 && (await differences(making, before, showsWithinMs)).length === 0) return null
  return `"${title}" is not taken back: ${problem}`
}

/** All of them, whichever fails: each brings back something. The answer is the first that failed. */
async function runAll(
  making: Making,
  step: number,
  commands: readonly Command[],
  results: Ran[],
): Promise<string | null> {
  let problem: string | null = null
  for (const [at, command] of commands.entries()) {
    const result = await making.run(command, () => {
      if (at === 0) stopAt('during-undo', step)
    })
    results.push(result)
    if (!isDone(command, result)) problem ??= `${inOneLine(command)}: ${sanitise(endOf(result))}`
  }
  return problem
}

/** Without what it is given: `POST /networks/create at /run/docker.sock`, `nft -f -`. */
function inOneLine({ argv, request }: Command): string {
  return request === undefined
    ? (shellText({ argv }).split('\n')[0] ?? '')
    : sanitise(`${request.method} ${request.path} at ${request.socket}`)
}
