/** Whether a later change stands in the way of taking an earlier one back. */
import type { Step, Touch } from '../../model/plan.ts'

/** Of a link, each for itself: setting one back leaves the others, and what is on the link, as they are. */
const apart: ReadonlySet<Touch['what']> = new Set(['mtu', 'alias', 'lladdr', 'master', 'port'] as const)

/** What the later one did there; null: they do not meet. The earlier one's own uses do not count: nothing of them is taken back. */
export function meeting(
  earlier: readonly Pick<Step, 'touches'>[],
  later: readonly Pick<Step, 'touches'>[],
): Touch['how'] | null {
  const made = earlier.flatMap(({ touches }) => touches).filter(({ how }) => how !== 'use')
  const met = later
    .flatMap(({ touches }) => touches)
    .filter((touch) => made.some((each) => meet(each, touch)))
    .map(({ how }) => how)
  return (['delete', 'change', 'add', 'use'] as const).find((how) => met.includes(how)) ?? null
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
