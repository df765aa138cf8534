/**
 *  eth0@nginx1 12   vethe82 12   docker0 12   eth0 0
 *  icmp 172.17.0.3 > 198.51.100.1 id 7  12 packets
 *    seen on eth0@nginx1 12, docker0 12
 *    last on docker0; not on eth0
 */
import type { CaptureResult, FlowSeen, TrackSeen } from '../../../model/capture.ts'
import type { Line } from '../../frame.ts'
import { fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { counted } from '../numbers.ts'
import { gap, span } from '../text.ts'
import { para } from './para.ts'

export function captureLines(result: CaptureResult, columns: number): readonly Line[] {
  const { captured, dropped, file, links, flows, moreFlows, because } = result
  const ended = links.flatMap(({ label, ended: why }) =>
    why === null ? [] : para([span(label, 'link'), span(` ended before: ${why}`, 'link.down')], columns),
  )
  return [
    ...flowed(
      [
        fact('captured', String(captured), 'counter'),
        dropped === null
          ? fact('dropped by the kernel', 'not known', 'dim')
          : fact('dropped by the kernel', String(dropped), dropped === 0 ? 'text' : 'link.down'),
        fact('ended by', because),
        ...(file === null ? [] : [fact('written to', file)]),
      ],
      columns,
      false,
    ),
    ...para(
      links.flatMap(({ label, packets }, at) => [
        gap(at === 0 ? 0 : 3),
        span(`${label} `, 'link'),
        span(String(packets), packets === 0 ? 'link.down' : 'counter'),
      ]),
      columns,
    ),
    ...ended,
    ...flows.flatMap((flow) => flowLines(flow, columns)),
    ...(moreFlows > 0 ? para([span(`and at least ${counted(moreFlows, 'flow')} more`, 'dim')], columns) : []),
  ]
}

function flowLines({ flow, translated, back, errors, ...there }: FlowSeen, columns: number): readonly Line[] {
  return [
    ...para([span(flow, 'address'), span(`  ${counted(there.packets, 'packet')}`, 'dim')], columns),
    ...translated.flatMap((other) => para([span('also as ', 'dim'), span(other, 'nat')], columns, 3)),
    ...trackLines(there, 'seen', columns),
    ...(back === null ? [] : trackLines(back, 'answers seen', columns)),
    ...errors.flatMap((error) => para([span(error, 'link.down')], columns, 3)),
  ]
}

function trackLines({ seen, lastSeen, next }: TrackSeen, what: string, columns: number): readonly Line[] {
  const places = seen.flatMap(({ link, packets }, at) => [
    span(at === 0 ? `${what} on ` : ', ', 'dim'),
    span(link, 'link'),
    span(` ${packets}`, 'counter'),
  ])
  const missing =
    next === null
      ? []
      : para(
          [span('last on ', 'link.down'), span(lastSeen, 'link'), span(`; not on ${next}`, 'link.down')],
          columns,
          3,
        )
  return [...para(places, columns, 3), ...missing]
}
