import type {
  ListeningShape,
  PortsShape,
  PublishedPortShape,
  UnreadPortsShape,
} from '../command/ports-shapes.ts'
import { isUnknown } from '../model/known.ts'
import { clean } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import type { Style } from './style.ts'

/** What is published, with what listens at its end; then everything that listens. */
export function portsText({ published, listening }: PortsShape, style: Style): readonly string[] {
  return [
    style.paint('bold', 'published'),
    ...(published.length === 0
      ? ['  none']
      : columns([
          heading(style, '  PORT', 'TO', 'LISTENS', 'BY'),
          ...published.map((each) => ('via' in each ? publishedRow(each, style) : unreadRow(each, style))),
        ])),
    style.paint('bold', 'listening'),
    ...(listening.length === 0
      ? ['  none']
      : columns([
          heading(style, '  ADDRESS', 'NETNS', 'PROCESS'),
          ...listening.map((each) => ('port' in each ? listeningRow(each) : unreadRow(each, style))),
        ])),
  ]
}

function publishedRow(each: PublishedPortShape, style: Style): readonly Cell[] {
  const { hostIp, hostPort, lastPort, protocol, target } = each
  const port = lastPort === hostPort ? String(hostPort) : `${hostPort}-${lastPort}`
  const owner = target.container ?? target.netns?.name ?? null
  const address = target.address === null ? `:${target.port}` : addressText(target.address, target.port)
  return [
    { text: `  ${addressText(hostIp, port)}/${clean(protocol)}` },
    { text: `${owner === null ? '' : `${clean(owner)} `}${address}` },
    servesCell(each, style),
    { text: byText(each) },
  ]
}

/** A wildcard as ss writes it: `*:80` for both families. */
function addressText(address: string, port: string | number): string {
  if (address === '::') return `[::]:${port}`
  return `${address.includes(':') ? `[${clean(address)}]` : clean(address)}:${port}`
}

function servesCell({ serves, listening }: PublishedPortShape, style: Style): Cell {
  if (isUnknown(listening)) {
    const text = `? ${clean(listening.unknown)}`
    return { text: '?', shown: style.paint('yellow', text.slice(0, 1)) }
  }
  if (listening.length === 0) return { text: 'NOTHING', shown: style.paint('red', 'NOTHING') }
  const text = [...new Set(listening.map(({ address, port }) => addressText(address, port)))].join(' ')
  if (serves === 'yes') return { text }
  const marked = serves === 'loopback' ? `${text} ONLY` : `${text} ONLY`
  return { text: marked, shown: style.paint('red', marked) }
}

function byText({ via, rule, process, netns }: PublishedPortShape): string {
  const place = netns.name === 'host' ? '' : ` in ${clean(netns.name)}`
  const helper = process === null ? '' : `${clean(process.name)} (${process.pid})`
  if (rule === null) {
    const what =
      via === 'engine' ? "the engine's word only" : via === 'ipvs' ? 'IPVS' : helper === '' ? via : helper
    return `${what}${place}`
  }
  const family = rule.family === 'ip' ? '' : ` ${rule.family}`
  const where = `${clean(rule.table)}${family} ${clean(rule.chain)} ${rule.number}`
  return `${where}${via === 'ipvs' ? ' and IPVS' : ''}${helper === '' ? '' : `, ${clean(process?.name ?? '')}`}${place}`
}

function listeningRow(each: ListeningShape): readonly Cell[] {
  const { process, container, netns } = each
  const who = isUnknown(process) ? '?' : `${clean(process.name)} (${process.pid})`
  const inside = container === null || container === netns.name ? '' : ` of ${clean(container)}`
  return [
    { text: `  ${addressText(each.address, each.port)}/${clean(each.protocol)}` },
    { text: clean(netns.name) },
    { text: `${who}${inside}` },
  ]
}

function unreadRow({ netns, unknown }: UnreadPortsShape, style: Style): readonly Cell[] {
  const text = `${clean(netns.name)}: ${clean({ unknown })}`
  return [{ text: '  ?' }, { text, shown: style.paint('yellow', text) }]
}

function heading(style: Style, ...names: readonly string[]): readonly Cell[] {
  return names.map((text) => ({ text, shown: style.paint('dim', text) }))
}
