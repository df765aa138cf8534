/** What an engine says of the network that a bridge belongs to. */
import type { EngineNetwork } from '../../../model/engine.ts'
import { listOf } from '../../../model/known.ts'
import type { Link } from '../../../model/link.ts'
import type { Netns } from '../../../model/netns.ts'
import type { World } from '../../../model/world.ts'
import { span } from '../text.ts'
import { fact, type Fact } from './fact.ts'

type Named = { readonly engine: string; readonly network: EngineNetwork }

/** Of a bridge, or of the link below macvlan and ipvlan networks. */
export function networksOf(world: World, netns: Netns, link: Link): readonly Named[] {
  return listOf(world.engines)
    .filter((engine) => engine.netns === netns.id)
    .flatMap(({ engine, networks }) =>
      listOf(networks)
        .filter(({ bridge, parent }) => bridge === link.name || parent === link.name)
        .map((network) => ({ engine, network })),
    )
}

export function mainNetworkFacts(named: readonly Named[]): readonly Fact[] {
  return named.map(({ engine, network }): Fact => {
    const subnets = network.subnets.map(
      ({ subnet, gateway }) => ` ${subnet}${gateway === null ? '' : ` gateway ${gateway}`}`,
    )
    return {
      label: 'network',
      spans: [
        span(network.name, 'container'),
        span(` ${engine} ${network.driver}`),
        span(subnets.join(','), 'address'),
        ...(network.internal ? [span(' internal', 'link.down')] : []),
      ],
    }
  })
}

const most = 12

export function moreNetworkFacts(named: readonly Named[], nat: boolean | null): readonly Fact[] {
  return [
    ...(nat === null
      ? []
      : [fact('nat', nat ? 'what leaves gets the address of the link it leaves by' : 'no')]),
    ...named.flatMap(({ network: { members, ipv6, scope, id } }): readonly Fact[] => [
      {
        label: 'members',
        spans:
          members.length === 0
            ? [span('none', 'dim')]
            : members
                .slice(0, most)
                .flatMap(({ name, ipv4, ipv6: six }, at) => [
                  ...(at === 0 ? [] : [span(', ')]),
                  span(name, 'container'),
                  ...[ipv4 ?? six].flatMap((address) =>
                    address === null ? [] : [span(` ${address}`, 'address')],
                  ),
                ]),
        alone: true,
      },
      ...(members.length > most ? [fact('members', `${members.length} in all`)] : []),
      fact('id', id.slice(0, 12)),
      fact('scope', scope),
      ...(ipv6 ? [fact('ipv6', 'yes')] : []),
    ]),
  ]
}
