/** Networks and members of Docker and Podman as a plan leaves them: what the engine chooses itself is not known before. */
import { dockerOptions } from '../../model/docker-options.ts'
import type { Container, Endpoint, Engine, EngineNetwork } from '../../model/engine.ts'
import type { IntentOf } from '../../model/intent.ts'
import { isUnknown } from '../../model/known.ts'
import type { Fact, Plan } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'

type FactOf<K extends Fact['kind']> = Extract<Fact, { readonly kind: K }>

export function afterEngineNetwork(world: World, fact: FactOf<'engine-network'>, { intent }: Plan): World {
  return withEngine(world, fact.socket, (engine) => {
    if (isUnknown(engine.networks)) return engine
    const others = engine.networks.filter(({ name }) => name !== fact.name)
    if (!fact.there) {
      const containers = isUnknown(engine.containers)
        ? engine.containers
        : engine.containers.map((each) => without(each, fact.name))
      return { ...engine, networks: others, containers }
    }
    if (others.length < engine.networks.length) return engine
    const asked = intent.kind === 'engine-net-create' && intent.name === fact.name ? intent : null
    return { ...engine, networks: [...others, madeNetwork(fact, asked)] }
  })
}

function madeNetwork(
  { name, is = {} }: FactOf<'engine-network'>,
  asked: IntentOf<'engine-net-create'> | null,
): EngineNetwork {
  const options = asked?.options ?? {}
  const subnets = asked?.subnets ?? (is.subnets ?? []).map((subnet) => ({ subnet, auxAddresses: {} }))
  return {
    // By its name: what the engine will call it is told when it is made.
    id: name,
    name,
    driver: is.driver ?? asked?.driver ?? 'bridge',
    scope: is.driver === 'overlay' ? 'swarm' : 'local',
    subnets: subnets.map(({ subnet, auxAddresses, ...rest }) => ({
      subnet,
      gateway: 'gateway' in rest ? (rest.gateway ?? null) : null,
      ipRange: 'ipRange' in rest ? (rest.ipRange ?? null) : null,
      auxAddresses,
    })),
    bridge: options[dockerOptions.bridge] ?? null,
    parent: options['parent'] ?? null,
    internal: is.internal ?? asked?.internal ?? false,
    ipv6: asked?.ipv6 ?? false,
    made: {
      attachable: asked?.attachable ?? false,
      ingress: asked?.ingress ?? false,
      ipamDriver: 'default',
      ipamOptions: {},
      configOnly: false,
      configFrom: null,
    },
    options,
    labels: asked?.labels ?? {},
    members: [],
  }
}

export function afterEngineEndpoint(world: World, fact: FactOf<'engine-endpoint'>, { intent }: Plan): World {
  const connection =
    intent.kind === 'engine-net-connect' && intent.connection.network === fact.network
      ? intent.connection
      : null
  return withEngine(world, fact.socket, (engine) => {
    if (isUnknown(engine.containers)) return engine
    const container = engine.containers.find(({ name }) => name === fact.container)
    if (container === undefined) return engine
    const left = without(container, fact.network)
    const network = isUnknown(engine.networks)
      ? undefined
      : engine.networks.find(({ name }) => name === fact.network)
    const endpoint: Endpoint = {
      network: fact.network,
      networkId: network?.id ?? fact.network,
      endpointId: '',
      mac: fact.is?.mac ?? null,
      ipv4: fact.is?.ipv4 ?? connection?.ip ?? null,
      ipv6: fact.is?.ipv6 ?? connection?.ip6 ?? null,
      gateway: null,
      gateway6: null,
      aliases: connection?.aliases ?? [],
      asked: {
        ipv4: connection?.ip ?? null,
        ipv6: connection?.ip6 ?? null,
        linkLocal: connection?.linkLocal ?? [],
        links: connection?.links ?? [],
        options: connection?.options ?? {},
        mac: connection?.mac ?? null,
      },
    }
    const changed = fact.there ? { ...left, endpoints: [...left.endpoints, endpoint] } : left
    const { id, name } = container
    const { mac, ipv4, ipv6 } = endpoint
    const membersOf = (each: EngineNetwork): EngineNetwork => {
      if (each.name !== fact.network) return each
      const members = each.members.filter(({ containerId }) => containerId !== id)
      return {
        ...each,
        members: fact.there ? [...members, { containerId: id, name, mac, ipv4, ipv6 }] : members,
      }
    }
    return {
      ...engine,
      containers: engine.containers.map((each) => (each === container ? changed : each)),
      networks: isUnknown(engine.networks) ? engine.networks : engine.networks.map(membersOf),
    }
  })
}

function without(container: Container, network: string): Container {
  return { ...container, endpoints: container.endpoints.filter((each) => each.network !== network) }
}

function withEngine(world: World, socket: string, change: (engine: Engine) => Engine): World {
  const { engines } = world
  if (isUnknown(engines)) return world
  return { ...world, engines: engines.map((each) => (each.endpoint === socket ? change(each) : each)) }
}
