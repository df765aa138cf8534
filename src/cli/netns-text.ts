import type { ShowShape } from '../command/shapes.ts'
import { routeText } from '../derive/route-text.ts'
import { sanitise } from '../lib/sanitise.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { clean, counted } from './clean.ts'
import { columns } from './columns.ts'
import { addressesText, endText, stateCell } from './link-text.ts'
import type { Style } from './style.ts'

const localTable = 255

/** One namespace in full: its names, links, routes and neighbours. */
export function netnsText(data: ShowShape, netns: Netns, style: Style): readonly string[] {
  const shape = data.netns.find((each) => each.id === netns.id)
  if (shape === undefined) return []
  const title = (text: string) => style.paint('bold', text)
  const lines = [
    `${title(clean(shape.name))}  ino:${clean(shape.id)}  ${counted(shape.processes, 'process', 'processes')}`,
    ...shape.names.map(
      (name) => `  ${name.source}: ${clean(name.name)}${name.path === null ? '' : `  ${clean(name.path)}`}`,
    ),
  ]
  if (shape.readable !== true) return [...lines, style.paint('yellow', clean(shape.readable))]
  lines.push(title('links'))
  if (isUnknown(shape.links)) lines.push(`  ${clean(shape.links)}`)
  else {
    const rows = shape.links.map((link) => [
      { text: `  ${clean(link.name)}` },
      { text: clean(link.kind) },
      stateCell(link, style),
      { text: `mtu ${link.mtu}` },
      { text: link.master === null ? '' : `in ${clean(link.master)}` },
      { text: endText(link) },
      { text: addressesText(link.addresses) },
    ])
    lines.push(...columns(rows))
  }
  lines.push(title('routes'), ...routeLines(netns))
  lines.push(title('neighbours'))
  if (isUnknown(shape.neighbours)) return [...lines, `  ${clean(shape.neighbours)}`]
  // Entries that nobody resolves (multicast) are what `ip neigh` leaves out as well.
  const resolved = shape.neighbours.filter(({ state }) => state !== 'NOARP')
  const rows = resolved.map((each) => [
    { text: `  ${clean(each.dst)}` },
    { text: `dev ${clean(each.dev)}` },
    { text: clean(each.lladdr) },
    { text: clean(each.state) },
  ])
  return [...lines, ...columns(rows)]
}

/** The table `local` only repeats the addresses, so it is counted and not listed. */
function routeLines(netns: Netns): readonly string[] {
  if (isUnknown(netns.routes)) return [`  ${clean(netns.routes)}`]
  const shown = netns.routes.filter((route) => route.table !== localTable && !route.cached)
  const rest = netns.routes.length - shown.length
  return [
    ...shown.map((route) => `  ${sanitise(routeText(route, netns))}`),
    ...(rest === 0 ? [] : [`  and ${rest} in table local or learnt (--json shows them)`]),
  ]
}
