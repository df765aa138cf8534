/** What the Networks screen tells of the selected one: who is on it, and how it is made. */
import type { EngineNetwork } from '../../../model/engine.ts'
import type { Line } from '../../frame.ts'
import { portsOf } from '../../select/ports.ts'
import { memoRecent } from '../../select/memo-recent.ts'
import { restoreOf } from '../../select/restorable.ts'
import type { Sheet } from '../../table/sheet.ts'
import { listeningMembers, type ListeningMember } from '../../tables/member-row.ts'
import type { NetworkRow } from '../../tables/network-row.ts'
import { flowed } from '../facts/flow.ts'
import { grid } from '../namespace/grid.ts'
import { andMore, mostRows, parted, said } from '../namespace/lines.ts'
import { span } from '../text.ts'
import { usualFacts } from './network-facts.ts'
import { optionLines } from './option-lines.ts'
import { overlayLines } from './overlay-lines.ts'
import { addressSpans, aliasSpans, listenSpans, memberLinkSpans, portSpans } from './member-text.ts'

export const networkSheets: readonly Sheet<NetworkRow>[] = [
  {
    id: 'members',
    title: 'members',
    count: ({ members }) => members.length,
    lines: (row, state, columns) => made(row, listeningMembers(row.members, portsOf(state)), columns),
  },
  {
    id: 'overlay',
    title: 'overlay',
    isOf: ({ network }) => network.driver === 'overlay',
    lines: (row, state, columns) => overlayLines(state, row, columns),
  },
  {
    id: 'options',
    title: 'options',
    lines: (row, _, columns) => optionLines(row, columns),
  },
  {
    id: 'findings',
    title: 'findings',
    count: ({ findings }) => (findings.length === 0 ? null : findings.length),
    lines: ({ findings }, state, columns) =>
      findings.length === 0
        ? said('nothing that was looked for is wrong with it or its members', columns)
        : findings.flatMap((finding) => [
            ...said(
              `${finding.id} ${finding.subject}: ${finding.says}`,
              columns,
              finding.severity === 'fault' ? 'error' : 'text',
            ),
            ...('why' in restoreOf(state, finding)
              ? []
              : said(':rules-restore writes the lost rules back', columns, 'key')),
          ]),
  },
]

const made = memoRecent(
  (row: NetworkRow, members: readonly ListeningMember[], columns: number): readonly Line[] =>
    parted([memberLines(members, columns), usualLines(row.network, columns)], columns),
)

/** From here on there is room for what is rarely asked. */
const wide = 110

function memberLines(members: readonly ListeningMember[], columns: number): readonly Line[] {
  const isWide = columns >= wide
  if (members.length === 0) return said('nobody is on it', columns)
  return [
    ...grid(
      [
        { title: 'NAME', least: 8 },
        { title: 'ADDRESS', least: 10 },
        { title: 'ALIASES', least: 4, soft: true },
        { title: 'PUBLISHED', least: 6, soft: true },
        { title: 'LISTENS', least: 5, soft: true },
        { title: 'LINK', least: 6 },
        ...(isWide ? [{ title: 'MAC', least: 17 }] : []),
      ],
      members
        .slice(0, mostRows)
        .map((member) => [
          span(member.name, 'container'),
          addressSpans(member),
          aliasSpans(member),
          portSpans(member),
          listenSpans(member),
          memberLinkSpans(member),
          ...(isWide ? [span(member.mac ?? '-', 'dim')] : []),
        ]),
      columns,
    ),
    ...andMore(members.length, 'members', columns),
  ]
}

function usualLines(network: EngineNetwork, columns: number): readonly Line[] {
  return flowed(usualFacts(network), columns, false)
}
