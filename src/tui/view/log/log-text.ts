/**
 * The log as a text file, one line an entry, the latest first; what a command complained of is indented below it:
 *
 *   2026-11-21T14:03:22.104Z  command  web       iptables-nft-save -c  [exit 1, 14 ms, 12 times since 2026-11-21T14:02:51.000Z]
 */
import { sanitise } from '../../../lib/sanitise.ts'
import type { LogRow } from '../../tables/log-row.ts'

export function logText(
  rows: readonly LogRow[],
  of: { readonly host: string; readonly page: string; readonly filter: string },
): string {
  const filter = of.filter.trim() === '' ? '' : `, filter ${of.filter.trim()}`
  const heading = `# log of ${of.host}: ${rows.length} entries of "${of.page}"${filter}; times are UTC`
  return `${[heading, ...rows.flatMap(linesOf)].map(sanitise).join('\n')}\n`
}

const kindWidth = 8

function linesOf(row: LogRow): readonly string[] {
  const { at, since, times, kind, where, subject, text, whole, outcome } = row
  const what = kind === 'command' ? whole : subject === '' ? text : `${subject}${text.slice(subject.length)}`
  const notes = [
    ...(outcome === null ? [] : [outcome.says, ...(outcome.ms === 0 ? [] : [`${outcome.ms} ms`])]),
    ...(times === 1 ? [] : [`${times} times since ${isoTime(since)}`]),
  ]
  const line = [isoTime(at), kind.padEnd(kindWidth), where === '' ? '-' : where, what].join('  ')
  const complaint = outcome?.stderr?.split('\n').filter((each) => each.trim() !== '') ?? []
  return [
    notes.length === 0 ? line : `${line}  [${notes.join(', ')}]`,
    ...complaint.map((each) => `    ${each}`),
  ]
}

function isoTime(ms: number): string {
  const at = new Date(ms)
  return Number.isNaN(at.getTime()) ? 'unknown time' : at.toISOString()
}
