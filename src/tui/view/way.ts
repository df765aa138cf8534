/** The rules on the way out: where they stand, what they do, how often they did. */
import type { WayRule } from '../../model/way-rule.ts'
import type { Line, Role } from '../frame.ts'
import { wayShown } from '../select/way-shown.ts'
import type { State } from '../state.ts'
import { shortNumber } from './numbers.ts'
import { bothEnds, gap, lineOf, span, wrapped } from './text.ts'

export function wayLines(state: State, columns: number): readonly Line[] {
  const way = wayShown(state)
  if (way === null) return []
  const { rules } = way
  if ('unknown' in rules)
    return [lineOf([gap(3), span(`its rules are not known: ${rules.unknown}`, 'unreadable')], columns)]
  return rules.map((rule) => {
    const { packets } = rule
    const count = packets === null ? 'not counted' : `${shortNumber(packets)} pk`
    const left = [
      gap(3),
      span(`${rule.rule.table} `, 'dim'),
      span(placeOf(rule)),
      span(` ${rule.maybe ? 'maybe ' : ''}`, 'dim'),
      span(rule.does, roleOf(rule)),
    ]
    return lineOf(
      bothEnds(left, [span(`${count} `, packets === null || packets === 0 ? 'dim' : 'counter')], columns),
      columns,
    )
  })
}

/** null: no rule surely ends the way. */
export function stopLines(state: State, columns: number): readonly Line[] | null {
  const way = wayShown(state)
  if (way === null || 'unknown' in way.rules) return null
  if (!way.rules.some((rule) => !rule.maybe && roleOf(rule) === 'rule.drop')) return null
  const text = `the way ends there, before ${way.way.oif}`
  return wrapped([span(text, 'rule.drop')], columns - 4).map((line) => lineOf([gap(3), ...line], columns))
}

const placeOf = ({ rule: { chain, number } }: WayRule): string =>
  number === 0 ? `${chain} policy` : `${chain} ${number}`

function roleOf({ does }: WayRule): Role {
  if (does === 'DROP' || does === 'REJECT') return 'rule.drop'
  return does === 'ACCEPT' ? 'rule.accept' : 'nat'
}
