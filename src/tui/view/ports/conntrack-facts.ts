/** How full a namespace's table of connections is, and what got lost in it. */
import type { ConnectionsWindow } from '../../../model/connection-view.ts'
import { isUnknown } from '../../../model/known.ts'
import type { Span } from '../../frame.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { span } from '../text.ts'

/** From here on new connections may soon find no place. */
const nearlyFull = 0.8
/** Each of these is a packet that was lost, or a connection that had to go (nf_conntrack_core.c). */
const losses = ['insert_failed', 'drop', 'early_drop', 'chain_toolong']

type Table = Pick<ConnectionsWindow, 'count' | 'max' | 'stats' | 'grown'>

/** `211 of 262144`, and only where it is pressing: how full, what was lost while one looked. */
export function fullnessText({ count, max, grown }: Table): string {
  if (isUnknown(count)) return ''
  const part = isUnknown(max) ? 0 : count / Math.max(1, max)
  const full = part >= nearlyFull ? ` ! ${Math.floor(100 * part)} % full` : ''
  const lost = losses.flatMap((name) => ((grown[name] ?? 0) > 0 ? [` ! ${name} +${grown[name]}`] : []))
  return `${count}${isUnknown(max) ? '' : ` of ${max}`}${full}${lost.join('')}`
}

export function conntrackFacts(table: Table, name: string): readonly Fact[] {
  const { count, max, stats, grown } = table
  const told = isUnknown(count) ? `not known: ${count.unknown}` : `${count} connections`
  const part = isUnknown(count) || isUnknown(max) ? null : count / Math.max(1, max)
  const most = isUnknown(max) ? '' : ` of at most ${max}`
  const fullness: Span =
    part === null
      ? span('')
      : part >= nearlyFull
        ? span(`, ${Math.floor(100 * part)} % full: when it is, new ones are dropped`, 'finding.fault')
        : span(`, ${part > 0 && part < 0.01 ? 'below 1' : Math.round(100 * part)} %`, 'dim')
  return [
    {
      label: 'table',
      spans: [span(`${name}: `, 'netns'), span(`${told}${most}`, 'counter'), fullness],
      alone: true,
    },
    isUnknown(stats)
      ? fact('stats', `not known: ${stats.unknown}`, 'unreadable')
      : { label: 'stats', spans: statSpans(stats, grown), alone: true },
  ]
}

/** What stands at nothing says nothing, except of what may get lost. */
function statSpans(stats: Readonly<Record<string, number>>, grown: Readonly<Record<string, number>>) {
  const names = Object.keys(stats).filter((name) => (stats[name] ?? 0) > 0 || losses.includes(name))
  const [lost, others] = [
    names.filter((name) => losses.includes(name)),
    names.filter((name) => !losses.includes(name)),
  ]
  return [...lost, ...others].flatMap((name, at): readonly Span[] => {
    const growth = grown[name] ?? 0
    const loud = losses.includes(name) && (stats[name] ?? 0) > 0
    return [
      span(`${at === 0 ? '' : '  '}${name} `, 'dim'),
      span(String(stats[name] ?? 0), loud ? 'finding.risk' : 'counter'),
      ...(growth === 0 ? [] : [span(` +${growth}`, loud ? 'finding.fault' : 'changed')]),
    ]
  })
}
