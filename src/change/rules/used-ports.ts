/** Who uses a port of the host already. */
import { isListening } from '../../derive/ports/listening.ts'
import { translationsOf } from '../../derive/ports/translations.ts'
import { parseIp, parsePrefix, contains } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import { labMark } from '../../model/lab-words.ts'
import type { LabPort } from '../../model/lab.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'

/** Whether something can be published there; `0.0.0.0` and `::` stand for every address. */
export function isHostAddress(world: World, address: string): boolean {
  if (address === '0.0.0.0' || address === '::') return true
  const ip = parseIp(address)
  const loopback = parsePrefix('127.0.0.0/8')
  if (ip !== null && loopback !== null && contains(loopback, ip)) return true
  return listOf(hostOf(world)?.addresses ?? []).some(({ local }) => local === address)
}

/** What would have told, and why it does not. */
export type Unread = { readonly of: string; readonly why: string | null; readonly hint: string | null }

/** A sentence about who has it; null: nobody. */
export function hostPortUser(world: World, port: LabPort): string | Unread | null {
  const netns = hostOf(world)
  if (netns === undefined) return { of: 'the namespace of the host', why: null, hint: null }
  return listenerOn(netns, port) ?? ruleFor(netns, port) ?? engineFor(world, port)
}

function hostOf(world: World): Netns | undefined {
  return world.netns.find(({ id }) => id === world.host)
}

function listenerOn({ details }: Netns, port: LabPort): string | Unread | null {
  const sockets = details?.sockets ?? { unknown: 'they were not read' }
  if (isUnknown(sockets)) return { of: 'sockets of the host', why: sockets.unknown, hint: null }
  const taken = sockets.find(
    (socket) =>
      isListening(socket) &&
      socket.protocol === port.protocol &&
      socket.local.port === port.hostPort &&
      meet(socket.local.address, port.hostIp, socket.v6only === true),
  )
  if (taken === undefined) return null
  const { process, local } = taken
  const where = local.address.includes(':') ? `[${local.address}]` : local.address
  const who =
    process === null || isUnknown(process) ? 'a process' : `${sanitise(process.name)} (pid ${process.pid})`
  return `${who} listens on ${where}:${local.port}`
}

/** A socket of `::` takes IPv4 as well, unless it says otherwise (ipv6(7), IPV6_V6ONLY). */
function meet(socket: string, hostIp: string, v6only: boolean): boolean {
  const address = socket.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '')
  if (address === '*') return true
  const isSix = address.includes(':')
  const wantsSix = hostIp.includes(':')
  if (isSix !== wantsSix) return address === '::' && !v6only
  return address === hostIp || [address, hostIp].some((each) => each === '0.0.0.0' || each === '::')
}

function ruleFor({ firewall }: Netns, port: LabPort): string | Unread | null {
  const of = 'rules of the host'
  if (firewall === null) return { of, why: 'they were not read', hint: null }
  const [unread] = firewall.unread
  if (unread !== undefined) return { of, why: unread.unknown, hint: unread.hint }
  const family = port.hostIp.includes(':') ? 'ip6' : 'ip'
  const found = translationsOf(firewall).all.find(
    (each) =>
      each.table.name !== labMark &&
      (each.table.family === family || each.table.family === 'inet') &&
      each.protocol === port.protocol &&
      each.from <= port.hostPort &&
      port.hostPort <= each.to &&
      (each.address === null || meet(each.address.replace(/\/.*$/, ''), port.hostIp, true)),
  )
  if (found === undefined) return null
  const { table, chain, rule } = found
  return `rule ${rule.number} of chain ${sanitise(chain.name)} (table ${table.family} ${sanitise(table.name)}) sends it elsewhere`
}

/** What an engine says of its containers, also where nothing was seen that does it. */
function engineFor(world: World, port: LabPort): string | null {
  for (const { engine, containers, netns } of listOf(world.engines)) {
    if (engine === 'lab' || (netns !== null && netns !== world.host)) continue
    for (const { name, ports, state } of listOf(containers)) {
      const has = ports.some(
        (each) =>
          each.hostPort === port.hostPort &&
          each.protocol === port.protocol &&
          meet(each.hostIp === '' ? '0.0.0.0' : each.hostIp, port.hostIp, true),
      )
      if (has && state === 'running') return `container ${sanitise(name)} of ${engine} publishes it`
    }
  }
  return null
}
