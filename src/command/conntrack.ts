import { connectionFilter, connectionViews, connectionWords } from '../derive/connections.ts'
import { displayNames, netnsRef } from '../derive/netns-name.ts'
import { resolveNetns } from '../derive/resolve-netns.ts'
import { failed, succeeded } from '../lib/failure.ts'
import type { Conntrack } from '../model/connection.ts'
import type { ConnectionView } from '../model/connection-view.ts'
import { isUnknown, unknown } from '../model/known.ts'
import { command } from './command.ts'
import { gapsOf } from './gaps.ts'
import type { ConnectionShape, NetnsRefShape } from './shapes.ts'

export const conntrack = command({
  name: 'conntrack',
  summary: 'connections that the kernel follows, with their translations',
  description: [
    'What stands out comes first: stale ones, whose other end is in no namespace any more, and those without an answer. NETNS is host where none is given; connections are followed in each namespace that has rules for them.',
    'Needs root, and reads what is there: it loads no module.',
  ],
  examples: ['vethscope conntrack', 'vethscope conntrack --to 172.17.0.0/16 --port 443'],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'default: host', required: false },
  },
  options: {
    to: {
      type: 'text',
      value: 'ADDR',
      summary: 'only to this address or prefix, before or after translation',
    },
    port: { type: 'integer', value: 'N', min: 0, max: 65535, summary: 'only with this port, at either end' },
  },
  run: async ({ source }, { netns: asked, to, port }) => {
    const filter = connectionFilter({ to, port })
    if (filter === null) {
      return failed({
        kind: 'usage',
        what: `--to: "${to ?? ''}" is not an address`,
        hint: 'give an address or a prefix such as 172.17.0.0/16',
      })
    }
    const read = await source.readWorld({ details: false })
    if (!read.ok) return read
    const chosen = resolveNetns(read.value, asked ?? 'host')
    if (!chosen.ok) return chosen
    const { id } = chosen.value
    const whole = await source.withConntrack(read.value, [id])
    if (!whole.ok) return whole
    const world = whole.value
    const netns = world.netns.find((each) => each.id === id) ?? chosen.value
    const ref = netnsRef(displayNames(world.netns), id)
    const table = netns.conntrack ?? notRead(source.kind)
    const kept = isUnknown(table.entries) ? null : table.entries.filter(filter)
    return succeeded({
      kind: 'conntrack',
      data: isUnknown(table.entries)
        ? [{ netns: ref, unknown: table.entries.unknown }]
        : connectionViews(world, netns, kept ?? []).map((view) => shapeOf(view, ref)),
      table: { netns: ref, count: table.count, max: table.max, stats: table.stats },
      filtered: to !== undefined || port !== undefined,
      answer: isUnknown(table.entries) ? 'unknown' : 'yes',
      gaps: gapsOf(world),
    })
  },
})

function notRead(kind: 'live' | 'file'): Conntrack {
  const reason = unknown(kind === 'file' ? 'the file holds no connections of it' : 'it cannot be entered')
  return { count: reason, max: reason, stats: reason, entries: reason }
}

function shapeOf(view: ConnectionView, netns: NetnsRefShape): ConnectionShape {
  const { connection, translated, direction, translation, container, from, to, trouble } = view
  return {
    netns,
    ...connection,
    translated,
    container,
    from,
    to,
    direction,
    translation,
    words: connectionWords(view),
    trouble,
  }
}
