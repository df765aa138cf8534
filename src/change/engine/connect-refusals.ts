/** Why a container cannot be connected to a network as it is asked for. */
import type { Failure } from '../../lib/failure.ts'
import { parseIp, parsePrefix, normalIp, type Family } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Container, EngineNetwork } from '../../model/engine.ts'
import type { EngineConnection } from '../../model/intent.ts'
import { checkIp, checkMac, checkPlainName } from '../names.ts'
import { refusal } from '../planner.ts'
import { askableAddress } from './askable-address.ts'
import type { AskedEngine } from './engine-of.ts'
import { endpointOn, sharedWith } from './network-members.ts'
import { isOfSwarm, isSwarmWide, isUserDefined } from './own-networks.ts'
import { hostRefusals } from './subnet-refusals.ts'

type Connecting = {
  readonly asked: AskedEngine
  readonly network: EngineNetwork
  readonly container: Container
  readonly connection: EngineConnection
  /** Of its bridge: one of them is the gateway, also where the engine does not tell. */
  readonly bridgeAddresses: readonly string[]
}

export function connectRefusals(connecting: Connecting): readonly Failure[] {
  const { asked, container, connection } = connecting
  const who = sanitise(container.name)
  const whole = [...modeRefusals(connecting), ...networkRefusals(connecting)]
  if (whole.length > 0) return whole
  const { ip, ip6, mac, links, aliases, linkLocal } = connection
  return [
    ...asked.dialect
      .whyNotConnect(connection, asked.engine.version)
      .map((what): Failure => ({ kind: 'usage', what, subject: who })),
    ...(mac === undefined ? [] : [checkMac(mac)]).filter((each) => each !== null),
    ...aliases.flatMap((each) => checkPlainName(each, 'alias') ?? []),
    ...linkLocal.flatMap((each) => checkIp(each) ?? []),
    ...links.flatMap((each) => linkRefusals(connecting, each)),
    ...(ip === undefined ? [] : addressRefusals(connecting, '--ip', ip, 'inet')),
    ...(ip6 === undefined ? [] : addressRefusals(connecting, '--ip6', ip6, 'inet6')),
    ...defaultRefusals(connecting),
  ]
}

/** What the container is: some share a namespace or have none of their own. */
function modeRefusals({ asked, container, network }: Connecting): readonly Failure[] {
  const who = sanitise(container.name)
  const no = (what: string, hint?: string): readonly Failure[] => [refusal(who, `${who} ${what}`, hint)]
  if (container.modeKind === 'host')
    return no('has the namespace of its host: it is on all of the host’s networks, and on no other')
  const shared = sharedWith(asked, container)
  if (shared !== null)
    return no(`shares the namespace of container ${sanitise(shared)}: connect that one instead`)
  if (container.state === 'removing' || container.state === 'dead') return no(`is ${container.state}`)
  if (endpointOn(container, network) !== null)
    return no(`is on network ${sanitise(network.name)} of ${asked.title} already`)
  const none = container.endpoints.find((each) => each.network === 'none')
  if (asked.kind === 'docker' && none !== undefined)
    return no(
      'is of mode none, which goes with no other network',
      `vethscope net disconnect none ${who} --engine docker first`,
    )
  return asked.kind === 'podman' && container.modeKind === 'none'
    ? no('is of mode none: Podman connects only those that are on a network of its own')
    : []
}

/** What the network is. */
function networkRefusals({ asked, network, container }: Connecting): readonly Failure[] {
  const { kind, title, engine } = asked
  const net = sanitise(network.name)
  const no = (what: string, hint?: string): readonly Failure[] => [
    refusal(net, `network ${net} ${what}`, hint),
  ]
  if (kind === 'docker' && (network.driver === 'host' || network.driver === 'null'))
    return container.endpoints.length === 0 && network.driver === 'null'
      ? []
      : no(`is ${title}’s word for a mode: a container has it from its start`)
  if (isOfSwarm(kind, network.name) || network.made?.ingress === true)
    return no('is the swarm’s own: containers are put on it by the swarm')
  if (network.made?.configOnly === true) return no('is a configuration: nothing can be connected to it')
  if (!isSwarmWide(network)) return []
  if (engine.swarm === null) return no(`is of a swarm, and this ${title} is in none any more`)
  return network.made?.attachable === false
    ? no('is for services alone: it was made without --attachable')
    : []
}

/** On Docker's default network there are no names, and addresses are its own choice. */
function defaultRefusals({ asked, network, connection, container }: Connecting): readonly Failure[] {
  if (isUserDefined(asked.kind, network)) return []
  const { aliases, ip, ip6, linkLocal } = connection
  const found = [
    ...(aliases.length > 0 ? ['--alias'] : []),
    ...(ip === undefined ? [] : ['--ip']),
    ...(ip6 === undefined ? [] : ['--ip6']),
    ...(linkLocal.length > 0 ? ['--link-local-ip'] : []),
  ]
  if (found.length === 0) return []
  const net = sanitise(network.name)
  return [
    {
      kind: 'usage',
      what: `${found.join(', ')} ${found.length === 1 ? 'goes' : 'go'} with networks of one’s own only, and ${net} is Docker’s`,
      subject: sanitise(container.name),
    },
  ]
}

function linkRefusals({ asked, container }: Connecting, text: string): readonly Failure[] {
  const [name = '', alias, ...rest] = text.split(':')
  const shown = sanitise(text)
  if (name === '' || alias === '' || rest.length > 0)
    return [
      { kind: 'usage', what: `"${shown}" is no link: write CONTAINER or CONTAINER:ALIAS`, subject: shown },
    ]
  const other = asked.containers.find((each) => each.name === name || each.id.startsWith(name))
  if (other === undefined) return [notThere(asked, name)]
  return other.id === container.id
    ? [{ kind: 'usage', what: `${sanitise(container.name)} cannot be linked to itself`, subject: shown }]
    : []
}

function notThere({ title }: AskedEngine, name: string): Failure {
  const shown = sanitise(name)
  return { kind: 'not-found', what: `--link: there is no ${title} container "${shown}"`, subject: shown }
}

function addressRefusals(
  { asked, network, bridgeAddresses }: Connecting,
  option: string,
  text: string,
  family: Family,
): readonly Failure[] {
  const ip = parseIp(text)
  const bad = checkIp(text)
  if (bad !== null || ip === null) return bad === null ? [] : [bad]
  const shown = `${option} ${text}`
  const net = sanitise(network.name)
  const kind = family === 'inet' ? 'IPv4' : 'IPv6'
  if (ip.family !== family) return [{ kind: 'usage', what: `${shown} is no ${kind} address`, subject: text }]
  if (!isUserDefined(asked.kind, network)) return []
  const prefixes = network.subnets
    .map(({ subnet }) => parsePrefix(subnet))
    .filter((prefix) => prefix !== null && prefix.family === family)
    .filter((prefix) => prefix !== null)
  if (prefixes.length === 0) return [refusal(text, `${shown}: network ${net} has no ${kind} subnet`)]
  const outside = prefixes.map((prefix) => hostRefusals(option, text, prefix))
  if (outside.every((each) => each.length > 0)) return outside[0] ?? []
  const user = bridgeAddresses.some((each) => normalIp(each) === normalIp(text))
    ? `the address of bridge ${sanitise(network.bridge ?? '')}`
    : userOf(asked, network, text)
  if (user !== null) return [refusal(text, `${shown} is ${user}`)]
  // Docker before 27 tells no more than that; it refuses by itself where it chose the subnet.
  return askableAddress(asked, network, family) === 'no'
    ? [refusal(text, `${shown}: network ${net} gives no address that is asked for`)]
    : []
}

/** Who has an address of a network already; null: nobody that is known. */
function userOf({ containers }: AskedEngine, network: EngineNetwork, address: string): string | null {
  const wanted = normalIp(address)
  const is = (text: string | null | undefined): boolean =>
    text !== null && text !== undefined && normalIp(text.split('/')[0] ?? '') === wanted
  const net = sanitise(network.name)
  for (const { gateway, auxAddresses = {} } of network.subnets) {
    if (is(gateway)) return `the gateway of network ${net}`
    const aux = Object.entries(auxAddresses).find(([, each]) => is(each))
    if (aux !== undefined) return `set aside in network ${net} (${sanitise(aux[0])})`
  }
  const member = network.members.find(({ ipv4, ipv6 }) => is(ipv4) || is(ipv6))
  if (member !== undefined) return `the address of ${sanitise(member.name)}`
  const meant = containers.find((container) => {
    const endpoint = endpointOn(container, network)
    return endpoint !== null && (is(endpoint.asked?.ipv4) || is(endpoint.asked?.ipv6))
  })
  return meant === undefined ? null : `meant for ${sanitise(meant.name)} (${meant.state})`
}
