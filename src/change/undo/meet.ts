/** Whether a later change stands in the way of taking an earlier one back. */
import type { Step, Touch } from '../../model/plan.ts'
import { turned } from './inverse.ts'
import { leansOn, takesFrom } from './leans-on.ts'

/** `need`: it took away what the way back of the earlier one needs, and would have to do without. */
export type Meeting = Touch['how'] | 'need'

/** Of a link, each for itself: setting one back leaves the others, and what is on the link, as they are. */
const apart: ReadonlySet<Touch['what']> = new Set(['mtu', 'alias', 'lladdr', 'master', 'port'] as const)

type Done = Pick<Step, 'touches' | 'undo'>

/** What the later one did there; null: they do not meet. The earlier one's own uses do not count: nothing of them is taken back. */
export function meeting(earlier: readonly Done[], later: readonly Done[]): Meeting | null {
  const made = earlier.flatMap(({ touches }) => touches).filter(({ how }) => how !== 'use')
  const touched = later.flatMap(({ touches }) => touches)
  const met = touched.filter((touch) => made.some((each) => meet(each, touch))).map(({ how }) => how)
  const how = (['delete', 'change', 'add', 'use'] as const).find((each) => met.includes(each))
  if (how !== undefined) return how
  if (takeFrom(touched, earlier)) return 'need'
  // Taking the earlier one back must leave the later one its own way back.
  return takeFrom(made.map(turned), later) ? 'use' : null
}

function takeFrom(touches: readonly Touch[], steps: readonly Done[]): boolean {
  return steps.flatMap(leansOn).some((need) => touches.some((touch) => takesFrom(touch, need)))
}

/** One path is the beginning of the other. */
function meet(earlier: Touch, later: Touch): boolean {
  const length = Math.min(earlier.path.length, later.path.length)
  if (!earlier.path.slice(0, length).every((part, at) => part === later.path[at])) return false
  // Neither does a setting disturb what is below its link, nor another setting of it.
  if (isApart(earlier) && later.path.length > earlier.path.length) {
    return isOfPort(earlier) && (later.path[length]?.startsWith('port:') ?? false)
  }
  if (isApart(later) && earlier.path.length > later.path.length) return false
  if (!isApart(earlier) || !isApart(later)) return true
  return earlier.what === later.what || (isOfPort(earlier) && isOfPort(later))
}

const isApart = ({ how, what }: Touch): boolean => how === 'change' && apart.has(what)

/** What a port has is lost with its master. */
const isOfPort = ({ what }: Touch): boolean => what === 'master' || what === 'port'
