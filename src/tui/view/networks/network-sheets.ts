/** What the Networks screen tells of the selected one: who is on it, and how it is made. */
import type { EngineNetwork } from '../../../model/engine.ts'
import type { Line } from '../../frame.ts'
import { portsOf } from '../../select/ports.ts'
import { memoRecent } from '../../select/memo-recent.ts'
import type { Sheet } from '../../table/sheet.ts'
import { listeningMembers, type ListeningMember } from '../../tables/member-row.ts'
import type { NetworkRow } from '../../tables/network-row.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { grid } from '../namespace/grid.ts'
import { andMore, heading, mostRows, parted, said } from '../namespace/lines.ts'
import { span } from '../text.ts'
import { addressSpans, aliasSpans, listenSpans, memberLinkSpans, portSpans } from './member-text.ts'

export const networkSheets: readonly Sheet<NetworkRow>[] = [
  {
    id: 'members',
    title: 'members',
    count: ({ members }) => members.length,
    lines: (row, state, columns) => made(row, listeningMembers(row.members, portsOf(state)), columns),
  },
  {
    id: 'options',
    title: 'options',
    lines: ({ network, engine }, _, columns) => optionLines(network, engine, columns),
  },
  {
    id: 'findings',
    title: 'findings',
    count: ({ findings }) => (findings.length === 0 ? null : findings.length),
    lines: ({ findings }, _, columns) =>
      findings.length === 0
        ? said('nothing that was looked for is wrong with it or its members', columns)
        : findings.flatMap(({ id, subject, says, severity }) =>
            said(`${id} ${subject}: ${says}`, columns, severity === 'fault' ? 'error' : 'text'),
          ),
  },
]

const made = memoRecent(
  (row: NetworkRow, members: readonly ListeningMember[], columns: number): readonly Line[] =>
    parted([memberLines(members, columns), usualLines(row.network, columns)], columns),
)

function memberLines(members: readonly ListeningMember[], columns: number): readonly Line[] {
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
        ]),
      columns,
    ),
    ...andMore(members.length, 'members', columns),
  ]
}

/** What is asked first, in Docker's words; absent: the engine's own default. */
function usualFacts(network: EngineNetwork): readonly Fact[] {
  const { options, subnets, internal, ipv6 } = network
  const gateways = subnets.flatMap(({ gateway }) => (gateway === null ? [] : [gateway.replace(/\/.*$/, '')]))
  const told = (
    label: string,
    name: string,
    says: (value: string) => string = (value) => value,
  ): readonly Fact[] => {
    const value = options[name]
    return value === undefined ? [] : [fact(label, says(value))]
  }
  const yes = (value: string): string => (value === 'true' ? 'yes' : 'no')
  return [
    ...(gateways.length === 0 ? [] : [fact('gateway', gateways.join(' '))]),
    ...told('mtu', 'com.docker.network.driver.mtu'),
    ...told('icc', 'com.docker.network.bridge.enable_icc', yes),
    ...told('masquerade', 'com.docker.network.bridge.enable_ip_masquerade', yes),
    fact('internal', internal ? 'yes' : 'no'),
    fact('ipv6', ipv6 ? 'yes' : 'no'),
  ]
}

function usualLines(network: EngineNetwork, columns: number): readonly Line[] {
  return flowed(usualFacts(network), columns, false)
}

function optionLines(network: EngineNetwork, engine: string, columns: number): readonly Line[] {
  const { id, name, driver, scope, subnets, bridge, parent, options, labels } = network
  const pairs = (entries: Readonly<Record<string, string>>): readonly Line[] =>
    Object.entries(entries)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, value]) => said(`${key} ${value}`, columns, 'text'))
  const own: readonly Fact[] = [
    fact('name', name),
    fact('engine', engine),
    fact('driver', driver),
    fact('scope', scope),
    ...(id === name ? [] : [fact('id', id.slice(0, 12))]),
    ...subnets.map(({ subnet }) => fact('subnet', subnet)),
    ...(bridge === null ? [] : [fact('bridge', bridge)]),
    ...(parent === null ? [] : [fact('parent', parent)]),
    ...usualFacts(network),
  ]
  const more = (title: string, entries: Readonly<Record<string, string>>): readonly Line[] =>
    Object.keys(entries).length === 0 ? [] : [heading(title, columns), ...pairs(entries)]
  return parted([flowed(own, columns, true), more('options', options), more('labels', labels)], columns)
}
