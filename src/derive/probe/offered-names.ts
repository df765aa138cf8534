/** Names that could be looked up: what the namespace's own server knows, one from outside, the gateway's address. */
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { allContainers, containersIn } from '../containers.ts'
import { parseResolvConf } from './resolv-conf.ts'
import { resolverOf } from './resolver.ts'
import { networksIn } from './sought-names.ts'
import { targetHosts } from './targets-hosts.ts'
import type { OfferedTarget, Pointed } from './targets.ts'

/** Docker's embedded server, which knows the members of user-defined networks (moby, libnetwork/resolver.go). */
const embedded = '127.0.0.11'
/** Of documentation only (RFC 2606), and there. */
const outside = 'example.org'

export function offeredNames(world: World, from: Netns, pointed: Pointed): readonly OfferedTarget[] {
  const resolver = resolverOf(world, from)
  const conf = parseResolvConf(resolver.resolvConf)
  const servers = conf.servers.map(({ text }) => text).join(', ')
  const members = conf.servers.some(({ address }) => address === embedded) ? memberNames(world, from) : []
  const any = {
    text: outside,
    says: `any name of the outside${resolver.resolvConf === null ? '' : `, asked of ${servers}`}`,
  }
  const reverse = targetHosts(world, from, pointed).map(({ text, address }) => ({
    text: address,
    says: text === address ? 'the name of this address' : `the name of ${text}`,
  }))
  return [...members, any, { text: world.hostName, says: 'the name of this host' }, ...reverse]
}

/** Names and aliases on the networks that its container is on; of the default bridge nobody knows names. */
function memberNames(world: World, from: Netns): readonly OfferedTarget[] {
  const own = networksIn(world, from.id)
  const inside = new Set(containersIn(world, from.id).map(({ container }) => container.id))
  const others = allContainers(world).filter(({ container }) => !inside.has(container.id))
  return others.flatMap(({ container }) =>
    container.endpoints
      .filter(({ networkId, network }) => own.has(networkId) && network !== 'bridge')
      .flatMap(({ network, aliases }) => [
        { text: container.name, says: `container on ${network}` },
        ...aliases
          .filter((alias) => !container.id.startsWith(alias))
          .map((alias) => ({ text: alias, says: `alias of ${container.name} on ${network}` })),
      ]),
  )
}
