/** What the Namespaces screen tells of the selected one, sheet by sheet. */
import { isHidden } from '../../model/ids.ts'
import { isUnknown, type Known } from '../../model/known.ts'
import type { Netns, NetnsDetails } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import type { Line } from '../frame.ts'
import { detailsIn, looked } from '../select/looked.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { namespaceCommand } from '../select/namespace-command.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import type { Sheet } from '../table/sheet.ts'
import { fact } from '../view/facts/fact.ts'
import { flowed } from '../view/facts/flow.ts'
import { dnsLines, dnsOf } from '../view/namespace/dns.ts'
import { countedDrops, dropLines } from '../view/namespace/drops.ts'
import { linkLines } from '../view/namespace/links.ts'
import { detailsOr } from '../view/namespace/lines.ts'
import { neighbourCount, neighbourLines } from '../view/namespace/neighbours.ts'
import { overviewLines } from '../view/namespace/overview.ts'
import { processLines } from '../view/namespace/processes.ts'
import { queueCount, queueLines } from '../view/namespace/queues.ts'
import { routeTableLines } from '../view/namespace/routes.ts'
import { socketLines } from '../view/namespace/sockets.ts'
import { sysctlLines } from '../view/namespace/sysctls.ts'
import type { NamespaceRow } from './namespace-row.ts'

type Made = (world: World, netns: Netns, columns: number) => readonly Line[]

/**
 * Made from the World alone, and again only when that or the width is another. Some of it may be known of a namespace
 * that could not be entered.
 */
function ofWorld(lines: Made): Sheet<NamespaceRow>['lines'] {
  const made = memoRecent(lines)
  return ({ netns }, state, columns) => {
    const { world } = shown(state)
    return world === null ? [] : made(world, netns, columns)
  }
}

/** Needs what is read of the selected one only. */
function ofDetails(
  lines: (world: World, netns: Netns, details: NetnsDetails, columns: number) => readonly Line[],
): Sheet<NamespaceRow>['lines'] {
  const made = memoRecent(lines)
  return ({ netns }, state, columns) => {
    const { world } = shown(state)
    if (world === null) return []
    const found = detailsOr(state, netns, columns)
    return 'lines' in found ? found.lines : made(world, netns, found.details, columns)
  }
}

const lengthOf = (list: Known<readonly unknown[]>): number | null => (isUnknown(list) ? null : list.length)

function detailsNow(state: State, netns: Netns): NetnsDetails | null {
  const details = detailsIn(shown(state), netns)
  return details === null || isUnknown(details) ? null : details
}

const sheets: readonly Sheet<NamespaceRow>[] = [
  {
    id: 'overview',
    title: 'overview',
    lines: ({ netns, name }, state, columns) => {
      const feed = shown(state)
      if (feed.world === null) return []
      return overviewLines(feed, feed.world, netns, name, columns, columns < state.size.columns)
    },
  },
  {
    id: 'processes',
    title: 'processes',
    count: ({ processes }) => (isUnknown(processes) ? null : processes),
    lines: ({ netns }, state, columns) => {
      // Who is in a namespace that could not be entered is known all the same.
      const { world } = shown(state)
      return world === null ? [] : processesMade(world, netns, columns)
    },
  },
  { id: 'links', title: 'links', count: ({ netns }) => lengthOf(netns.links), lines: ofWorld(linkLines) },
  {
    id: 'routes',
    title: 'routes',
    count: ({ netns }) => lengthOf(netns.routes),
    lines: ofWorld((_, netns, columns) => routeTableLines(netns, columns)),
  },
  {
    id: 'neighbours',
    title: 'neighbours',
    count: ({ netns }) => neighbourCount(netns),
    lines: ofWorld(neighbourLines),
  },
  {
    id: 'sockets',
    title: 'sockets',
    count: ({ netns }, state) => {
      const details = detailsNow(state, netns)
      return details === null ? null : lengthOf(details.sockets)
    },
    lines: ofDetails(socketLines),
  },
  {
    id: 'dns',
    title: 'DNS',
    lines: ({ netns }, state, columns) => {
      const { world } = shown(state)
      return world === null ? [] : dnsMade(world, netns, columns)
    },
    count: ({ netns }, state) => {
      const { world } = shown(state)
      const count = world === null ? 0 : dnsOf(world, netns).length
      return count > 1 ? count : null
    },
  },
  {
    id: 'sysctls',
    title: 'sysctls',
    lines: ({ netns }, state, columns) => {
      const found = detailsOr(state, netns, columns)
      if ('lines' in found) return found.lines
      return sysctlsMade(netns, found.details, hostDetails(state, netns), columns)
    },
  },
  {
    id: 'drops',
    title: 'drops',
    // Told only while it is live: of what grows now.
    count: ({ netns }, state) => {
      const { world } = shown(state)
      const first = state.namespaces.firsts.get(netns.id)
      if (world === null || first === undefined || detailsNow(state, netns) === null) return null
      const { drops } = countedDrops(world, looked(shown(state), netns), first)
      const grown = drops.filter(({ growth }) => (growth ?? 0) > 0).length
      return grown === 0 ? null : grown
    },
    lines: ({ netns }, state, columns) => {
      const feed = shown(state)
      const found = detailsOr(state, netns, columns)
      if ('lines' in found) return found.lines
      const first = state.options.mode === 'replay' ? null : (state.namespaces.firsts.get(netns.id) ?? null)
      return feed.world === null ? [] : dropsMade(feed.world, looked(feed, netns), first, columns)
    },
  },
  {
    id: 'queues',
    title: 'tc, IPsec, eBPF',
    count: ({ netns }, state) => {
      const details = detailsNow(state, netns)
      const count = details === null ? null : queueCount(details)
      return count === 0 ? null : count
    },
    lines: ofDetails((_, netns, details, columns) => queueLines(netns, details, columns)),
  },
]

/** From here on there is room for it above what it is about. */
const rowsForCommand = 24

/** The overview has its command among its facts; on the others, which are long, it comes first. */
export const namespaceSheets: readonly Sheet<NamespaceRow>[] = sheets.map((sheet) =>
  sheet.id === 'overview'
    ? sheet
    : {
        ...sheet,
        lines: (row, state, columns) => {
          const command = commandLines(row.netns, state, sheet.id, columns)
          const lines = sheet.lines(row, state, columns)
          return state.size.rows < rowsForCommand ? [...lines, ...command] : [...command, ...lines]
        },
      },
)

function commandLines(netns: Netns, state: State, sheet: string, columns: number): readonly Line[] {
  const { world } = shown(state)
  const command = world === null ? null : namespaceCommand(world, netns, sheet)
  return command === null ? [] : flowed([{ ...fact('$', command, 'key'), alone: true }], columns, false)
}

const processesMade = memoRecent(processLines)
const dnsMade = memoRecent(dnsLines)
const sysctlsMade = memoRecent(sysctlLines)
const dropsMade = memoRecent(dropLines)

/** null: this is the host, or its settings are not known. */
function hostDetails(state: State, netns: Netns): NetnsDetails | null {
  const { world } = shown(state)
  if (world === null || netns.id === world.host || isHidden(netns.id)) return null
  const recorded = world.netns.find(({ id }) => id === world.host)?.details ?? null
  return recorded ?? state.namespaces.host
}
