/** What is known of a namespace: who it is, who keeps it, how it gets out, what listens in it. */
import { isHidden } from '../../../model/ids.ts'
import { isUnknown, listOf } from '../../../model/known.ts'
import type { Netns, NetnsDetails } from '../../../model/netns.ts'
import type { World } from '../../../model/world.ts'
import type { Feed } from '../../feed.ts'
import { defaultRoute } from '../../../derive/path.ts'
import { nameOf } from '../../select/shown.ts'
import { holderText } from '../holders.ts'
import { fact, type Fact } from './fact.ts'

export function mainNetnsFacts(feed: Feed, world: World, netns: Netns): readonly Fact[] {
  const details = detailsOf(feed, netns)
  return [
    ...unreadable(netns, world),
    fact('netns', nameOf(world, netns.id), 'netns'),
    fact('held by', holderText(netns, world)),
    ...addresses(netns),
    ...gateway(netns),
    ...forwarding(details),
    ...listening(details),
  ]
}

export function moreNetnsFacts(netns: Netns): readonly Fact[] {
  const names = netns.names.map(
    (name) => `${name.name} (${name.source}${name.path === null ? '' : ` ${name.path}`})`,
  )
  return [
    ...(names.length === 0 ? [] : [{ ...fact('names', names.join(', ')), alone: true }]),
    fact('links', isUnknown(netns.links) ? `not read: ${netns.links.unknown}` : String(netns.links.length)),
    fact(
      'routes',
      isUnknown(netns.routes) ? `not read: ${netns.routes.unknown}` : String(netns.routes.length),
    ),
    fact('inode', isHidden(netns.id) ? 'none: no file leads there' : netns.id),
    ...(isUnknown(netns.userNamespace) ? [] : [fact('user ns', netns.userNamespace)]),
  ]
}

function detailsOf(feed: Feed, netns: Netns): NetnsDetails | { readonly unknown: string } | null {
  return feed.details?.netns === netns.id ? feed.details.value : netns.details
}

/** Why it stays closed, and what would open it. */
function unreadable(netns: Netns, world: World): readonly Fact[] {
  if (netns.readable === true) return []
  const name = nameOf(world, netns.id)
  const hint = world.gaps.find((gap) => gap.subject === name || gap.subject === netns.id)?.hint ?? null
  const text = `${netns.readable.unknown}${hint === null ? '' : `; ${hint}`}`
  return [{ ...fact('not read', text, 'unreadable'), alone: true }]
}

function addresses(netns: Netns): readonly Fact[] {
  const own = listOf(netns.addresses).filter((address) => address.scope === 'global')
  if (own.length === 0) return []
  const text = own.slice(0, 4).map((address) => `${address.local}/${address.prefixLen}`)
  return [
    fact('address', `${text.join(', ')}${own.length > 4 ? ` and ${own.length - 4} more` : ''}`, 'address'),
  ]
}

function gateway(netns: Netns): readonly Fact[] {
  if (netns.readable !== true) return []
  const route = defaultRoute(netns)
  if (isUnknown(netns.routes)) return []
  return [
    route === null ? fact('gateway', 'none', 'dim') : fact('gateway', route.gateway ?? 'on link', 'address'),
  ]
}

function forwarding(details: NetnsDetails | { readonly unknown: string } | null): readonly Fact[] {
  if (details === null || isUnknown(details) || isUnknown(details.sysctls)) return []
  const value = details.sysctls['ipv4.ip_forward']
  if (value === undefined || isUnknown(value)) return []
  return [fact('ip_forward', value)]
}

function listening(details: NetnsDetails | { readonly unknown: string } | null): readonly Fact[] {
  if (details === null) return []
  if (isUnknown(details)) return [fact('details', `not read: ${details.unknown}`, 'unreadable')]
  if (isUnknown(details.sockets))
    return [fact('listens', `not read: ${details.sockets.unknown}`, 'unreadable')]
  const open = details.sockets.filter((socket) => socket.state === 'LISTEN')
  const texts = open.map(({ local, process }) => {
    const who = process === null || isUnknown(process) ? '' : ` ${process.name}`
    return `${local.address.includes(':') ? `[${local.address}]` : local.address}:${local.port}${who}`
  })
  const distinct = [...new Set(texts)]
  if (distinct.length === 0) return [fact('listens', 'nothing on tcp', 'dim')]
  return [
    fact(
      'listens',
      `${distinct.slice(0, 6).join(', ')}${distinct.length > 6 ? ` and ${distinct.length - 6} more` : ''}`,
    ),
  ]
}
