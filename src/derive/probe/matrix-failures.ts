/** The cells that failed, told in as few sentences as they need: a member that nobody reaches is one, not five hundred. */
import { sanitise } from '../../lib/sanitise.ts'
import type { MatrixResult, MatrixVerdict } from '../../model/probe-result.ts'

const mostLines = 40
const mostNames = 8

export function matrixFailures({ members, cells }: MatrixResult, item: number): readonly string[] {
  const name = (at: number): string => {
    const member = members[at]
    return member === undefined ? String(at) : `${sanitise(member.name)} (${member.address})`
  }
  const count = members.length
  const failure = (from: number, to: number): MatrixVerdict | null => {
    const verdict = cells[from]?.[to]?.[item] ?? null
    return verdict === 'connected' || verdict === 'answered' ? null : verdict
  }
  const all = members.map((_, at) => at)
  const lines: string[] = []
  const isTold = new Set<number>()
  const tellAll = (at: number, isColumn: boolean): void => {
    const others = all.filter((other) => other !== at)
    const verdicts = new Set(others.map((other) => (isColumn ? failure(other, at) : failure(at, other))))
    const [only] = verdicts
    if (count < 3 || verdicts.size !== 1 || only === undefined || only === null) return
    if (others.every((other) => isTold.has(isColumn ? other * count + at : at * count + other))) return
    lines.push(
      `${isColumn ? 'to' : 'from'} ${name(at)}: ${only} ${isColumn ? 'from' : 'to'} all ${count - 1} others`,
    )
    for (const other of all) isTold.add(isColumn ? other * count + at : at * count + other)
  }
  for (const at of all) tellAll(at, false)
  for (const at of all) tellAll(at, true)
  for (const from of all) {
    const byVerdict = new Map<MatrixVerdict, number[]>()
    for (const to of all) {
      const verdict = failure(from, to)
      if (verdict === null || isTold.has(from * count + to)) continue
      byVerdict.set(verdict, [...(byVerdict.get(verdict) ?? []), to])
    }
    for (const [verdict, ends] of byVerdict) {
      const named = ends.slice(0, mostNames).map(name).join(', ')
      const more = ends.length > mostNames ? ` and ${ends.length - mostNames} more` : ''
      lines.push(`from ${name(from)}: ${verdict} to ${named}${more}`)
    }
  }
  return lines.length <= mostLines
    ? lines
    : [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more lines: --json has all`]
}
