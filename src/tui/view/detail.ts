/**
 * ── vethe8201cd ─ nginx1 ─────────────────────────────────────────── 4 of 7 ─
 *  peer eth0(3) in nginx1  172.17.0.3/16   port of docker0, forwarding
 *  state UP   mtu 1500=1500   rx 882 B 11 pk 0 drop   tx 1.9 kB 14 pk 0 drop
 *  changed never since 13:58
 *  $ ip -d link show vethe8201cd
 */
import type { Line, Span } from '../frame.ts'
import { commandOf } from '../select/command.ts'
import { nameOf, shown } from '../select/shown.ts'
import { subjectOf } from '../select/subject.ts'
import type { State } from '../state.ts'
import { changeFact } from './facts/change-fact.ts'
import { fact, type Fact } from './facts/fact.ts'
import { flowed } from './facts/flow.ts'
import { mainLinkFacts, moreLinkFacts } from './facts/link-facts.ts'
import { spelledOut } from './facts/name-facts.ts'
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
  if (subject.kind === 'netns') return [span(name, 'heading')]
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
  const name = subject.kind === 'link' ? subject.link.name : nameOf(world, subject.netns.id)
  const [main, more] =
    subject.kind === 'link'
      ? [mainLinkFacts(feed, world, subject, glyphs(state.options.ascii)), moreLinkFacts(world, subject)]
      : [mainNetnsFacts(feed, world, subject.netns), moreNetnsFacts(subject.netns)]
  const command = commandOf(world, subject)
  const shell: readonly Fact[] =
    command === null ? [] : [{ label: '$', spans: [span(command, 'key')], alone: true }]
  return [
    ...flowed([...main, changed], columns, isList),
    ...flowed(shell, columns, isList),
    ...flowed([...spelledOut(name), ...more], columns, isList),
  ]
}
