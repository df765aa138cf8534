/** What a row of the log is about: where Enter leads, and what `y` and `Y` copy. */
import { insideCommand } from '../../derive/inside-command.ts'
import { quoted } from '../../lib/quoted.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import type { About } from '../screens/about.ts'
import { netnsOf, shown } from '../select/shown.ts'
import { selectionOf, selectionOfContainer } from '../select/subject.ts'
import type { Selection, State } from '../state.ts'
import { jumped } from '../update/jump.ts'
import type { LogRow } from './log-row.ts'

export function aboutRow(row: LogRow, state: State): About {
  const { world } = shown(state)
  const netns = world === null ? row.netns : netnsIn(world, row)
  return {
    label: labelOf(row),
    netns,
    ifindex: row.ifindex,
    container: row.container,
    command: commandOf(world, row, netns),
    values: [
      { what: row.kind === 'command' ? 'command' : 'line', text: row.whole },
      ...(row.where === '' ? [] : [{ what: 'namespace', text: row.where }]),
      ...(row.subject === '' ? [] : [{ what: 'subject', text: row.subject }]),
      ...(row.container === null ? [] : [{ what: 'container id', text: row.container }]),
    ],
  }
}

export function labelOf({ where, text }: LogRow): string {
  return `${where} ${text}`.trim()
}

export function followRow(
  row: LogRow,
  state: State,
): { readonly to: () => State } | { readonly why: string } {
  const { world } = shown(state)
  if (world === null) return { why: 'nothing has been read yet' }
  if (row.netns === null && row.container === null) return { why: 'this is about no namespace' }
  const place = placeOf(world, row)
  if (place !== null) return { to: () => jumped(state, place) }
  const what = row.where === '' ? 'the container' : `${row.where} ${row.subject}`.trim()
  return { why: `${what} is not there any more` }
}

/** Of a link that is gone its namespace. */
function placeOf(world: World, row: LogRow): Selection | null {
  const netns = netnsIn(world, row)
  if (netns === null) return null
  const container = row.container === null ? null : selectionOfContainer(world, netns, row.container)
  const link = row.ifindex === null ? null : selectionOf(world, netns, row.ifindex)
  return container ?? link ?? selectionOf(world, netns, null)
}

/** Its own, or that of its container as it is now. */
function netnsIn(world: World, { netns, container }: LogRow): NetnsId | null {
  if (netns !== null || container === null) return netns
  for (const engine of listOf(world.engines)) {
    const found = listOf(engine.containers).find(({ id }) => id === container)
    if (found !== undefined) return isUnknown(found.netns) ? null : found.netns
  }
  return null
}

/** Of what was run the line itself; else what shows the same now, or tells of the next one. */
function commandOf(world: World | null, row: LogRow, id: NetnsId | null): string | null {
  if (row.kind === 'command') return row.whole
  if (row.kind === 'engine') return eventsCommand(row.text)
  const netns = id === null ? null : netnsOf(world, id)
  if (world === null || netns === null) return null
  if (row.kind === 'kernel') return insideCommand(world, netns, 'ip monitor')
  const link = listOf(netns.links).find(({ ifindex }) => ifindex === row.ifindex)
  const command = link === undefined ? 'ip addr' : `ip -d link show ${quoted(link.name)}`
  return insideCommand(world, netns, command)
}

function eventsCommand(text: string): string | null {
  const engine = /^(docker|podman):/.exec(text)?.[1]
  return engine === undefined ? null : `${engine} events --since 1h`
}
