/**
 * Who reaches whom: a row for each that sends, a column for each that is sent to.
 *
 *            1 2 3
 *   1 redis  + + .     + all answered   x refused   . silent …
 *   2 nginx1 + + x
 */
import type { MatrixResult, MatrixVerdict } from '../../../model/probe-result.ts'
import type { Line, Role, Span } from '../../frame.ts'
import { gap, lineOf, padded, span } from '../text.ts'
import { para } from './para.ts'

type Sign = { readonly sign: string; readonly role: Role; readonly says: string }

/** The worst of a cell's verdicts is what it shows; the first here is the best. */
const signs: Readonly<Record<MatrixVerdict | 'none', Sign>> = {
  answered: { sign: '+', role: 'link.up', says: 'answered' },
  connected: { sign: '+', role: 'link.up', says: 'connected' },
  none: { sign: '-', role: 'dim', says: 'not-tried' },
  reset: { sign: 'r', role: 'changed', says: 'reset' },
  refused: { sign: 'x', role: 'changed', says: 'refused' },
  prohibited: { sign: 'P', role: 'rule.drop', says: 'prohibited' },
  unreachable: { sign: 'U', role: 'error', says: 'unreachable' },
  lost: { sign: '.', role: 'error', says: 'lost' },
  timeout: { sign: '.', role: 'error', says: 'timeout' },
  'cannot-enter': { sign: '?', role: 'unreadable', says: 'cannot-enter' },
}
const order = Object.keys(signs)
const mostName = 20

export function matrixLines(result: MatrixResult, columns: number): readonly Line[] {
  const { members, tried, cells, seconds, mostSockets } = result
  const wide = Math.min(mostName, Math.max(...members.map(({ name }) => name.length), 1))
  const digits = String(members.length).length
  const left = 1 + digits + 1 + wide + 2
  const each = digits + 1
  const fit = Math.max(1, Math.floor((columns - left) / each))
  const what = tried.map((one) => (one === 'ping' ? 'ping' : `port ${one}`)).join(', ')
  const lines: Line[] = [
    ...para(
      [span(`${what}; ${seconds.toFixed(1)} s, at most ${mostSockets} sockets at a time`, 'dim')],
      columns,
    ),
    ...para(legend(cells), columns),
  ]
  for (let from = 0; from < members.length; from += fit) {
    const to = Math.min(members.length, from + fit)
    const heads = Array.from({ length: to - from }, (_, at) =>
      span(String(from + at + 1).padStart(each), 'dim'),
    )
    lines.push(lineOf([gap(left - 1), ...heads], columns))
    for (const [row, { name }] of members.entries()) {
      const spans = Array.from({ length: to - from }, (_, at): readonly Span[] => {
        const { sign, role } = worst(cells[row]?.[from + at] ?? [])
        return [gap(each - 1), span(sign, role)]
      })
      const head = [
        gap(1),
        span(String(row + 1).padStart(digits), 'dim'),
        gap(1),
        ...padded([span(name, 'netns')], wide),
      ]
      lines.push(lineOf([...head, gap(1), ...spans.flat()], columns))
    }
  }
  return lines
}

function worst(verdicts: readonly (MatrixVerdict | null)[]): Sign {
  const at = Math.max(0, ...verdicts.map((verdict) => order.indexOf(verdict ?? 'none')))
  return verdicts.length === 0 ? signs.none : (signs[order[at] as keyof typeof signs] ?? signs.none)
}

/** Only of what is there; a sign and its meaning stay together where lines break. */
function legend(cells: MatrixResult['cells']): readonly Span[] {
  const there = new Set(cells.flat(2).map((verdict) => verdict ?? 'none'))
  const shown = Object.entries(signs).flatMap(([verdict, sign]) =>
    there.has(verdict as keyof typeof signs) ? [sign] : [],
  )
  return [...new Set(shown.map(({ sign }) => sign))].flatMap((sign) => {
    const same = shown.filter((each) => each.sign === sign)
    return [span(`${sign}=${same.map(({ says }) => says).join('/')}`, same[0]?.role ?? 'text'), gap(2)]
  })
}
