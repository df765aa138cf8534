/** Screen 5's other table: who is on which network. */
import type { Facts } from '../../derive/filter.ts'
import { insideCommand } from '../../derive/inside-command.ts'
import { isUnknown } from '../../model/known.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { portsOf } from '../select/ports.ts'
import { netnsOf, shown } from '../select/shown.ts'
import { selectionOf } from '../select/subject.ts'
import type { Table } from '../table/table.ts'
import { jumped } from '../update/jump.ts'
import { fact } from '../view/facts/fact.ts'
import { flowed } from '../view/facts/flow.ts'
import {
  addressSpans,
  aliasSpans,
  listenSpans,
  memberAddress,
  memberLinkSpans,
  portSpans,
} from '../view/networks/member-text.ts'
import { span } from '../view/text.ts'
import { leadTo } from './lead.ts'
import { listeningMembers, memberRows, type ListeningMember } from './member-row.ts'
import { nothingOfEngines } from './nothing-of-engines.ts'

const dash = span('-', 'dim')

const facts: Facts<ListeningMember> = {
  holds: ({ name, id, network, aliases, port, ipv4, ipv6 }, text) =>
    [name, id, network?.name ?? '', port?.name ?? '', ipv4 ?? '', ipv6 ?? '', ...aliases].some((each) =>
      each.toLowerCase().includes(text),
    ),
  addresses: ({ ipv4, ipv6 }) =>
    [ipv4, ipv6].flatMap((each) => (each === null ? [] : [each.replace(/\/.*$/, '')])),
  ports: ({ ports }) => ports.map(({ port }) => port),
  kind: ({ network }) => network?.driver ?? null,
  traits: () => [],
}

const texts = new Intl.Collator('en', { numeric: true })

const byNetwork = memoRecent((members: readonly ListeningMember[]): readonly ListeningMember[] =>
  members.toSorted(
    (a, b) =>
      Number(b.engine === 'lab') - Number(a.engine === 'lab') ||
      texts.compare(a.network?.name ?? '', b.network?.name ?? '') ||
      texts.compare(a.name, b.name),
  ),
)

export const membersTable: Table<ListeningMember> = {
  id: 'members',
  title: 'members',
  source: {
    type: 'whole',
    rows: (state) => {
      const { world } = shown(state)
      return world === null
        ? null
        : byNetwork(listeningMembers(memberRows(world.netns, world.engines, world), portsOf(state)))
    },
    facts: () => facts,
  },
  columns: [
    {
      id: 'name',
      title: 'NAME',
      least: 9,
      most: 32,
      rank: 0,
      cell: ({ name }) => [span(name, 'container')],
      by: ({ name }) => name,
    },
    {
      id: 'network',
      title: 'NETWORK',
      least: 8,
      most: 24,
      rank: 0,
      cell: ({ network }) => [network === null ? dash : span(network.name)],
      by: ({ network }) => network?.name ?? null,
    },
    {
      id: 'address',
      title: 'ADDRESS',
      least: 11,
      most: 40,
      rank: 0,
      cell: addressSpans,
      by: memberAddress,
    },
    {
      id: 'aliases',
      title: 'ALIASES',
      least: 7,
      most: 24,
      rank: 4,
      cell: aliasSpans,
      by: ({ aliases }) => aliases[0] ?? null,
    },
    {
      id: 'published',
      title: 'PUBLISHED',
      least: 9,
      most: 32,
      rank: 1,
      cell: portSpans,
      by: ({ ports }) => ports[0]?.port ?? null,
    },
    {
      id: 'listens',
      title: 'LISTENS',
      least: 7,
      most: 32,
      rank: 2,
      cell: listenSpans,
      by: ({ listens }) => listens?.[0] ?? null,
    },
    {
      id: 'link',
      title: 'LINK',
      least: 9,
      most: 24,
      rank: 3,
      cell: memberLinkSpans,
      by: ({ link, port }) => (isUnknown(link) ? null : ((port ?? link)?.name ?? null)),
    },
  ],
  key: ({ key }) => key,
  label: ({ name, network }) => (network === null ? name : `${name} on ${network.name}`),
  empty: (state) => nothingOfEngines(state, 'members', 'member of a network'),
  about: ({ name, network, netns, inside, link, id, ipv4, ipv6, mac, engine }, state) => {
    const { world } = shown(state)
    const own = netns === null ? null : netnsOf(world, netns)
    const eth = link === null || isUnknown(link) ? null : link
    return {
      label: network === null ? name : `${name} on ${network.name}`,
      netns,
      ifindex: inside ? (eth?.ifindex ?? null) : null,
      container: id,
      command:
        world === null || own === null
          ? null
          : insideCommand(world, own, eth === null ? 'ip addr' : `ip addr show dev ${eth.name}`),
      values: [
        { what: 'name', text: name },
        ...[ipv4, ipv6].flatMap((each) =>
          each === null ? [] : [{ what: 'address', text: each.replace(/\/.*$/, '') }],
        ),
        ...(mac === null ? [] : [{ what: 'MAC', text: mac }]),
        ...(engine === 'lab' ? [] : [{ what: 'container id', text: id }]),
      ],
    }
  },
  detail: (member, state, columns) => {
    const { ipv4, ipv6, mac, network, engine, link, aliases, ports } = member
    const eth = link === null || isUnknown(link) ? null : link
    return flowed(
      [
        fact('engine', engine),
        ...(network === null
          ? [fact('network', 'none', 'dim')]
          : [fact('network', network.name, 'container')]),
        ...[ipv4, ipv6].flatMap((each) => (each === null ? [] : [fact('address', each, 'address')])),
        ...(mac === null ? [] : [fact('mac', mac)]),
        ...(aliases.length === 0 ? [] : [fact('aliases', aliases.join(' '))]),
        ...(ports.length === 0 ? [] : [{ label: 'published', spans: portSpans(member) }]),
        ...(member.listens === null ? [] : [{ label: 'listens', spans: listenSpans(member) }]),
        ...(isUnknown(link) ? [fact('link', `not known: ${link.unknown}`, 'unreadable')] : []),
        ...(eth === null ? [] : [fact('link', eth.name, 'link')]),
        ...(member.port === null ? [] : [fact('leads to', member.port.name, 'link')]),
      ],
      columns,
      columns < state.size.columns,
    )
  },
  follow: (member, state) => {
    const { world } = shown(state)
    const { link, name, netns, id } = member
    if (netns === null) return { why: `${name} has no namespace on this host` }
    const selection =
      world === null || link === null || isUnknown(link) ? null : selectionOf(world, link.netns, link.ifindex)
    return selection === null
      ? leadTo(state, netns, id, `${name} has no row in the tree`)
      : { to: () => jumped(state, selection) }
  },
  needs: () => [{ kind: 'ports' }],
}
