/**
 * The rules on the way out, between the links where they act: where they stand, what they do, how often they did.
 *
 *   filter DOCKER-FORWARD 4 ACCEPT           120 pk
 *   nat POSTROUTING 1 MASQUERADE              15 pk
 */
import type { WayRule } from '../../model/way-rule.ts'
import type { Line, Role, Span } from '../frame.ts'
import { wayShown } from '../select/way-shown.ts'
import type { State } from '../state.ts'
import { shortNumber } from './numbers.ts'
import { bothEnds, cutInside, gap, lineOf, span, widthOf, wrapped } from './text.ts'

/** Of its last line: where a rule surely drops the packet, that the way ends there. */
export function wayLines(state: State, columns: number): readonly Line[] {
  const way = wayShown(state)
  if (way === null) return []
  const { rules } = way
  if ('unknown' in rules)
    return [lineOf([gap(3), span(`its rules are not known: ${rules.unknown}`, 'unreadable')], columns)]
  const stop = [span(`the way ends there, before ${way.way.oif}`, 'rule.drop')]
  return [
    ...rules.map((rule) => ruleLine(rule, columns)),
    ...(endsWay(state) ? wrapped(stop, columns - 4).map((line) => lineOf([gap(3), ...line], columns)) : []),
  ]
}

/** Whether a rule surely drops it, so that it comes to no link behind that. */
export function endsWay(state: State): boolean {
  const way = wayShown(state)
  return (
    way !== null &&
    !('unknown' in way.rules) &&
    way.rules.some((rule) => !rule.maybe && roleOf(rule) === 'rule.drop')
  )
}

/** Shorter names of chains tell nothing. */
const leastChain = 8

/** Number, verdict and count are told always; the chain's name is shortened, and the table left out, for them. */
function ruleLine(rule: WayRule, columns: number): Line {
  const { packets } = rule
  const { table, chain, number } = rule.rule
  const does = [
    span(number === 0 ? ' policy ' : ` ${number} `),
    span(rule.maybe ? 'maybe ' : '', 'dim'),
    span(rule.does, roleOf(rule)),
  ]
  const roomFor = (count: string, before: readonly Span[]) =>
    columns - 3 - widthOf(before) - widthOf(does) - widthOf([span(count)]) - 2
  const tableName = [span(`${table} `, 'dim')]
  const told = packets === null ? 'not counted' : `${shortNumber(packets)} pk`
  const wanted = Math.min(leastChain, widthOf([span(chain)]))
  const count = packets === null && roomFor(told, tableName) < widthOf([span(chain)]) ? '- pk' : told
  const before = roomFor(count, tableName) < wanted ? [] : tableName
  const name = span(cutInside(chain, Math.max(1, roomFor(count, before))))
  const end = [span(`${count} `, packets === null || packets === 0 ? 'dim' : 'counter')]
  return lineOf(bothEnds([gap(3), ...before, name, ...does], end, columns), columns)
}

function roleOf({ does }: WayRule): Role {
  if (does === 'DROP' || does === 'REJECT') return 'rule.drop'
  return does === 'ACCEPT' ? 'rule.accept' : 'nat'
}
