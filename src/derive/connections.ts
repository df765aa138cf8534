/** What a tracked connection is, in words: its translation, whose it is, and what is wrong with it. */
import { contains, parseIp, parsePrefix, type Ip } from '../lib/ip.ts'
import type { Connection, ConnectionTuple } from '../model/connection.ts'
import type { ConnectionView, Translation, Trouble } from '../model/connection-view.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import { listOf } from '../model/known.ts'
import type { World } from '../model/world.ts'
import { addressOwners } from './address-owners.ts'
import { containerNamesIn } from './containers.ts'
import { displayNames } from './netns-name.ts'
import { staleness } from './stale-connections.ts'
import { translationOf } from './translation.ts'

/** Those of a namespace; what stands out comes first, else they stay in the kernel's order. */
export function connectionViews(
  world: World,
  netns: Netns,
  connections: readonly Connection[],
): readonly ConnectionView[] {
  const owners = addressOwners(world)
  const names = displayNames(world.netns)
  const isStale = staleness(netns, owners)
  const views = connections.map((connection): ConnectionView => {
    const { original, reply } = connection
    const translated = translationOf(connection)
    const [from, to] = [owners.ownerOf(original.source), owners.ownerOf(reply.source)]
    const stale = isStale(connection)
    return {
      connection,
      translated,
      direction: `${sourceText(original)} → ${destinationText(original)}${icmpText(original)}`,
      translation: translationText(connection, translated),
      from: from === null ? null : (names.get(from) ?? from),
      to: to === null ? null : (names.get(to) ?? to),
      container: containerAt(world, from) ?? containerAt(world, to),
      trouble: stale === null ? unreplied(connection) : { kind: 'stale', says: stale },
    }
  })
  const rank = ({ trouble }: ConnectionView) => (trouble === null ? 2 : trouble.kind === 'stale' ? 0 : 1)
  return views.toSorted((a, b) => rank(a) - rank(b))
}

/** `172.17.0.2:40001 → 1.1.1.1:443, seen outside as 192.0.2.2:40001`. */
export function connectionWords({ direction, translation }: ConnectionView): string {
  return translation === null ? direction : `${direction}, ${translation}`
}

function translationText({ reply }: Connection, translated: Translation | null): string | null {
  const outside = destinationText(reply)
  const inside = sourceText(reply)
  switch (translated) {
    case 'snat':
      return `seen outside as ${outside}`
    case 'dnat':
      return `sent on to ${inside}`
    case 'both':
      return `sent on to ${inside}, which sees ${outside}`
    default:
      return null
  }
}

const sourceText = ({ source, sourcePort }: ConnectionTuple): string => withPort(source, sourcePort)
const destinationText = ({ destination, destinationPort }: ConnectionTuple): string =>
  withPort(destination, destinationPort)

function withPort(address: string, port: number | null): string {
  if (port === null) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function icmpText({ icmp }: ConnectionTuple): string {
  if (icmp === null) return ''
  const echo = icmp.code === 0 && (icmp.type === 8 || icmp.type === 128)
  return echo ? ` (ping, id ${icmp.id})` : ` (type ${icmp.type} code ${icmp.code}, id ${icmp.id})`
}

function containerAt(world: World, id: NetnsId | null): string | null {
  return id === null ? null : (listOf(containerNamesIn(world, id))[0] ?? null)
}

/** Multicast and broadcast are never answered as such (RFC 5771, RFC 4291). */
const isGroup = (address: string): boolean => /^(22[4-9]|23\d|255)\.|^ff/i.test(address)

function unreplied({ status, original, state }: Connection): Trouble | null {
  if (status.includes('SEEN_REPLY') || isGroup(original.destination)) return null
  const says = state === 'SYN_SENT' ? 'no answer to the first packet' : 'no answer yet'
  return { kind: 'unreplied', says }
}

export type ConnectionFilter = (connection: Connection) => boolean

/**
 * `to`: an address or prefix that it goes to, before or after translation; null where the text is none. `port`: any of
 * its ports, before or after translation.
 */
export function connectionFilter(wanted: {
  readonly to?: string | undefined
  readonly port?: number | undefined
}): ConnectionFilter | null {
  const { to, port } = wanted
  const prefix = to === undefined ? null : parsePrefix(to)
  if (to !== undefined && prefix === null) return null
  const isTo = (address: string): boolean => {
    const ip: Ip | null = parseIp(address)
    return prefix === null || (ip !== null && contains(prefix, ip))
  }
  return ({ original, reply }) => {
    if (!isTo(original.destination) && !isTo(reply.source)) return false
    if (port === undefined) return true
    return [original, reply].some((side) => side.sourcePort === port || side.destinationPort === port)
  }
}
