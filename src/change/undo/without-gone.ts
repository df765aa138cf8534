/** Containers that an undo would bring back to their networks, and that are not there any more. */
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Command, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'

/** `gone`: what is left out, a sentence each. What was not read is taken to be there. */
export function withoutGone(
  step: Step,
  world: World,
): { readonly step: Step; readonly gone: readonly string[] } {
  if ('irreversible' in step.undo) return { step, gone: [] }
  const gone = step.undo.filter((each) => isGone(each, world))
  return {
    step: gone.length === 0 ? step : { ...step, undo: step.undo.filter((each) => !gone.includes(each)) },
    gone: gone.map(
      ({ whose }) => `container ${sanitise(whose?.container ?? '')} is gone: it is not connected again`,
    ),
  }
}

function isGone({ whose }: Command, world: World): boolean {
  if (whose === undefined) return false
  const engine = listOf(world.engines).find(({ endpoint }) => endpoint === whose.socket)
  if (engine === undefined || isUnknown(engine.containers)) return false
  return !engine.containers.some(({ name }) => name === whose.container)
}
