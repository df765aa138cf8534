/** All that makes a network what it is, as `network inspect` has it, in words. */
import type { EngineNetwork } from '../../../model/engine.ts'
import type { Line } from '../../frame.ts'
import type { NetworkRow } from '../../tables/network-row.ts'
import { fact, type Fact } from '../facts/fact.ts'
import { flowed } from '../facts/flow.ts'
import { heading, parted, said } from '../namespace/lines.ts'
import { optionFacts } from './network-facts.ts'

export function optionLines(
  { network, engine, endpoint, link }: NetworkRow,
  columns: number,
): readonly Line[] {
  const { id, name, driver, scope, internal, ipv6, options, labels } = network
  const facts: readonly Fact[] = [
    fact('name', name),
    fact('engine', engine === 'lab' ? engine : `${engine}, ${endpoint}`),
    fact('driver', driver),
    fact('scope', scopes[scope] ?? scope),
    ...(id === name ? [] : [fact('id', id)]),
    ...network.subnets.flatMap(subnetFacts),
    ...(link === null ? [] : [fact(network.bridge === null ? 'parent' : 'bridge', link.name, 'link')]),
    fact('internal', internal ? 'yes: no way out of it' : 'no'),
    fact('ipv6', ipv6 ? 'yes' : 'no'),
    ...optionFacts(network),
    ...madeFacts(network),
  ]
  return parted(
    [
      flowed(facts, columns, true),
      pairs('options, as the engine has them', options, columns),
      pairs('labels', labels, columns),
    ],
    columns,
  )
}

const scopes: Readonly<Record<string, string>> = {
  swarm: 'swarm: every host of it has this network',
  local: 'local: this host alone',
}

function subnetFacts({
  subnet,
  gateway,
  ipRange,
  auxAddresses = {},
}: EngineNetwork['subnets'][number]): readonly Fact[] {
  const kept = Object.entries(auxAddresses).map(([name, address]) => `${name} ${address}`)
  return [
    fact('subnet', subnet, 'address'),
    ...(gateway === null ? [] : [fact('  gateway', gateway.replace(/\/.*$/, ''), 'address')]),
    ...(ipRange === null || ipRange === undefined
      ? []
      : [fact('  range', `${ipRange}: members get addresses of it`)]),
    ...(kept.length === 0 ? [] : [fact('  kept', `${kept.join(', ')}: no container gets these`)]),
  ]
}

function madeFacts({ made }: EngineNetwork): readonly Fact[] {
  if (made === undefined) return []
  const { attachable, ingress, ipamDriver, ipamOptions, configOnly, configFrom, dns } = made
  const ipam = Object.entries(ipamOptions).map(([key, value]) => `${key}=${value}`)
  return [
    ...(attachable ? [fact('attachable', 'yes: by containers that are no service’s, too')] : []),
    ...(ingress ? [fact('ingress', 'yes: published ports of services come in by it')] : []),
    ...(dns === undefined ? [] : [fact('names', dns ? 'resolved on it' : 'not resolved on it')]),
    ...(ipamDriver === 'default' && ipam.length === 0
      ? []
      : [fact('addresses', [ipamDriver, ...ipam].join(' '))]),
    ...(configOnly ? [fact('config', 'only: others are made of it')] : []),
    ...(configFrom === null ? [] : [fact('config', `of ${configFrom}`)]),
  ]
}

function pairs(title: string, entries: Readonly<Record<string, string>>, columns: number): readonly Line[] {
  const all = Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return all.length === 0
    ? []
    : [heading(title, columns), ...all.flatMap(([key, value]) => said(`${key}=${value}`, columns, 'text'))]
}
