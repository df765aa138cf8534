/**
 *  growth since 14:02:11; 0 counts from now
 *  WHERE    COUNTER          VALUE  GROWTH  MEANS
 *  eth0     rxDropped           12      +3  came in and was thrown away …
 *  protocol TcpExt.ListenDrops  40      +8  a new connection was dropped …
 */
import { dropsOf, type Drop } from '../../../derive/drops.ts'
import type { Netns } from '../../../model/netns.ts'
import type { World } from '../../../model/world.ts'
import type { Line, Span } from '../../frame.ts'
import type { FirstLook } from '../../namespaces-state.ts'
import { clockTime } from '../../select/clock.ts'
import { memoRecent } from '../../select/memo-recent.ts'
import { gap, lineOf, span, wrapped } from '../text.ts'
import { grid } from './grid.ts'
import { heading, parted, said } from './lines.ts'

/** `netns`: with its details and live counters. `first`: null where nothing can grow. */
export const countedDrops = memoRecent((world: World, netns: Netns, first: FirstLook | null) => {
  const withIt = (one: Netns): World => ({
    ...world,
    netns: world.netns.map((each) => (each.id === one.id ? one : each)),
  })
  return dropsOf(withIt(netns), netns.id, first === null ? null : withIt(first.netns))
})

export function dropLines(
  world: World,
  netns: Netns,
  first: FirstLook | null,
  columns: number,
): readonly Line[] {
  const { drops, unread } = countedDrops(world, netns, first)
  const grown = drops
    .filter(({ growth }) => (growth ?? 0) > 0)
    .toSorted((a, b) => (b.growth ?? 0) - (a.growth ?? 0))
  const lost = drops.filter(({ growth, value }) => (growth ?? 0) === 0 && value > 0)
  const zero = drops.length - grown.length - lost.length
  return parted(
    [
      said(
        first === null
          ? 'a recording was read once: what grows is not known'
          : `growth since ${clockTime(first.at)}; 0 counts from now`,
        columns,
      ),
      grown.length === 0 ? [] : [heading('growing', columns), ...table(grown, columns)],
      lost.length === 0
        ? said('no counter that tells of loss is above 0', columns, 'link.up')
        : [
            heading(grown.length === 0 ? 'above 0' : 'above 0, and not growing', columns),
            ...table(lost, columns),
          ],
      [
        ...said(`${zero} counters are 0`, columns),
        ...unread.flatMap(({ what, reason }) =>
          said(`${what}: ${reason}${first === null ? '' : '; vethscope drops reads it too'}`, columns),
        ),
      ],
    ],
    columns,
  )
}

/** From here on there is room for what a counter means beside it. */
const besideFrom = 110

function table(drops: readonly Drop[], columns: number): readonly Line[] {
  const isBeside = columns >= besideFrom
  const lines = grid(
    [
      { title: 'WHERE', least: 8 },
      { title: 'COUNTER', least: 12 },
      { title: 'VALUE', right: true, least: 5 },
      { title: 'GROWTH', right: true, least: 6 },
      { title: 'MEANS', soft: true, least: 16 },
    ],
    drops.map(({ group, subject, counter, value, growth, says }): readonly Span[] => [
      span(subject ?? (group === 'softnet' ? 'this machine' : group), subject === null ? 'dim' : 'link'),
      span(counter),
      span(String(value), 'counter'),
      span(growth === null || growth === 0 ? '' : `+${growth}`, 'link.down'),
      span(isBeside ? says : '', 'dim'),
    ]),
    columns,
  )
  if (isBeside) return lines
  const [titles, ...rows] = lines
  return [
    ...(titles === undefined ? [] : [titles]),
    ...rows.flatMap((row, at) => [
      row,
      ...wrapped([span(drops[at]?.says ?? '', 'dim')], columns - 4).map((line) =>
        lineOf([gap(3), ...line], columns),
      ),
    ]),
  ]
}
