/**
 * The selected entry of the log, whole:
 *
 *  nsenter --net=/run/netns/web -- /usr/sbin/iptables-nft-save -c
 *  in web   at 2026-11-21 14:03:22.104   12 times since 14:02:51   exit 1 after 14 ms
 *  says  iptables-save v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied
 *  JSON  {"at":1795269802104, …
 */
import { escapeJson } from '../../../lib/sanitise.ts'
import type { Line } from '../../frame.ts'
import { clockTime } from '../../select/clock.ts'
import type { State } from '../../state.ts'
import type { LogRow } from '../../tables/log-row.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { gap, lineOf, span, wrapped } from '../text.ts'

export function logDetail(row: LogRow, _: State, columns: number): readonly Line[] {
  const text = wrapped([span(row.whole)], columns - 2)
  return [
    ...text.map((line) => lineOf([gap(1), ...line], columns)),
    ...flowed([...timeFacts(row), ...outcomeFacts(row)], columns, false),
    ...flowed(
      [
        {
          ...fact('JSON', escapeJson(JSON.stringify(row.source, null, 1).replaceAll(/\n */g, ' ')), 'dim'),
          alone: true,
        },
      ],
      columns,
      false,
    ),
  ]
}

function timeFacts({ at, since, times, where, kind }: LogRow): readonly Fact[] {
  return [
    ...(where === '' ? [] : [fact('in', where, 'netns')]),
    fact('at', dateTime(at)),
    ...(times === 1 ? [] : [fact(`${times} times since`, clockTime(since))]),
    ...(kind === 'kernel' && since < at ? [fact('since', clockTime(since))] : []),
  ]
}

function outcomeFacts({ outcome, kind }: LogRow): readonly Fact[] {
  if (outcome === null) return []
  const { ok, says, ms, stderr } = outcome
  const ended = kind === 'command' ? `${says} after ${ms} ms` : says
  const complaint = stderr === null ? [] : stderr.split('\n').filter((line) => line.trim() !== '')
  return [
    fact('ended', ended, ok ? 'link.up' : 'error'),
    ...complaint.map((line) => ({ ...fact('says', line), alone: true })),
  ]
}

/** `2026-11-21 14:03:22.104`, in this host's time zone. */
function dateTime(ms: number): string {
  const at = new Date(ms)
  if (Number.isNaN(at.getTime())) return 'an unknown time'
  const two = (value: number): string => String(value).padStart(2, '0')
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${date} ${clockTime(ms)}.${String(at.getMilliseconds()).padStart(3, '0')}`
}
