/**
 * The topology as a tree:
 *   host  ino:4026531840  3 links
 *     docker0         bridge  UP  172.17.0.1/16
 *     ├─ veth195490d  veth    UP  = redis123 eth0 (172.17.0.2/16)
 */
import type { Answered } from '../command/result.ts'
import { portTexts, standingText } from '../derive/container-standing.ts'
import { isResolved, type Peer } from '../derive/peers.ts'
import { topology } from '../derive/topology.ts'
import type { ContainerRow, LinkRow, Section, TopologyRow } from '../derive/topology-row.ts'
import { topologyRows } from '../derive/topology-rows.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { Address } from '../model/address.ts'
import { isUnknown } from '../model/known.ts'
import { clean, counted } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import { gapsText } from './gaps-text.ts'
import { kindText, stateCell } from './link-text.ts'
import { netnsText } from './netns-text.ts'
import type { Style } from './style.ts'

export function showText(result: Answered & { readonly kind: 'show' }, style: Style): readonly string[] {
  const { data, only } = result
  if (only !== null) return [...netnsText(data, result.world, only, style), ...gapsText(data.gaps, style)]
  const at = data.at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')
  const head = [
    data.hostName,
    `Linux ${data.kernel}`,
    counted(data.netns.length, 'network namespace'),
    at,
  ].map((each) => clean(each))
  const names = new Map(data.netns.map((netns) => [netns.id, netns.name]))
  // All rows are one table, so that columns stand below each other in the whole tree; headings have one cell.
  let around: string | null = null
  const table = topologyRows(topology(result.world)).map((line) => {
    if (line.row.kind === 'section' || line.row.kind === 'netns') around = line.row.netns
    return rowCells(line.row, line.last, { names, around }, style)
  })
  return [head.join('  '), ...columns(table), ...gapsText(data.gaps, style)]
}

type Names = ReadonlyMap<string, string>
/** `around`: the namespace whose links stand here without its name. */
type Context = { readonly names: Names; readonly around: string | null }

function rowCells(
  row: TopologyRow,
  last: readonly boolean[],
  { names, around }: Context,
  style: Style,
): readonly Cell[] {
  if (row.kind === 'section') return sectionCells(row, style)
  const prefix = `  ${treePrefix(last, style)}`
  if (row.kind === 'netns') {
    const name = clean(row.name)
    const links = isUnknown(row.linkCount) ? '? links' : counted(row.linkCount, 'link')
    const said = [
      row.overlay ?? (row.unreadable === null ? 'netns' : null),
      row.mode === null ? null : `mode ${row.mode}`,
      row.unreadable === null ? links : clean({ unknown: row.unreadable }),
    ].filter((each) => each !== null)
    const what = said.map((each) => sanitise(each)).join(', ')
    return [
      { text: prefix + name, shown: prefix + style.paint('bold', name) },
      { text: what, shown: style.paint(row.unreadable === null ? 'dim' : 'yellow', what) },
    ]
  }
  if (row.kind === 'container') return containerCells(row, prefix, style)
  const { link } = row
  const inside = row.netns === around ? '' : `${nameIn(names, row.netns)} `
  const name = prefix + inside + clean(link.name)
  const kind = kindText(link)
  const own = addressTexts(row.addresses)
  const ends = [
    bridgeText(row),
    farText(row, names),
    endText(row),
    row.uppers.length === 0
      ? ''
      : `below ${row.uppers.map((each) => `${nameIn(names, each.netns)} ${clean(each.name)}`).join(', ')}`,
  ]
  return [
    { text: name },
    { text: kind, shown: style.paint('dim', kind) },
    stateCell(link, style),
    { text: [...own, ...ends].filter((text) => text !== '').join('  ') },
  ]
}

function containerCells(row: ContainerRow, prefix: string, style: Style): readonly Cell[] {
  const name = clean(row.name)
  const { state } = row.container
  const standing = [standingText(row.container, row.shares), ...portTexts(row.container)]
  return [
    { text: prefix + name, shown: prefix + style.paint('bold', name) },
    { text: 'container', shown: style.paint('dim', 'container') },
    { text: clean(state), shown: style.paint(state === 'running' ? 'green' : 'yellow', clean(state)) },
    { text: standing.map((text) => sanitise(text)).join('  ') },
  ]
}

/** `network tomcat-net, NAT` */
function bridgeText({ network, nat }: LinkRow): string {
  const said = [
    ...(network === null ? [] : [`network ${sanitise(network.name)}`]),
    ...(network?.internal === true ? ['internal'] : []),
    ...(nat === true ? ['NAT'] : []),
  ]
  return said.join(', ')
}

/** `:8080>80  alias web` */
function endText({ end }: LinkRow): string {
  if (end === null) return ''
  const alias = end.aliases.length === 0 ? [] : [`alias ${end.aliases.map((each) => clean(each)).join(' ')}`]
  return [...end.ports.map((each) => clean(each)), ...alias].join('  ')
}

function sectionCells(section: Section, style: Style): readonly Cell[] {
  if (section.of === 'off-bridge') return [heading('not on a bridge', style)]
  const reason = section.unreadable === null ? '' : `  ${clean({ unknown: section.unreadable })}`
  const overlay = section.overlay === null ? '' : `  ${sanitise(section.overlay)}`
  const id = section.name.includes(section.netns) ? '' : `  ino:${section.netns}`
  return [heading(clean(section.name), style, `${clean(id, '')}${overlay}${reason}`)]
}

/** A row's only cell: it makes no column wider. */
function heading(text: string, style: Style, after = ''): Cell {
  return { text: text + after, shown: style.paint('bold', text) + style.paint('dim', after) }
}

/** The first level stands for itself; below it lines lead from parent to child. */
function treePrefix(last: readonly boolean[], style: Style): string {
  const own = last.length - 1
  return last
    .slice(1)
    .map((isLast, at) => {
      if (at + 1 === own) return `${isLast ? style.lastBranch : style.branch} `
      return isLast ? '   ' : `${style.trunk} `
    })
    .join('')
}

function farText(row: LinkRow, names: Names): string {
  if (row.far !== null) {
    const addresses = addressTexts(row.far.addresses).join(' ')
    const behind = addresses === '' ? '' : ` (${addresses})`
    return `= ${clean(row.far.netnsName)} ${clean(row.far.link.name)}${behind}`
  }
  if (row.peer !== null) return `= ${peerText(row.peer, names, null)}`
  return row.lower === null ? '' : `on ${peerText(row.lower, names, row.netns)}`
}

function peerText(peer: NonNullable<Peer>, names: Names, near: string | null): string {
  if (isResolved(peer)) {
    return peer.netns === near ? clean(peer.name) : `${nameIn(names, peer.netns)} ${clean(peer.name)}`
  }
  const could = peer.candidates.slice(0, 3).map((each) => `${nameIn(names, each.netns)} ${clean(each.name)}`)
  const more = peer.candidates.length > 3 ? ' …' : ''
  return `? ${clean(peer.unknown)}${could.length === 0 ? '' : `; could be ${could.join(', ')}${more}`}`
}

function nameIn(names: Names, id: string): string {
  return clean(names.get(id) ?? id)
}

/** Without IPv6 link-local ones that are as they should be: every link that is up has one, and it says nothing. */
function addressTexts(addresses: readonly Address[]): readonly string[] {
  return addresses
    .filter(
      ({ family, scope, flags }) => family === 'inet' || scope !== 'link' || flags.includes('dadfailed'),
    )
    .map(addressText)
}

function addressText(address: Address): string {
  const marks = address.flags.filter((flag) => ['tentative', 'dadfailed', 'deprecated'].includes(flag))
  return [`${clean(address.local)}/${address.prefixLen}`, ...marks.map((mark) => sanitise(mark))].join(' ')
}
