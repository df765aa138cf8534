/** What a tracked connection is, in words; and, without the words, how much it stands out and whose it is. */
import type { Connection, ConnectionTuple } from '../model/connection.ts'
import type { ConnectionView, Translation, Trouble } from '../model/connection-view.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { addressOwners } from './address-owners.ts'
import { containersIn } from './containers.ts'
import { displayNames } from './netns-name.ts'
import { staleness } from './stale-connections.ts'
import { translationOf } from './translation.ts'

/** 0: stale, 1: without an answer, 2: nothing to say. */
export type Rank = 0 | 1 | 2

export type ConnectionViewer = {
  readonly view: (connection: Connection) => ConnectionView
  readonly rankOf: (connection: Connection) => Rank
  /** Of the container that it belongs to; null: of none. */
  readonly containerOf: (connection: Connection) => string | null
  /** What the namespace with that address is called, and its container; '' where none is known. */
  readonly namesAt: (address: string) => string
}

const memo = new WeakMap<World, WeakMap<Netns, ConnectionViewer>>()

/** For the connections that one namespace follows; made once for each World. */
export function connectionViewer(world: World, netns: Netns): ConnectionViewer {
  const ofWorld = memo.get(world) ?? new WeakMap<Netns, ConnectionViewer>()
  memo.set(world, ofWorld)
  const kept = ofWorld.get(netns)
  if (kept !== undefined) return kept
  const made = viewer(world, netns)
  ofWorld.set(netns, made)
  return made
}

function viewer(world: World, netns: Netns): ConnectionViewer {
  const owners = addressOwners(world)
  const names = displayNames(world.netns)
  const isStale = staleness(netns, owners)
  const containers = new Map<NetnsId, string | null>()
  const containerIn = (id: NetnsId | null): string | null => {
    if (id === null) return null
    const kept = containers.get(id)
    if (kept !== undefined) return kept
    // One of mode host is not who talks: the host is.
    const own = containersIn(world, id).filter(({ container }) => container.modeKind !== 'host')
    const name = own.map(({ container }) => container.name || container.id)[0] ?? null
    containers.set(id, name)
    return name
  }
  const nameOf = (id: NetnsId | null): string | null => (id === null ? null : (names.get(id) ?? id))
  const containerOf = ({ original, reply }: Connection): string | null =>
    containerIn(owners.ownerOf(original.source)) ?? containerIn(owners.ownerOf(reply.source))
  return {
    view: (connection) => {
      const { original, reply } = connection
      const translated = translationOf(connection)
      const stale = isStale(connection)
      return {
        connection,
        translated,
        direction: `${sourceText(original)} → ${destinationText(original)}${icmpText(original)}`,
        translation: translationText(connection, translated),
        from: nameOf(owners.ownerOf(original.source)),
        to: nameOf(owners.ownerOf(reply.source)),
        container: containerOf(connection),
        trouble: stale === null ? unreplied(connection) : { kind: 'stale', says: stale },
      }
    },
    rankOf: (connection) => {
      if (isStale(connection) !== null) return 0
      return isUnreplied(connection) ? 1 : 2
    },
    containerOf,
    namesAt: (address) => {
      const id = owners.ownerOf(address)
      return id === null ? '' : `${nameOf(id) ?? ''} ${containerIn(id) ?? ''}`
    },
  }
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

export const sourceText = ({ source, sourcePort }: ConnectionTuple): string => withPort(source, sourcePort)
export const destinationText = ({ destination, destinationPort }: ConnectionTuple): string =>
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

/** Multicast and broadcast are never answered as such (RFC 5771, RFC 4291). */
const isGroup = (address: string): boolean => /^(22[4-9]|23\d|255)\.|^ff/i.test(address)

export function isUnreplied({ status, original }: Connection): boolean {
  return !status.includes('SEEN_REPLY') && !isGroup(original.destination)
}

function unreplied(connection: Connection): Trouble | null {
  if (!isUnreplied(connection)) return null
  const says = connection.state === 'SYN_SENT' ? 'no answer to the first packet' : 'no answer yet'
  return { kind: 'unreplied', says }
}
