/** What Docker up to 27 writes: isolation of networks in two stages, and per network a handful of rules in FORWARD. */
import { unknown, type Known } from '../../model/known.ts'
import type { BridgeNetwork } from './bridge-networks.ts'
import type { DockerSetup } from './docker-setup.ts'
import type { EngineChain, RuleFamily } from './engine-rules.ts'
import type { BridgeEndpoint } from './published.ts'
import { ruleWriter, type RuleWriter } from './rule-writer.ts'
import {
  dnatText,
  establishedText,
  hairpinText,
  loopback,
  masqueradeText,
  ownPortText,
  portText,
  internalTexts,
} from './rule-texts.ts'

export type Written = {
  readonly family: RuleFamily
  readonly setup: DockerSetup
  readonly networks: readonly BridgeNetwork[]
  readonly endpoints: readonly BridgeEndpoint[]
}

const stages = ['DOCKER-ISOLATION-STAGE-1', 'DOCKER-ISOLATION-STAGE-2'] as const

export function isolationRules({
  family,
  setup,
  networks,
  endpoints,
}: Written): Known<readonly EngineChain[]> {
  const rules = ruleWriter(family)
  rules.make('nat', 'DOCKER')
  rules.make('filter', 'DOCKER')
  for (const stage of stages) {
    rules.make('filter', stage)
    rules.append('filter', stage, '-j RETURN')
  }
  for (const network of networks) writeNetwork(rules, family, setup, network)
  for (const { network, address, ports } of endpoints) {
    const to = address[family]
    if (to === null || network.internal) continue
    for (const port of ports[family]) {
      if (port.protocol === 'sctp' && setup.major === 27)
        return unknown('what Docker 27 writes for ports of SCTP depends on how it was started')
      rules.append('nat', 'DOCKER', dnatText(family, setup, network.bridge, to, port))
      rules.append('filter', 'DOCKER', portText(network.bridge, family, to, port))
      rules.append('nat', 'POSTROUTING', ownPortText(family, to, port))
      if (port.protocol === 'sctp')
        rules.append(
          'mangle',
          'POSTROUTING',
          `-p sctp -m sctp --sport ${port.port} -j CHECKSUM --checksum-fill`,
        )
    }
  }
  // Up to 20.10 users have such a chain for IPv4 only.
  if (family === 'ip' || setup.major > 20) {
    rules.make('filter', 'DOCKER-USER')
    rules.append('filter', 'DOCKER-USER', '-j RETURN')
    rules.raise('filter', 'FORWARD', '-j DOCKER-USER')
  }
  return rules.chains()
}

function writeNetwork(
  rules: RuleWriter,
  family: RuleFamily,
  setup: DockerSetup,
  network: BridgeNetwork,
): void {
  const { bridge, internal, icc } = network
  const subnet = network.subnet[family]
  if (subnet !== null) {
    if (internal) {
      // Up to 20.10 IPv6 has them as IPv4 has.
      for (const text of internalTexts(bridge, subnet, family === 'ip6' && setup.major > 20))
        rules.insert('filter', stages[0], text)
    } else {
      if (network.masquerade) {
        rules.insert('nat', 'POSTROUTING', masqueradeText(network, family, subnet))
        if (!setup.hairpin) rules.insert('nat', 'DOCKER', `-i ${bridge} -j RETURN`)
      }
      if (setup.hairpin) rules.insert('nat', 'POSTROUTING', hairpinText(network, family))
    }
    if (icc) rules.insert('filter', 'FORWARD', `-i ${bridge} -o ${bridge} -j ACCEPT`)
    else rules.append('filter', 'FORWARD', `-i ${bridge} -o ${bridge} -j DROP`)
    if (!internal) {
      rules.insert('filter', 'FORWARD', `-i ${bridge} ! -o ${bridge} -j ACCEPT`)
      rules.append('nat', 'PREROUTING', '-m addrtype --dst-type LOCAL -j DOCKER')
      rules.append(
        'nat',
        'OUTPUT',
        `${setup.hairpin ? '' : `! -d ${loopback[family]} `}-m addrtype --dst-type LOCAL -j DOCKER`,
      )
      rules.insert('filter', 'FORWARD', `-o ${bridge} -j DOCKER`)
      rules.insert('filter', 'FORWARD', establishedText(bridge))
    }
    rules.raise('filter', 'FORWARD', `-j ${stages[0]}`)
  }
  if (internal) return
  // Of a network of the other family only, too.
  rules.insert('filter', stages[0], `-i ${bridge} ! -o ${bridge} -j ${stages[1]}`)
  rules.insert('filter', stages[1], `-o ${bridge} -j DROP`)
}
