/** Engines that are there and could not be asked: their containers and networks are not known, which is not "none". */
import { isUnknown } from '../model/known.ts'
import type { Gap, World } from '../model/world.ts'

const memo = new WeakMap<object, readonly Gap[]>()
const nothing: readonly Gap[] = []

/** One an engine. Nothing is missing from a file that is older than engines' being asked. */
export function engineGaps({ engines }: Pick<World, 'engines'>): readonly Gap[] {
  if (isUnknown(engines)) return nothing
  const kept = memo.get(engines)
  if (kept !== undefined) return kept
  const gaps = engines.flatMap((engine): readonly Gap[] => {
    const missing = (['containers', 'networks'] as const).find((what) => isUnknown(engine[what]))
    const value = missing === undefined ? null : engine[missing]
    const subject = `${engine.engine} at ${engine.endpoint}`
    return missing === undefined || !isUnknown(value)
      ? []
      : [{ what: missing, subject, reason: value.unknown, hint: hintFor(value.unknown) }]
  })
  memo.set(engines, gaps)
  return gaps
}

function hintFor(reason: string): string | null {
  return reason === 'permission denied'
    ? 'run as root, or as a member of the group that owns the socket'
    : null
}
