/**
 * Ports that rules translate to a container and that the filter then lets nobody through to: of the engine's rules those are left that
 * send packets there, and those are gone that let them pass (`iptables -F DOCKER`).
 */
import type { Pieces } from '../../lib/in-pieces.ts'
import type { Container, Engine, EnginePort } from '../../model/engine.ts'
import { listOf } from '../../model/known.ts'
import type { Firewall } from '../../model/ruleset.ts'
import { anyPacket } from '../packet/packet.ts'
import { outcomesAt, type Place } from '../packet/verdict.ts'
import { translationsOf, type Translation } from '../ports/translations.ts'
import type { FindingContext } from './context.ts'
import { uplinkOf } from './outbound.ts'

export type ClosedPort = { readonly container: Container; readonly port: EnginePort; readonly place: Place }

/** Of Docker with rules of iptables. In pieces: a host may publish thousands. */
export function* closedPorts(
  { segments }: FindingContext,
  engine: Engine,
  firewall: Firewall,
): Pieces<readonly ClosedPort[]> {
  const networks = listOf(engine.networks)
  const publishing = grouped(
    listOf(engine.containers).filter(({ state, ports }) => state === 'running' && ports.length > 0),
    ({ netns }) => netns,
  )
  const translations = grouped(
    translationsOf(firewall).all.filter(({ hook }) => hook === 'prerouting'),
    ({ toAddress }) => toAddress,
  )
  const closed: ClosedPort[] = []
  for (const segment of segments) {
    const { network, bridge, nodes } = segment
    if (network === null || !networks.includes(network) || network.internal) continue
    const uplink = uplinkOf(segment)
    if (uplink === null) continue
    for (const { netns, addresses } of nodes) {
      const leading = addresses.flatMap(({ local }) => translations.get(local) ?? [])
      for (const container of leading.length === 0 ? [] : (publishing.get(netns.id) ?? [])) {
        for (const port of container.ports) {
          const to = leading.find((each) => leads(each, port))
          if (to === undefined) continue
          const { passes, droppedAt } = outcomesAt(firewall, 'forward', {
            ...anyPacket,
            family: to.toAddress?.includes(':') === true ? 'ip6' : 'ip',
            iif: uplink.name,
            oif: bridge.name,
            destination: to.toAddress,
            toLocal: false,
            protocol: port.protocol,
            destinationPort: to.toPort ?? port.port,
            state: 'NEW',
            mark: 0,
          })
          const place = droppedAt.at(-1)
          if (!passes && place !== undefined && isEngines(place)) closed.push({ container, port, place })
        }
      }
      yield
    }
  }
  return closed
}

function grouped<K, T>(all: readonly T[], keyOf: (each: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>()
  for (const each of all) {
    const group = groups.get(keyOf(each))
    if (group === undefined) groups.set(keyOf(each), [each])
    else group.push(each)
  }
  return groups
}

/** Docker names `::` beside 0.0.0.0. */
function leads({ protocol, from, to, toAddress }: Translation, port: EnginePort): boolean {
  const isSix = toAddress?.includes(':') === true
  return (
    isSix === port.hostIp.includes(':') &&
    protocol === port.protocol &&
    from <= port.hostPort &&
    port.hostPort <= to
  )
}

/** Where Docker itself drops what it did not let pass before: DOCKER-USER is its users', and other tables are others'. */
function isEngines({ table, chain, rule }: Place): boolean {
  if (table.backend === 'nft' || table.name !== 'filter') return false
  return rule === null ? chain.name === 'FORWARD' : chain.name === 'DOCKER'
}
