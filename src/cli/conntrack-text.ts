import type { Answered } from '../command/result.ts'
import type { ConnectionShape } from '../command/shapes.ts'
import { isUnknown } from '../model/known.ts'
import { width } from '../lib/width.ts'
import { clean, counted } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import { lineColumns } from './wrap.ts'
import type { Style } from './style.ts'

type ConntrackResult = Extract<Answered, { kind: 'conntrack' }>

/** How full the table is, then one connection after the other, its translation below it. */
export function conntrackText({ data, table, filtered }: ConntrackResult, style: Style): readonly string[] {
  const shown = data.filter((each): each is ConnectionShape => !('unknown' in each))
  const head = `${style.paint('bold', clean(table.netns.name))}  ${fullness(table, filtered ? shown.length : null)}`
  const unread = data.flatMap((each) =>
    'unknown' in each ? [`  ${style.paint('yellow', clean({ unknown: each.unknown }))}`] : [],
  )
  return [head, ...losses(table, style), ...unread, ...columns(shown.flatMap((each) => rows(each, style)))]
}

function fullness({ count, max }: ConntrackResult['table'], shown: number | null): string {
  if (isUnknown(count)) return `connections ${clean(count)}`
  const some = shown === null ? '' : `${shown} shown of `
  const most = isUnknown(max) ? '' : ` (at most ${max}, ${percent(count, max)} used)`
  return `${some}${counted(count, 'connection')}${most}`
}

function percent(count: number, max: number): string {
  const part = (100 * count) / Math.max(1, max)
  return part > 0 && part < 1 ? 'below 1 %' : `${Math.round(part)} %`
}

/** Statistics that mean lost packets, where there are any. */
function losses({ stats }: ConntrackResult['table'], style: Style): readonly string[] {
  if (isUnknown(stats)) return []
  const lost = ['insert_failed', 'drop', 'early_drop'].filter((name) => (stats[name] ?? 0) > 0)
  if (lost.length === 0) return []
  return [`  ${style.paint('red', lost.map((name) => `${name} ${stats[name] ?? 0}`).join('  '))}`]
}

/** Columns: mark, protocol, state, timeout, and the words; the translation and what is wrong have lines of their own. */
function rows(connection: ConnectionShape, style: Style): readonly (readonly Cell[])[] {
  const { protocol, state, timeout, direction, translation, trouble, mark, zone, status } = connection
  const colour = trouble?.kind === 'stale' ? 'red' : 'yellow'
  const sign = trouble === null ? ' ' : trouble.kind === 'stale' ? '!' : '?'
  const blank = { text: '' }
  const below = (text: string, shown?: string): readonly Cell[] => [
    blank,
    blank,
    blank,
    blank,
    shown === undefined ? { text } : { text, shown },
  ]
  const [first = '', ...rest] = arrows(direction, style)
  const marks = [
    ...(zone === 0 ? [] : [`zone ${zone}`]),
    ...(mark === 0 ? [] : [`mark 0x${mark.toString(16)}`]),
    ...(status.includes('HW_OFFLOAD')
      ? ['offloaded to hardware']
      : status.includes('OFFLOAD')
        ? ['offloaded']
        : []),
    ...peers(connection),
  ]
  return [
    [
      { text: sign, shown: style.paint(colour, sign) },
      { text: clean(protocol) },
      { text: clean(state) },
      { text: timeoutText(timeout) },
      { text: first },
    ],
    ...rest.map((line) => below(line)),
    ...(translation === null
      ? []
      : [below(`  ${clean(translation)}`, `  ${style.paint('cyan', clean(translation))}`)]),
    ...(marks.length === 0
      ? []
      : [below(`  ${marks.join('  ')}`, `  ${style.paint('dim', marks.join('  '))}`)]),
    ...(trouble === null
      ? []
      : [below(`  ${clean(trouble.says)}`, `  ${style.paint(colour, clean(trouble.says))}`)]),
  ]
}

function peers({ from, to }: ConnectionShape): readonly string[] {
  if (from === null && to === null) return []
  return [
    [...(from === null ? [] : [`from ${clean(from)}`]), ...(to === null ? [] : [`to ${clean(to)}`])].join(
      ' ',
    ),
  ]
}

/** In front of the words: mark, protocol, state, timeout. */
const room = lineColumns - 30

/** On one line where there is room; two IPv6 addresses need a line each. */
function arrows(direction: string, style: Style): readonly string[] {
  const text = clean(direction)
  const [from = '', to = ''] = text.split(' → ')
  const arrow = style.unicode ? '→' : '->'
  return width(text) <= room ? [`${from} ${arrow} ${to}`] : [from, `${arrow} ${to}`]
}

/** `59s`, `3m`, `5h`, `5d`; offloaded connections have none. */
function timeoutText(seconds: number | null): string {
  if (seconds === null) return '-'
  if (seconds < 120) return `${seconds}s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}
