import type { ShowShape } from '../command/shapes.ts'
import { containerModeText } from '../derive/container-mode.ts'
import { portTexts } from '../derive/container-standing.ts'
import { containersIn } from '../derive/containers.ts'
import { aliasesOf } from '../derive/end-mark.ts'
import { routeText } from '../derive/route-text.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { Container, Endpoint } from '../model/engine.ts'
import { isUnknown, type Known } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { clean, counted } from './clean.ts'
import { columns } from './columns.ts'
import { addressesText, endText, stateCell } from './link-text.ts'
import type { Style } from './style.ts'

const localTable = 255

/** One namespace in full: its names, links, routes and neighbours. */
export function netnsText(data: ShowShape, world: World, netns: Netns, style: Style): readonly string[] {
  const shape = data.netns.find((each) => each.id === netns.id)
  if (shape === undefined) return []
  const title = (text: string) => style.paint('bold', text)
  const lines = [
    `${title(clean(shape.name))}  ino:${clean(shape.id)}  ${processesText(shape.processes)}`,
    ...shape.names.map(
      (name) => `  ${name.source}: ${clean(name.name)}${name.path === null ? '' : `  ${clean(name.path)}`}`,
    ),
  ]
  lines.push(...containerLines(world, netns, style))
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

function processesText(count: Known<number>): string {
  return isUnknown(count)
    ? `processes not known: ${sanitise(count.unknown)}`
    : counted(count, 'process', 'processes')
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

/** Those that use it, with what they are called on their networks and what they publish. */
function containerLines(world: World, netns: Netns, style: Style): readonly string[] {
  const all = containersIn(world, netns.id)
  if (all.length === 0) return []
  const rows = all.flatMap(({ engine, container }) => [
    [
      { text: `  ${clean(container.name)}` },
      { text: `${engine.engine} ${clean(container.id.slice(0, 12))}` },
      { text: clean(container.state) },
      { text: `mode ${sanitise(containerModeText(container))}` },
      {
        text: portTexts(container)
          .map((each) => clean(each))
          .join(' '),
      },
      { text: container.endpoints.map((endpoint) => endpointText(container, endpoint)).join('; ') },
    ],
  ])
  return [style.paint('bold', 'containers'), ...columns(rows)]
}

/** `on tomcat-net 172.28.5.2/24 alias web` */
function endpointText(container: Container, endpoint: Endpoint): string {
  const { network, ipv4, ipv6 } = endpoint
  const aliases = aliasesOf(container, endpoint)
  const said = ['on', network, ...[ipv4, ipv6].filter((each) => each !== null)]
  if (aliases.length > 0) said.push('alias', ...aliases)
  return said.map((each) => clean(each)).join(' ')
}
