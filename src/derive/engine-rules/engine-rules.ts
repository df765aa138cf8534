/** What an engine's rules should be, by what it reports: chain by chain, in the order in which it writes them when it starts. */
import type { Engine } from '../../model/engine.ts'
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { bridgeNetworks } from './bridge-networks.ts'
import { dockerSetup } from './docker-setup.ts'
import { forwardRules } from './forward-rules.ts'
import { isolationRules } from './isolation-rules.ts'
import { publishedPorts } from './published.ts'
import { inWrittenOrder } from './written-order.ts'

export type RuleFamily = 'ip' | 'ip6'

export type EngineRule = {
  /** As iptables-save writes it, without `-A CHAIN`. */
  readonly text: string
  /** Whether the engine puts it at the head of what is there or at the end. */
  readonly put: 'head' | 'end'
}

export type EngineChain = {
  readonly family: RuleFamily
  readonly table: string
  readonly name: string
  /** The engine makes it; else it is one of the kernel's hooks, where rules of others stand too. */
  readonly isOwn: boolean
  readonly rules: readonly EngineRule[]
}

export type EngineRules = {
  readonly chains: readonly EngineChain[]
  /** What could not be told for sure, and what was taken for granted. */
  readonly notes: readonly string[]
}

/** Of Docker with rules of iptables. Unknown with the reason where they cannot be told as a whole: half of them would be wrong. */
export function expectedRules(world: World, engine: Engine): Known<EngineRules> {
  if (engine.engine !== 'docker') return unknown('only of Docker it is known what rules it writes')
  if (engine.rootless) return unknown('a rootless engine writes no rules into the host’s namespace')
  if (isUnknown(engine.networks)) return engine.networks
  if (isUnknown(engine.containers)) return engine.containers
  const swarmed = engine.networks.some(({ name, scope }) => scope === 'swarm' || name === 'docker_gwbridge')
  if (swarmed || (engine.swarm !== null && engine.swarm !== undefined))
    return unknown('this Docker is in a swarm, and the rules of its ingress follow from more than it reports')
  const setup = dockerSetup(world, engine)
  if (isUnknown(setup)) return setup
  const bridges = bridgeNetworks(engine.networks)
  if (isUnknown(bridges)) return bridges
  const networks = inWrittenOrder(bridges, setup.tables)
  const ports = publishedPorts(world, engine, networks)
  if (isUnknown(ports)) return ports
  const write = setup.dialect === 'isolation' ? isolationRules : forwardRules
  const chains = setup.families.map((family) => write({ family, setup, networks, ...ports }))
  const failed = chains.find((each) => isUnknown(each))
  if (failed !== undefined && isUnknown(failed)) return failed
  return { chains: chains.flatMap((each) => (isUnknown(each) ? [] : each)), notes: setup.notes }
}
