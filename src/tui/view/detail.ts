/**
 * ── vethe8201cd ─ nginx1 ─────────────────────────────────────────── 4 of 7 ─
 *  peer eth0(3) in nginx1  172.17.0.3/16   port of docker0, forwarding
 *  state UP   mtu 1500=1500   rx 882 B 11 pk 0 drop   tx 1.9 kB 14 pk 0 drop
 *  changed never since 13:58
 *  $ ip -d link show vethe8201cd
 */
import type { ContainerOf } from '../../derive/containers.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import type { Feed } from '../feed.ts'
import type { Line, Span } from '../frame.ts'
import { commandOf } from '../select/command.ts'
import { nameOf, shown } from '../select/shown.ts'
import { subjectOf, type Subject } from '../select/subject.ts'
import type { State } from '../state.ts'
import {
  containerOf,
  endFacts,
  mainContainerFacts,
  moreContainerFacts,
  sharingFacts,
} from './facts/container-facts.ts'
import { changeFact } from './facts/change-fact.ts'
import { fact, type Fact } from './facts/fact.ts'
import { flowed } from './facts/flow.ts'
import { mainLinkFacts, moreLinkFacts } from './facts/link-facts.ts'
import { spelledOut } from './facts/name-facts.ts'
import { mainNetworkFacts, moreNetworkFacts, networksOf } from './facts/network-facts.ts'
import { mainNetnsFacts, moreNetnsFacts } from './facts/netns-facts.ts'
import { glyphs } from './glyphs.ts'
import { lineOf, span, widthOf } from './text.ts'

/** The other end is named where there is room for all of its name. */
export function detailTitle(state: State, columns: number): readonly Span[] {
  const { world } = shown(state)
  const subject = subjectOf(state)
  const dash = glyphs(state.options.ascii).line
  if (subject === null) return [span('nothing selected', 'dim')]
  if (subject.kind === 'ghost') return [span(subject.ghost.label, 'gone')]
  if (subject.kind === 'group') return [span('not on a bridge', 'heading')]
  const name = nameOf(world, subject.netns.id)
  if (subject.kind === 'netns') {
    const own = nameOfNetns(world, subject)
    return [span(own, 'heading'), ...(own === name ? [] : [span(` in ${name}`, 'netns')])]
  }
  const { row, end, link } = subject
  const other = row.far === null ? null : end === 'near' ? row.far.netnsName : row.link.name
  const title = [span(link.name, 'heading'), span(` in ${name}`, 'netns')]
  if (other === null) return title
  const both = [...title, span(` ${dash} `, 'border'), span(other, end === 'near' ? 'netns' : 'link')]
  return widthOf(both) <= columns - countWidth ? both : title
}

/** The lines beside the title, and ` 12-34 of 56 ` at the other end. */
const countWidth = 20

/** Most asked first, then the command, then the rest. */
export function detailLines(state: State, columns: number): readonly Line[] {
  const feed = shown(state)
  const { world } = feed
  const subject = subjectOf(state)
  // Beside the tree it is narrow and high, below the tree wide and low.
  const isList = columns < state.size.columns
  if (world === null || subject === null) return []
  if (subject.kind === 'ghost') return [lineOf([span(` ${subject.ghost.label} is gone`, 'gone')], columns)]
  if (subject.kind === 'group') {
    const count = subject.row.children.length
    return flowed(
      [
        fact(
          'here',
          count === 1
            ? '1 namespace that is connected to no bridge'
            : `${count} namespaces that are connected to no bridge`,
        ),
      ],
      columns,
      isList,
    )
  }
  const changed = changeFact(feed, subject)
  const name = subject.kind === 'link' ? subject.link.name : nameOfNetns(world, subject)
  const container = containerOf(world, subject)
  const [main, more] =
    subject.kind === 'link'
      ? linkFacts(state, world, subject, container, isList)
      : netnsFacts(feed, world, subject.netns, container)
  const command = commandOf(world, subject)
  const shell: readonly Fact[] =
    command === null ? [] : [{ label: '$', spans: [span(command, 'key')], alone: true }]
  return [
    ...flowed([...main, changed], columns, isList),
    ...flowed(shell, columns, isList),
    ...flowed([...spelledOut(name), ...more], columns, isList),
  ]
}

type Of<K> = Extract<Subject, { readonly kind: K }>

/** A row of a container is about that container, whosever the namespace is. */
function nameOfNetns(world: World | null, { row, netns }: Of<'netns'>): string {
  return row.kind === 'container' ? row.name : nameOf(world, netns.id)
}

type Facts = readonly [main: readonly Fact[], more: readonly Fact[]]

function linkFacts(
  state: State,
  world: World,
  subject: Of<'link'>,
  container: ContainerOf | null,
  isList: boolean,
): Facts {
  const { netns, link, row, end } = subject
  const networks = networksOf(world, netns, link)
  const nat = end === 'near' ? row.nat : null
  // The mark is of the end that leads furthest; what another end says is the container's as a whole.
  const ports = end === 'far' || row.far === null ? row.end?.ports : undefined
  return [
    [
      // Below the tree the chart's line tells them.
      ...mainLinkFacts(shown(state), world, subject, glyphs(state.options.ascii), isList),
      ...mainNetworkFacts(networks),
      ...(container === null ? endFacts(row) : mainContainerFacts(container, ports)),
    ],
    [
      ...moreNetworkFacts(networks, nat),
      ...(container === null
        ? []
        : [...moreContainerFacts(world, container), ...sharingFacts(world, netns.id, container)]),
      ...moreLinkFacts(world, subject),
    ],
  ]
}

function netnsFacts(feed: Feed, world: World, netns: Netns, container: ContainerOf | null): Facts {
  return [
    [...(container === null ? [] : mainContainerFacts(container)), ...mainNetnsFacts(feed, world, netns)],
    [
      ...(container === null ? [] : moreContainerFacts(world, container)),
      ...sharingFacts(world, netns.id, container),
      ...moreNetnsFacts(netns),
    ],
  ]
}
