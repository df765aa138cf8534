/**
 *  original 172.17.0.2:40001 → 1.1.1.1:443   reply 1.1.1.1:443 → 192.0.2.2:40001
 *  in words 172.17.0.2:40001 → 1.1.1.1:443, seen outside as 192.0.2.2:40001
 *  state ESTABLISHED   timeout 5d   from web   mark 0x1   zone 0
 *  $ conntrack -L -p tcp …
 *  table host: 211 connections of at most 262144, below 1 %
 */
import type { ConnectionRow, ConnectionsWindow } from '../../../model/connection-view.ts'
import type { Line, Span } from '../../frame.ts'
import { nameOf, shown } from '../../select/shown.ts'
import type { State } from '../../state.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { glyphs } from '../glyphs.ts'
import { bytes as byteText, counted } from '../numbers.ts'
import { span } from '../text.ts'
import { conntrackFacts } from './conntrack-facts.ts'
import { destinationOf, replySpans, sourceOf, stateSpan, timeoutText } from './connection-text.ts'

export function connectionDetail(
  { view }: ConnectionRow,
  state: State,
  columns: number,
  about: { readonly window: ConnectionsWindow; readonly command: string | null },
): readonly Line[] {
  const { arrow } = glyphs(state.options.ascii)
  const { connection, trouble } = view
  const { original, protocol, mark, zone, status, timeout } = connection
  const name = nameOf(shown(state).world, about.window.netns)
  const facts: readonly Fact[] = [
    ...(trouble === null
      ? []
      : [
          {
            ...fact(trouble.kind, trouble.says, trouble.kind === 'stale' ? 'link.down' : 'finding.risk'),
            alone: true,
          },
        ]),
    {
      label: 'original',
      spans: [
        span(`${protocol} `),
        span(sourceOf(original), 'address'),
        span(` ${arrow} `, 'dim'),
        span(destinationOf(original), 'address'),
      ],
    },
    { label: 'reply', spans: replySpans(view, arrow) },
    ...translated(state, view.direction, view.translation),
    { label: 'state', spans: [stateSpan(view)] },
    fact('timeout', timeout === null ? 'none: it is offloaded' : timeoutText(timeout)),
    ...(view.from === null ? [] : [fact('from', view.from, 'netns')]),
    ...(view.to === null ? [] : [fact('to', view.to, 'netns')]),
    ...(view.container === null ? [] : [fact('container', view.container, 'container')]),
    fact('mark', mark === 0 ? '0' : `0x${mark.toString(16)}`),
    fact('zone', String(zone)),
    ...counters(view.connection),
    ...statusFact(status),
    ...(about.command === null
      ? []
      : [{ label: '$', spans: [span(about.command, 'key')], alone: true as const }]),
    ...conntrackFacts(about.window, name),
  ]
  return flowed(facts, columns, columns < state.size.columns)
}

/** Each of them has these, or has them told by what was translated. */
const usual = new Set(['CONFIRMED', 'SRC_NAT', 'DST_NAT', 'SRC_NAT_DONE', 'DST_NAT_DONE'])

function statusFact(status: readonly string[]): readonly Fact[] {
  const own = status.filter((each) => !usual.has(each))
  return own.length === 0 ? [] : [fact('status', own.join(' '))]
}

function translated(state: State, direction: string, translation: string | null): readonly Fact[] {
  if (translation === null) return []
  const plain = direction.replace('→', glyphs(state.options.ascii).arrow)
  const spans: readonly Span[] = [span(`${plain}, `), span(translation, 'nat')]
  return [{ label: 'in words', spans, alone: true }]
}

function counters({ bytes, packets }: ConnectionRow['view']['connection']): readonly Fact[] {
  if (bytes === null || packets === null) return [fact('bytes', 'not counted: nf_conntrack_acct is 0', 'dim')]
  const side = (of: 'original' | 'reply'): string =>
    `${byteText(bytes[of])} in ${counted(packets[of], 'packet')}`
  return [fact('sent', side('original')), fact('came back', side('reply'))]
}
