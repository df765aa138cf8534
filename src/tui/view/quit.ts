import type { Line } from '../frame.ts'
import { runningOf } from '../select/running.ts'
import type { State } from '../state.ts'
import { lineOf, span } from './text.ts'

const mostTold = 8

export function quitLines(state: State, columns: number): readonly Line[] {
  const all = runningOf(state)
  // What ran when it was asked has ended meanwhile.
  if (all.length === 0) return [lineOf([span('nothing runs any more: it can end')], columns)]
  const more = all.length - mostTold
  const what = all.length === 1 ? 'this runs, and ends' : `these ${all.length} run, and end`
  return [
    lineOf([span(`${what} with the program:`)], columns),
    ...all.slice(0, mostTold).map((each) => lineOf([span(`  ${each}`, 'netns')], columns)),
    ...(more > 0 ? [lineOf([span(`  and ${more} more`, 'dim')], columns)] : []),
  ]
}
