/** What the filter knows of links and namespaces. */
import { isHidden } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { Facts, Trait } from './filter.ts'
import { addressesOf } from './netns-index.ts'

const memo = new WeakMap<Netns, Facts>()

/** Its names, id and traits; the ports are those that something listens on, where that was read. */
export function netnsFacts(netns: Netns): Facts {
  const kept = memo.get(netns)
  if (kept !== undefined) return kept
  const sockets = netns.details === null ? [] : listOf(netns.details.sockets)
  const traits: Trait[] = []
  if (isHidden(netns.id)) traits.push('hidden')
  if (netns.readable !== true || isUnknown(netns.links)) traits.push('unreadable')
  const facts: Facts = {
    texts: [netns.id, ...netns.names.map((name) => name.name.toLowerCase())],
    addresses: [],
    ports: sockets
      .filter((socket) => socket.state === 'LISTEN' || socket.state === 'UNCONN')
      .map((socket) => socket.local.port),
    kinds: [],
    traits,
  }
  memo.set(netns, facts)
  return facts
}

/** A link's own facts, without its namespace's and its peer's. */
export function linkFacts(netns: Netns, link: Link): Facts {
  const addresses = addressesOf(netns, link.ifindex).map((address) => address.local)
  const texts = [link.name, ...link.altNames, link.alias, link.lladdr, ...addresses]
  const isUp = link.flags.includes('UP') && link.operstate !== 'DOWN' && link.operstate !== 'LOWERLAYERDOWN'
  const traits: Trait[] = [isUp ? 'up' : 'down']
  if (link.port !== null) traits.push('port')
  return {
    texts: texts.filter((text) => text !== null).map((text) => text.toLowerCase()),
    addresses,
    ports: [],
    kinds: [link.kind === 'other' ? link.kindName.toLowerCase() : link.kind],
    traits,
  }
}

/** Several things that stand on one row. Traits of all but the first are left out: they are about the near end. */
export function joinFacts(first: Facts, ...others: readonly Facts[]): Facts {
  const all = [first, ...others]
  return {
    texts: all.flatMap((facts) => facts.texts),
    addresses: all.flatMap((facts) => facts.addresses),
    ports: all.flatMap((facts) => facts.ports),
    kinds: first.kinds,
    traits: first.traits,
  }
}
