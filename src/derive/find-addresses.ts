/** What an IP address or a network leads to: the link that has it, what listens there, the routes that hold it. */
import { contains, formatIp, parseIp, parsePrefix, type Ip } from '../lib/ip.ts'
import { listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { FindIndex } from './find-index.ts'
import { foundLink } from './find-links.ts'
import type { Found } from '../model/found.ts'
import { linkAt } from './netns-index.ts'
import { netnsRef } from './netns-name.ts'
import { routesTo } from './route-table.ts'
import { routeText } from './route-text.ts'
import type { Token } from './tokens.ts'

type Parsed = { readonly ip: Ip; readonly port: number | null; readonly length: number | null }

/** `10.0.0.1`, `10.0.0.1/24`, `10.0.0.1:80`, `[fd00::1]:80`, `fe80::1%eth0`, and `10.0.0.1.80` as tcpdump has it. */
function parse(text: string): Parsed | null {
  const [plain = ''] = text.split('%')
  const alone = parseIp(plain)
  if (alone !== null) return { ip: alone, port: null, length: null }
  const slash = /^(.+)\/(\d{1,3})$/.exec(text)
  if (slash !== null) {
    const ip = parseIp(slash[1] ?? '')
    return ip === null || parsePrefix(text) === null ? null : { ip, port: null, length: Number(slash[2]) }
  }
  const ported = /^\[?(.+?)\]?[:.](\d{1,5})$/.exec(text)
  const ip = ported === null ? null : parseIp(ported[1] ?? '')
  return ip === null ? null : { ip, port: Number(ported?.[2]), length: null }
}

export function findAddresses(index: FindIndex, token: Token): readonly Found[] {
  const parsed = parse(token.text)
  if (parsed === null) return []
  const address = formatIp(parsed.ip)
  const own = ownersOf(index, token.text, address)
  return [
    ...own,
    ...listeners(index, token.text, parsed, address),
    ...(own.length > 0 ? [] : neighbours(index, token.text, address)),
    ...routes(index, token.text, parsed.ip, address),
  ]
}

function ownersOf(index: FindIndex, token: string, address: string): readonly Found[] {
  return (index.byAddress.get(address) ?? []).flatMap((each): readonly Found[] => {
    const link = linkAt(each.netns, each.address.ifindex)
    if (link === null) return []
    const found = foundLink(index, token, 'address', { netns: each.netns, link })
    const says = `${address}/${each.address.prefixLen} is an address of ${link.name}`
    return [{ ...found, says, ref: { ...found.ref, address } }]
  })
}

/** In the namespaces that have the address, as far as their sockets were read. */
function listeners(index: FindIndex, token: string, parsed: Parsed, address: string): readonly Found[] {
  if (parsed.port === null) return []
  return (index.byAddress.get(address) ?? []).flatMap(({ netns }) =>
    (netns.details === null ? [] : listOf(netns.details.sockets))
      .filter(
        (socket) =>
          socket.local.port === parsed.port && (socket.state === 'LISTEN' || socket.state === 'UNCONN'),
      )
      .filter((socket) => [address, '0.0.0.0', '::'].includes(socket.local.address))
      .map((socket): Found => {
        const holder = socket.process
        const who =
          holder === null || 'unknown' in holder
            ? 'a process that is not known'
            : `${holder.name} (pid ${holder.pid})`
        return {
          token,
          what: 'socket',
          says: `${socket.protocol} ${socket.local.address}:${socket.local.port}, held by ${who}`,
          ref: {
            netns: netns.id,
            address,
            ...(holder === null || 'unknown' in holder ? {} : { pid: holder.pid }),
          },
          owner: netnsRef(index.names, netns.id),
        }
      }),
  )
}

/** An address that nobody here has, but somebody here talks to. */
function neighbours(index: FindIndex, token: string, address: string): readonly Found[] {
  return index.world.netns.flatMap((netns) =>
    listOf(netns.neighbours)
      .filter((entry) => entry.dst === address)
      .flatMap((entry): readonly Found[] => {
        const link = linkAt(netns, entry.ifindex)
        if (link === null) return []
        const found = foundLink(index, token, 'neighbour', { netns, link })
        const says = `neighbour on ${link.name}: ${entry.lladdr ?? 'no lladdr'} ${entry.state}`
        return [{ ...found, says, ref: { ...found.ref, address } }]
      }),
  )
}

/**
 * The longest prefix of each namespace that has a say: the host and those with bridges. A thousand containers that
 * all have the same network on eth0 say nothing new. Default routes hold every address, so only the host's counts.
 */
function routes(index: FindIndex, token: string, ip: Ip, address: string): readonly Found[] {
  const isHost = (netns: Netns): boolean => netns.id === index.world.host
  return index.world.netns
    .filter((netns) => isHost(netns) || listOf(netns.links).some((link) => link.kind === 'bridge'))
    .flatMap((netns): readonly Found[] => {
      const tables = new Set(listOf(netns.routes).map((route) => route.table))
      const best = [...tables]
        .filter((table) => table !== 255)
        .flatMap((table) => routesTo(netns, table, ip).slice(0, 1))
        .filter((route) => route.dst !== 'default' || isHost(netns))
      return best.map((route) => ({
        token,
        what: 'route',
        says: `inside ${routeText(route, netns)}`,
        ref: {
          netns: netns.id,
          address,
          route: { table: route.table, dst: route.dst },
          ...(route.oif === null
            ? {}
            : { ifindex: route.oif, name: linkAt(netns, route.oif)?.name ?? `if${route.oif}` }),
        },
        owner: netnsRef(index.names, netns.id),
      }))
    })
}

/** Addresses inside a network that was asked for: `172.17.0.0/16`. */
export function findInside(index: FindIndex, token: Token): readonly Found[] {
  const prefix = token.text.includes('/') ? parsePrefix(token.text) : null
  if (prefix === null || index.byAddress.has(token.text.replace(/\/\d+$/, ''))) return []
  return [...index.byAddress.keys()].flatMap((address) => {
    const ip = parseIp(address)
    return ip !== null && contains(prefix, ip) ? ownersOf(index, token.text, address) : []
  })
}
