/** What a row of the tree is about, for the keys. */
import { listOf } from '../../model/known.ts'
import { isHidden } from '../../model/ids.ts'
import type { World } from '../../model/world.ts'
import { containersIn } from '../../derive/containers.ts'
import { commandOf } from '../select/command.ts'
import { nameOf } from '../select/shown.ts'
import type { Subject } from '../select/subject.ts'
import type { About } from './about.ts'

type Value = About['values'][number]

/** null: nothing that a key could act on. */
export function aboutSubject(world: World | null, subject: Subject): About | null {
  if (world === null || subject === null) return null
  if (subject.kind === 'ghost' || subject.kind === 'group') return null
  const { netns } = subject
  const name = nameOf(world, netns.id)
  const own = subject.kind === 'netns' && subject.row.kind === 'container' ? subject.row.container : null
  // Those of mode host use all of the host's links, and none of them is theirs.
  const inside = containersIn(world, netns.id).find((each) => each.container.modeKind !== 'host')
  const container = own ?? inside?.container ?? null
  const common = { netns: netns.id, container: container?.id ?? null, command: commandOf(world, subject) }
  const containerValues: readonly Value[] =
    container === null
      ? []
      : [
          { what: 'container', text: container.name },
          { what: 'container id', text: container.id },
        ]
  if (subject.kind === 'link') {
    const { link } = subject
    const addresses = listOf(netns.addresses).filter(({ ifindex }) => ifindex === link.ifindex)
    return {
      ...common,
      label: `${link.name} in ${name}`,
      ifindex: link.ifindex,
      values: [
        { what: 'name', text: link.name },
        ...addresses.map(({ local }) => ({ what: 'address', text: local })),
        ...(link.lladdr === null ? [] : [{ what: 'MAC', text: link.lladdr }]),
        ...containerValues,
      ],
    }
  }
  const path = netns.names.find((each) => each.path !== null)?.path
  return {
    ...common,
    label: own === null ? name : own.name,
    ifindex: null,
    values: [
      { what: 'name', text: own === null ? name : own.name },
      ...(isHidden(netns.id) ? [] : [{ what: 'inode', text: `net:[${netns.id}]` }]),
      ...(path === undefined || path === null ? [] : [{ what: 'path', text: path }]),
      ...containerValues,
    ],
  }
}
