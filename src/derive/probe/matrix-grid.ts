/**
 * What was tried between the members of a network as a picture: rows are from, columns to, numbered as the rows are.
 *
 *   port 80: 14 connected, 1 refused, 1 timeout
 *                          1   2   3   4
 *    1 web    172.17.0.2   ok  ok  ok  ok
 *    2 redis  172.17.0.3   ok  ref ok  tmo
 *
 * What each means stands in its letters, so that it needs no colour. Of many members only the failures are told.
 */
import { pad, width } from '../../lib/width.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { MatrixResult, MatrixVerdict } from '../../model/probe-result.ts'
import { matrixFailures } from './matrix-failures.ts'
import { itemVerdict } from './matrix-verdict.ts'

export type GridTone = 'good' | 'bad' | 'weak' | 'plain' | 'head'
export type GridPiece = { readonly text: string; readonly tone: GridTone }
export type GridLine = readonly GridPiece[]

type Code = { readonly code: string; readonly tone: GridTone; readonly says: string }

const codes: { readonly [V in MatrixVerdict]: Code } = {
  connected: { code: 'ok', tone: 'good', says: 'connected' },
  answered: { code: 'ok', tone: 'good', says: 'answered' },
  refused: { code: 'ref', tone: 'bad', says: 'refused' },
  timeout: { code: 'tmo', tone: 'bad', says: 'timeout' },
  lost: { code: 'los', tone: 'bad', says: 'no answer' },
  unreachable: { code: 'unr', tone: 'bad', says: 'unreachable' },
  prohibited: { code: 'pro', tone: 'bad', says: 'prohibited' },
  reset: { code: 'rst', tone: 'bad', says: 'reset' },
  'cannot-enter': { code: 'ent', tone: 'bad', says: 'its namespace cannot be entered' },
}
const notReached: Code = { code: '-', tone: 'weak', says: 'not tried' }

/** More members than that and a grid is a carpet. */
const largestGrid = 40
const cellWidth = 4
const widestName = 20

export function matrixGrid(result: MatrixResult, columns: number): readonly GridLine[] {
  return result.tried.flatMap((_, item): readonly GridLine[] => {
    const title: GridLine = [{ text: itemVerdict(result, item), tone: 'head' }]
    if (result.members.length > largestGrid) return [title, ...failureLines(result, item)]
    return [title, ...gridOf(result, item, columns), ...legendOf(result, item)]
  })
}

function failureLines(result: MatrixResult, item: number): readonly GridLine[] {
  return matrixFailures(result, item).map((text) => [{ text: `  ${text}`, tone: 'bad' }])
}

/** Too many columns for the width: one block of them below the other. */
function gridOf({ members, cells }: MatrixResult, item: number, columns: number): readonly GridLine[] {
  const names = members.map(({ name }) => sanitise(name))
  const nameWidth = Math.min(widestName, Math.max(...names.map(width)))
  const addressWidth = Math.max(...members.map(({ address }) => address.length))
  const digits = String(members.length).length
  const labelWidth = digits + 1 + nameWidth + 1 + addressWidth + 1
  const fits = Math.max(1, Math.floor((columns - labelWidth) / cellWidth))
  const lines: GridLine[] = []
  for (let first = 0; first < members.length; first += fits) {
    const shown = members.slice(first, first + fits).map((_, at) => first + at)
    const head = shown.map((at) => String(at + 1).padEnd(cellWidth)).join('')
    lines.push([{ text: `${' '.repeat(labelWidth)}${head}`.trimEnd(), tone: 'weak' }])
    for (const [from, member] of members.entries()) {
      const label = `${String(from + 1).padStart(digits)} ${pad(names[from] ?? '', nameWidth)} ${member.address.padEnd(addressWidth)} `
      const row = shown.map((to, at): GridPiece => {
        const { code, tone } = codeOf(cells[from]?.[to]?.[item] ?? null)
        return { text: at === shown.length - 1 ? code : code.padEnd(cellWidth), tone }
      })
      lines.push([{ text: label, tone: 'plain' }, ...row])
    }
  }
  return lines
}

function codeOf(verdict: MatrixVerdict | null): Code {
  return verdict === null ? notReached : codes[verdict]
}

/** Only what occurs. */
function legendOf({ cells }: MatrixResult, item: number): readonly GridLine[] {
  const seen = new Map<string, Code>()
  for (const row of cells) {
    for (const cell of row) {
      const code = codeOf(cell[item] ?? null)
      seen.set(code.code, code)
    }
  }
  const parts = [...seen.values()].map(({ code, says }) => `${code} ${says}`)
  return [[{ text: `from rows to columns: ${parts.join(', ')}`, tone: 'weak' }]]
}
