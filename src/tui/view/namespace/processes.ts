/**
 *  all share   net, ipc, uts
 *  the host's  user
 *      PID  USER  NAME          CONTAINER  NET   MNT   PID   UTS   IPC   USER
 *      812  root  redis-server  redis123   a     a     a     a     a     host
 *      900  root  sh            sidecar    a     b     b     a     a     host
 *
 *  mnt b 4026532201  sh 900, also in the network of nginx1
 */
import {
  namespaceKinds,
  processNamespaces,
  type HeldNamespace,
  type ProcessNamespaces,
} from '../../../derive/process-namespaces.ts'
import { processCount } from '../../../derive/process-count.ts'
import type { NetnsId } from '../../../model/ids.ts'
import { isUnknown } from '../../../model/known.ts'
import type { Netns } from '../../../model/netns.ts'
import type { World } from '../../../model/world.ts'
import type { Line } from '../../frame.ts'
import { memoRecent } from '../../select/memo-recent.ts'
import { nameOf } from '../../select/shown.ts'
import { fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { holderText } from '../holders.ts'
import { span } from '../text.ts'
import { grid } from './grid.ts'
import { andMore, heading, mostRows, notRead, parted, said, saidSpans } from './lines.ts'

/** They depend on these parts of the World alone. */
const insideOf = memoRecent(
  (_processes: World['processes'], _engines: World['engines'], id: NetnsId, world: World) =>
    processNamespaces(world, id),
)

export function processLines(world: World, netns: Netns, columns: number): readonly Line[] {
  if (isUnknown(world.processes)) return notRead(world.processes.unknown, columns)
  const found = insideOf(world.processes, world.engines, netns.id, world)
  const count = processCount(world, netns)
  if (isUnknown(count)) return said(`not known who is in it: ${count.unknown}`, columns, 'unreadable')
  if (found.processes.length === 0)
    return said(
      `no process is in it; held by ${holderText(netns, world).replace(/, no process$/, '')}`,
      columns,
    )
  const rows = found.processes.slice(0, mostRows).map(({ process, container, marks }) => [
    span(String(process.pid), 'counter'),
    span(process.uid === 0 ? 'root' : String(process.uid), 'dim'),
    span(process.comm),
    span(container ?? '', 'container'),
    ...namespaceKinds.map((kind) => {
      const mark = marks[kind]
      return mark === null ? span('?', 'unreadable') : span(mark, mark === 'host' ? 'dim' : 'netns')
    }),
  ])
  const titles = [
    { title: 'PID', right: true, least: 3 },
    { title: 'USER', least: 4 },
    { title: 'NAME', least: 8 },
    { title: 'CONTAINER', least: 9 },
    ...namespaceKinds.map((kind) => ({ title: kind.toUpperCase(), least: 4 })),
  ] as const
  return parted(
    [
      flowed(shareFacts(found), columns, false),
      [...grid(titles, rows, columns), ...andMore(found.processes.length, 'processes', columns)],
      legend(world, found.held, columns),
    ],
    columns,
  )
}

/** Which kinds all processes have in common, and which of these are the host's. */
function shareFacts({ held, processes }: ProcessNamespaces) {
  const listOf = (fits: (of: readonly HeldNamespace[]) => boolean): string =>
    namespaceKinds
      .filter((kind) => {
        const of = held.filter((each) => each.kind === kind)
        return of.length > 0 && fits(of)
      })
      .join(', ')
  const one = listOf((of) => of.length === 1 && of[0]?.mark !== 'host')
  const hosts = listOf((of) => of.length === 1 && of[0]?.mark === 'host')
  const several = listOf((of) => of.length > 1)
  return [
    ...(one === '' ? [] : [fact(processes.length > 1 ? 'all share' : 'its own', one, 'netns')]),
    ...(several === '' ? [] : [fact('not the same for all', several, 'changed')]),
    ...(hosts === '' ? [] : [fact("the host's", hosts)]),
  ]
}

/** Only what is not the host's: who is in it, and whose network else. */
function legend(world: World, held: readonly HeldNamespace[], columns: number): readonly Line[] {
  const own = held.filter(({ mark }) => mark !== 'host').slice(0, mostRows)
  if (own.length === 0) return []
  return [
    heading("namespaces that are not the host's", columns),
    ...own.flatMap(({ kind, mark, inode, members, alsoIn }) => {
      const [first] = members
      const more = members.length > 1 ? ` and ${members.length - 1} more` : ''
      const others = alsoIn.slice(0, 4).map((id) => nameOf(world, id))
      const rest = alsoIn.length > 4 ? ` and ${alsoIn.length - 4} more` : ''
      return saidSpans(
        [
          span(`${kind} ${mark} `, 'netns'),
          span(`${inode}  `, 'dim'),
          span(first === undefined ? '' : `${first.comm} ${first.pid}${more}`),
          ...(others.length === 0
            ? []
            : [
                span('; also processes in the network of ', 'changed'),
                span(`${others.join(', ')}${rest}`, 'netns'),
              ]),
        ],
        columns,
      )
    }),
  ]
}
