/** What of a Docker daemon's settings decides about its rules and is told by nobody: worked out from what it left. */
import type { Engine } from '../../model/engine.ts'
import { isUnknown, listOf, unknown, type Known } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Chain, NfTable } from '../../model/ruleset.ts'
import type { World } from '../../model/world.ts'
import type { RuleFamily } from './engine-rules.ts'

export type DockerSetup = {
  /** All that is there now. */
  readonly tables: readonly NfTable[]
  readonly major: number
  /** `isolation`: up to 27, by DOCKER-ISOLATION-STAGE-1 and -2. `forward`: from 28.5 on, by DOCKER-FORWARD. */
  readonly dialect: 'isolation' | 'forward'
  /** No docker-proxy: connections to one's own published ports are turned round by rules. */
  readonly hairpin: boolean
  readonly families: readonly RuleFamily[]
  /** Packets for a container's own address from elsewhere are dropped early. */
  readonly raw: boolean
  readonly notes: readonly string[]
}

const none = 'nothing of its rules is left: where it was started with --iptables=false none belong there'

export function dockerSetup(world: World, engine: Engine): Known<DockerSetup> {
  const netns = world.netns.find(({ id }) => id === engine.netns)
  if (netns === undefined) return unknown('the namespace that the daemon runs in is not known')
  const { firewall } = netns
  if (firewall === null) return unknown('the rules were not read')
  const [unread] = firewall.unread
  if (unread !== undefined) return unknown(unread.unknown)
  if (engine.rulesBy === 'nftables' || firewall.tables.some(({ name }) => name === 'docker-bridges'))
    return unknown(
      'this Docker keeps its rules in nftables itself, and writes them as a whole when it starts',
    )
  const chains = ownChains(firewall.tables)
  const dialect = dialectOf(engine, chains)
  if (isUnknown(dialect)) return dialect
  const hairpin = isHairpin(world, engine, netns)
  if (isUnknown(hairpin)) return hairpin
  const families = familiesOf(engine, dialect.major, chains)
  const nothingLeft = chains.length === 0
  const hasRaw = firewall.tables.some(
    ({ name, chains }) =>
      name === 'raw' && chains.some(({ name, rules }) => name === 'PREROUTING' && rules.some(isDirectDrop)),
  )
  const raw = dialect.is === 'forward' && (hasRaw || nothingLeft)
  const noRaw =
    dialect.is === 'forward' && !raw
      ? [
          'no rule in table raw drops what is sent to containers directly: either they are lost, or Docker was started so (--allow-direct-routing); none are written',
        ]
      : []
  return {
    tables: firewall.tables,
    major: dialect.major,
    dialect: dialect.is,
    hairpin,
    families: families.list,
    raw,
    notes: [...(nothingLeft ? [none] : []), ...families.notes, ...noRaw],
  }
}

type OwnChain = { readonly family: string; readonly table: string; readonly chain: Chain }

/** Chains of iptables that only Docker makes. */
function ownChains(tables: readonly NfTable[]): readonly OwnChain[] {
  return tables
    .filter(({ backend }) => backend !== 'nft')
    .flatMap(({ family, name, chains }) =>
      chains
        .filter((chain) => /^DOCKER(?:-|$)/.test(chain.name))
        .map((chain) => ({ family, table: name, chain })),
    )
}

function dialectOf(
  { version, rulesBy }: Engine,
  chains: readonly OwnChain[],
): Known<{ readonly is: DockerSetup['dialect']; readonly major: number }> {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? []
  if (first === undefined || second === undefined) return unknown('the version of Docker is not known')
  const [major, minor] = [Number(first), Number(second)]
  if (major >= 19 && major <= 27) return { is: 'isolation', major }
  const hasInternal = chains.some(({ chain }) => chain.name === 'DOCKER-INTERNAL')
  if (major === 28 && (minor >= 5 || hasInternal)) return { is: 'forward', major }
  if (major === 28)
    return unknown(`Docker ${first}.${second} writes other rules than those before and after it`)
  // It may have been started with the nftables backend, which leaves nothing else behind.
  if (major === 29 && (rulesBy === 'iptables' || chains.length > 0)) return { is: 'forward', major }
  if (major === 29)
    return unknown('nothing is left that tells whether this Docker writes rules of iptables or of nftables')
  return unknown(`what rules Docker ${first} writes is not known`)
}

function isDirectDrop({ text }: Chain['rules'][number]): boolean {
  return /^-d \S+ ! -i \S+ -j DROP$/.test(text)
}

/** Whether it runs without docker-proxy. */
function isHairpin(world: World, engine: Engine, netns: Netns): Known<boolean> {
  const nat = netns.firewall?.tables.filter(({ name, backend }) => name === 'nat' && backend !== 'nft') ?? []
  const jump = nat
    .flatMap(({ chains }) => chains)
    .filter(({ name }) => name === 'OUTPUT')
    .flatMap(({ rules }) => rules)
    .find(({ statements }) => statements.some((each) => each.kind === 'jump' && each.chain === 'DOCKER'))
  if (jump !== undefined) return !jump.text.startsWith('! -d ')
  if (isUnknown(world.processes)) return world.processes
  if (world.processes.some(({ comm, netns }) => comm === 'docker-proxy' && netns === engine.netns))
    return false
  if (isUnknown(netns.links)) return netns.links
  // Without the proxy Docker lets packets for 127.0.0.1 onto its bridges.
  const bridges = new Set(listOf(engine.networks).map(({ bridge }) => bridge))
  const link = netns.links.find(({ name }) => bridges.has(name))
  if (link === undefined || link.inet === null) return false
  if (isUnknown(link.inet)) return link.inet
  if (link.inet.routeLocalnet !== 0) return true
  const publishes = listOf(engine.containers).some(
    ({ state, ports }) => state === 'running' && ports.length > 0,
  )
  return publishes ? unknown('whether this Docker works with docker-proxy cannot be told') : false
}

/** From 27 on IPv6 unless told otherwise, before only where it was told. */
function familiesOf(
  { networks, version }: Engine,
  major: number,
  chains: readonly OwnChain[],
): { readonly list: readonly RuleFamily[]; readonly notes: readonly string[] } {
  const has = (family: RuleFamily): boolean => chains.some((each) => each.family === family)
  const isKnown = major === 20 || major >= 27
  if (isKnown && (has('ip6') || (major >= 27 && !has('ip')))) return { list: ['ip', 'ip6'], notes: [] }
  const six = listOf(networks).some(({ driver, ipv6 }) => driver === 'bridge' && ipv6)
  if (!six && !has('ip6')) return { list: ['ip'], notes: [] }
  const why = isKnown
    ? `nothing tells whether this Docker was started to write them (--ip6tables)`
    : `what Docker ${version ?? ''} writes for IPv6 is not known well enough`
  return { list: ['ip'], notes: [`no rules for IPv6 are written: ${why}`] }
}
