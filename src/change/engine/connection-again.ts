/** A container's place on a network, as it must be asked for to be had again. */
import { sanitise } from '../../lib/sanitise.ts'
import type { Container, Endpoint, EngineNetwork } from '../../model/engine.ts'
import type { EngineConnection } from '../../model/intent.ts'
import type { EngineEndpointFacts } from '../../model/plan.ts'
import { askableAddress } from './askable-address.ts'
import type { AskedEngine } from './engine-of.ts'
import { isUserDefined } from './own-networks.ts'

export type Again = {
  /** What can be asked for in any case. */
  readonly connection: EngineConnection
  /** What can be asked for where the subnet was asked for; null: that is known, and no more than `connection`. */
  readonly withAddress: EngineConnection | null
  /** What will be as it was. */
  readonly is: EngineEndpointFacts
  /** That its address may be another one, where the network itself stayed as it was. */
  readonly addressNotes: readonly string[]
  /** That its link is called otherwise. */
  readonly nameNotes: readonly string[]
}

/** Digits of its id that an engine gives a container as an alias by itself. */
const shortId = 12

export function connectionAgain(
  asked: AskedEngine,
  network: EngineNetwork,
  container: Container,
  endpoint: Endpoint,
): Again {
  const { kind, dialect, engine } = asked
  const wished = endpoint.asked
  const isUsers = isUserDefined(kind, network)
  const mac = wished?.mac ?? (dialect.takesMac(engine.version) ? endpoint.mac : null)
  // Docker gives it its host's name, too, and would again.
  const added = [container.id.slice(0, shortId), ...(kind === 'docker' ? [container.hostName] : [])]
  const base: EngineConnection = {
    network: network.name,
    aliases: isUsers ? endpoint.aliases.filter((each) => !added.includes(each)) : [],
    links: wished?.links ?? [],
    linkLocal: wished?.linkLocal ?? [],
    options: wished?.options ?? {},
    ...(mac === null ? {} : { mac }),
    ...(wished?.gwPriority === undefined ? {} : { gwPriority: wished.gwPriority }),
  }
  const ipv4 = plain(endpoint.ipv4) ?? wished?.ipv4 ?? null
  const ipv6 = plain(endpoint.ipv6) ?? wished?.ipv6 ?? null
  const [can4, can6] = [
    ipv4 === null ? 'no' : askableAddress(asked, network, 'inet'),
    ipv6 === null ? 'no' : askableAddress(asked, network, 'inet6'),
  ]
  const addressed = (least: 'yes' | 'maybe'): EngineConnection => ({
    ...base,
    ...(ipv4 !== null && (can4 === 'yes' || can4 === least) ? { ip: ipv4 } : {}),
    ...(ipv6 !== null && (can6 === 'yes' || can6 === least) ? { ip6: ipv6 } : {}),
  })
  const isOpen = can4 === 'maybe' || can6 === 'maybe'
  return {
    connection: addressed('yes'),
    withAddress: isOpen ? addressed('maybe') : null,
    // One that does not run has no address, whatever it asked for.
    is: {
      ...(can4 === 'yes' && endpoint.ipv4 !== null ? { ipv4 } : {}),
      ...(can6 === 'yes' && endpoint.ipv6 !== null ? { ipv6 } : {}),
    },
    addressNotes: mayDiffer(container, network, [
      ...(ipv4 !== null && can4 !== 'yes' ? [ipv4] : []),
      ...(ipv6 !== null && can6 !== 'yes' ? [ipv6] : []),
    ]),
    nameNotes: newName(asked, container),
  }
}

function mayDiffer(
  { name }: Container,
  network: EngineNetwork,
  addresses: readonly string[],
): readonly string[] {
  const [first] = addresses
  if (first === undefined) return []
  const where = `on network ${sanitise(network.name)}`
  return [
    `connected again, ${sanitise(name)} may get another address than ${addresses.join(', ')} ${where}: Docker gives the one that is asked for only in a subnet that was asked for`,
  ]
}

/** libnetwork counts the links of a namespace, and takes no number twice. */
function newName({ kind }: AskedEngine, { name, pid }: Container): readonly string[] {
  return kind === 'docker' && pid !== null
    ? [`connected again, the link inside ${sanitise(name)} has another name (ethN): Docker takes none twice`]
    : []
}

function plain(address: string | null): string | null {
  return address?.split('/')[0] ?? null
}
