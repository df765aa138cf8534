/** A namespace's addresses and routes as the facts of a plan leave them: enough to ask where a packet would go then. */
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { Fact } from '../../model/plan.ts'
import { afterRow } from '../file/rows-after.ts'

/** `facts`: of this namespace, in the order in which they become true. */
export function afterFacts(netns: Netns, facts: readonly Fact[]): Netns {
  return facts.reduce(after, netns)
}

function after(netns: Netns, fact: Fact): Netns {
  switch (fact.kind) {
    case 'link':
      return fact.there ? withLink(netns, fact.name) : withoutLink(netns, fact.name)
    case 'address':
    case 'route':
      return afterRow(netns, fact)
    default:
      return netns
  }
}

function withLink(netns: Netns, name: string): Netns {
  const links = listOf(netns.links)
  const [first] = links
  if (first === undefined || links.some((link) => link.name === name)) return netns
  const ifindex = Math.max(...links.map((link) => link.ifindex)) + 1
  const made: Link = {
    ...first,
    kind: 'dummy',
    ifindex,
    name,
    master: null,
    lower: null,
    flags: ['UP', 'LOWER_UP'],
  }
  return { ...netns, links: [...links, made] }
}

function withoutLink(netns: Netns, name: string): Netns {
  const gone = listOf(netns.links).find((link) => link.name === name)?.ifindex
  if (gone === undefined) return netns
  return {
    ...netns,
    links: listOf(netns.links).filter(({ ifindex }) => ifindex !== gone),
    addresses: listOf(netns.addresses).filter(({ ifindex }) => ifindex !== gone),
    routes: listOf(netns.routes).filter(({ oif }) => oif !== gone),
  }
}
