import type { DropsShape } from '../command/shapes.ts'
import type { Drop } from '../derive/drops.ts'
import { clean, counted } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import type { Style } from './style.ts'
import { wrap } from './wrap.ts'

/** Counters that are not 0, those that grow first, each with its sentence below it; then what is 0, and unread. */
export function dropsText({ netns, seconds, drops, unread }: DropsShape, style: Style): readonly string[] {
  const told = drops.filter(({ value }) => value > 0)
  const growing = told.filter(({ growth }) => (growth ?? 0) > 0)
  const others = told.filter(({ growth }) => (growth ?? 0) === 0)
  const zero = drops.length - told.length
  const span = seconds === null ? 'looked at once' : `growth in ${seconds} s`
  return [
    `${style.paint('bold', clean(netns.name))}  ${span}`,
    ...table(growing, others, style),
    ...(told.length === 0 ? ['  nothing was lost'] : []),
    ...(zero === 0
      ? []
      : [style.paint('dim', `  ${counted(zero, told.length === 0 ? 'counter' : 'other counter')} at 0`)]),
    ...unread.map(({ what, reason }) => style.paint('yellow', `  ${what}: ${clean({ unknown: reason })}`)),
  ]
}

const sentenceRoom = 72

function table(growing: readonly Drop[], others: readonly Drop[], style: Style): readonly string[] {
  const all = [...growing, ...others]
  const lines = columns(
    all.map((drop): readonly Cell[] => {
      const grew = growthText(drop)
      const isGrowing = (drop.growth ?? 0) > 0
      return [
        { text: isGrowing ? '!' : ' ', shown: isGrowing ? style.paint('red', '!') : ' ' },
        { text: drop.group },
        { text: clean(drop.subject) },
        { text: clean(drop.counter) },
        { text: String(drop.value) },
        { text: grew, shown: isGrowing ? style.paint('red', grew) : style.paint('dim', grew) },
      ]
    }),
  )
  // The sentence of several links' same counter stands once, below the last of them.
  return all.flatMap((drop, at) => {
    const line = lines[at] ?? ''
    const next = all[at + 1]
    if (next?.says === drop.says) return [line]
    return [line, ...wrap(drop.says, sentenceRoom).map((part) => style.paint('dim', `     ${part}`))]
  })
}

function growthText({ growth }: Drop): string {
  return growth === null ? '' : `+${growth}`
}
