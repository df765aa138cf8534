/** What finds a published port, and which ports of the thing that was found are published. */
import { parseIp } from '../lib/ip.ts'
import { isUnknown } from '../model/known.ts'
import type { NetnsId } from '../model/ids.ts'
import type { World } from '../model/world.ts'
import type { FindIndex } from './find-index.ts'
import type { Found } from '../model/found.ts'
import { netnsRef } from './netns-name.ts'
import type { PublishedPort } from '../model/published-port.ts'
import { publishedPorts } from './ports/published-ports.ts'
import type { Token } from './tokens.ts'

type Asked = { readonly port: number; readonly protocol: string | null; readonly address: string | null }

/** `:8080`, `8080/tcp`, `192.0.2.2:8080`, `[::]:8080`; `DPT=8080` of the kernel; a number where it is all that was asked. */
function asked({ text, key, alone }: Token): Asked | null {
  const found = /^(?:\[?([0-9a-f.:*]*?)\]?:)?(\d{1,5})(?:\/(tcp|udp|sctp))?$/i.exec(text)
  const port = Number(found?.[2])
  if (found === null || port > 65_535) return null
  const bare = /^\d+$/.test(text)
  if (bare && !alone && !/^(?:DPT|SPT|port|dport|sport|--dport|dpt)$/i.test(key)) return null
  const address = found[1] === undefined || found[1] === '*' || found[1] === '' ? null : found[1]
  return { port, protocol: found[3]?.toLowerCase() ?? null, address }
}

export function* findPorts(index: FindIndex, token: Token): Generator<Found> {
  const wanted = asked(token)
  if (wanted === null) return
  const { port, protocol, address } = wanted
  const every = (ip: string): boolean => ip === '0.0.0.0' || ip === '::'
  for (const each of publishedPorts(index.world)) {
    if (protocol !== null && each.protocol !== protocol) continue
    const asHost =
      each.hostPort <= port &&
      port <= each.lastPort &&
      (address === null || every(address) || address === each.hostIp || isOwn(index, each, address))
    const asTarget =
      each.target.port === port && (address === each.target.address || /^[ds]pt$/i.test(token.key))
    if (asHost || asTarget) yield foundPort(index, token.text, each)
  }
}

/** A wildcard is every address of its own namespace. */
function isOwn(index: FindIndex, { hostIp, netns }: PublishedPort, address: string): boolean {
  if (hostIp !== '0.0.0.0' && hostIp !== '::') return false
  return (index.byAddress.get(address) ?? []).some((each) => each.netns.id === netns)
}

function foundPort(index: FindIndex, token: string, port: PublishedPort): Found {
  const { target, netns, rule } = port
  const to = target.address === null ? `port ${target.port}` : withPort(target.address, target.port)
  const who = target.container ?? (target.netns === null ? null : netnsRef(index.names, target.netns).name)
  return {
    token,
    what: 'port',
    says: `${hostText(port)} leads to ${who === null ? '' : `${who} `}${to}, ${listenText(port)}`,
    ref: {
      netns: target.netns ?? netns,
      ...(target.address === null ? {} : { address: target.address }),
      port: target.port,
      ...(rule === null ? {} : { rule }),
    },
    owner: netnsRef(index.names, netns),
    publishedBy: byText(index.world, port),
  }
}

const memo = new WeakMap<readonly PublishedPort[], ReadonlyMap<NetnsId, readonly PublishedPort[]>>()

function byTarget(ports: readonly PublishedPort[]): ReadonlyMap<NetnsId, readonly PublishedPort[]> {
  const kept = memo.get(ports)
  if (kept !== undefined) return kept
  const made = new Map<NetnsId, PublishedPort[]>()
  for (const port of ports) {
    const { netns } = port.target
    const list = netns === null ? undefined : made.get(netns)
    if (list !== undefined) list.push(port)
    else if (netns !== null) made.set(netns, [port])
  }
  memo.set(ports, made)
  return made
}

/** As `find` prints it beside a link, an address or a container of that namespace; null: nothing of it is published. */
export function publishedOf(world: World, id: NetnsId): string | null {
  const every = byTarget(publishedPorts(world)).get(id) ?? []
  // Of a port that only its engine tells of, IPv6 says nothing new.
  const all = every.filter(
    (port) =>
      port.via !== 'engine' ||
      port.hostIp !== '::' ||
      !every.some((other) => other.hostIp === '0.0.0.0' && other.hostPort === port.hostPort),
  )
  if (all.length === 0) return null
  const shown = all
    .slice(0, 3)
    .map((port) => `${byText(world, port)} (${hostText(port)}, ${listenText(port)})`)
  return `${shown.join('; ')}${all.length > 3 ? `; and ${all.length - 3} more` : ''}`
}

/** With what publishes the port of the container that it is, or leads to. */
export function withPublished(index: FindIndex, found: Found): Found {
  if (found.publishedBy !== undefined || !subjects.has(found.what)) return found
  const { peer, ref } = found
  const far = peer !== undefined && !('unknown' in peer) ? peer.netns.id : null
  for (const id of [ref.netns, far]) {
    // What is published to the host itself says nothing of each of its links.
    const published = id === null || id === index.world.host ? null : publishedOf(index.world, id)
    if (published !== null) return { ...found, publishedBy: published }
  }
  return found
}

const subjects: ReadonlySet<Found['what']> = new Set([
  'link',
  'altname',
  'alias',
  'mac',
  'address',
  'netns',
  'container',
])

/** Namespaces whose sockets an answer needs: of what is published, and of an address that was given with a port. */
export function namespacesAbout(world: World, found: readonly Found[]): readonly NetnsId[] {
  const ids = new Set<NetnsId>()
  for (const { what, ref, peer, publishedBy, token } of found) {
    if (what === 'address' && ref.netns !== null && hasPort(token)) ids.add(ref.netns)
    if (publishedBy === undefined) continue
    const far = peer !== undefined && !('unknown' in peer) ? peer.netns.id : null
    for (const id of [ref.netns, far]) if (id !== null && (what === 'port' || id !== world.host)) ids.add(id)
  }
  return [...ids]
}

function hasPort(token: string): boolean {
  return !token.includes('/') && parseIp(token.split('%')[0] ?? '') === null
}

const withPort = (address: string, port: number | string): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`

function hostText({ hostIp, hostPort, lastPort, protocol }: PublishedPort): string {
  return `${withPort(hostIp, lastPort === hostPort ? hostPort : `${hostPort}-${lastPort}`)}/${protocol}`
}

function byText(world: World, { rule, via, process, netns }: PublishedPort): string {
  if (rule !== null) {
    const family = rule.family === 'ip' ? '' : ` ${rule.family}`
    return `rule ${rule.number} of ${rule.chain} in table ${rule.table}${family} (${rule.backend})${via === 'ipvs' ? ' and IPVS' : ''}`
  }
  if (process !== null) return `${process.name} (pid ${process.pid})`
  if (via !== 'engine') return via
  const isRead = world.netns.some(({ id, firewall }) => id === netns && firewall !== null)
  return isRead ? 'nothing that was seen: only the engine says so' : 'its engine, which rule was not read'
}

function listenText({ listening, serves }: PublishedPort): string {
  if (isUnknown(listening)) return `whether anything listens there is not known: ${listening.unknown}`
  if (listening.length === 0) return 'nothing listens there'
  const where = [...new Set(listening.map(({ address, port }) => withPort(address, port)))].join(', ')
  return serves === 'yes' ? `${where} listens` : `only ${where} listens, which it does not reach`
}
