/** What Docker writes from 28.5 on, with iptables: all of it below DOCKER-FORWARD, and ports are closed unless they are published. */
import type { Known } from '../../model/known.ts'
import type { BridgeNetwork } from './bridge-networks.ts'
import type { DockerSetup } from './docker-setup.ts'
import type { EngineChain, RuleFamily } from './engine-rules.ts'
import type { Written } from './isolation-rules.ts'
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
import { ruleWriter, type RuleWriter } from './rule-writer.ts'

export function forwardRules({ family, setup, networks, endpoints }: Written): Known<readonly EngineChain[]> {
  const rules = ruleWriter(family)
  rules.make('nat', 'DOCKER')
  for (const name of ['DOCKER', 'DOCKER-FORWARD', 'DOCKER-BRIDGE', 'DOCKER-CT', 'DOCKER-INTERNAL'])
    rules.make('filter', name)
  rules.append('nat', 'PREROUTING', '-m addrtype --dst-type LOCAL -j DOCKER')
  rules.append(
    'nat',
    'OUTPUT',
    `${setup.hairpin ? '' : `! -d ${loopback[family]} `}-m addrtype --dst-type LOCAL -j DOCKER`,
  )
  rules.raise('filter', 'FORWARD', '-j DOCKER-FORWARD')
  for (const name of ['DOCKER-BRIDGE', 'DOCKER-INTERNAL', 'DOCKER-CT'])
    rules.raise('filter', 'DOCKER-FORWARD', `-j ${name}`)
  for (const network of networks) writeNetwork(rules, family, setup, network)
  for (const { network, address, ports } of endpoints) {
    const to = address[family]
    if (network.internal) continue
    if (to !== null && setup.raw && !network.unprotected[family]) {
      const width = family === 'ip' ? 32 : 128
      for (const link of network.trusted)
        rules.append('raw', 'PREROUTING', `-d ${to}/${width} -i ${link} -j ACCEPT`)
      rules.append('raw', 'PREROUTING', `-d ${to}/${width} ! -i ${network.bridge} -j DROP`)
    }
    if (to === null) continue
    for (const port of ports[family]) {
      const { hostIp, hostPort, protocol } = port
      if (setup.raw && hostIp?.startsWith('127.') === true)
        rules.append(
          'raw',
          'PREROUTING',
          `-d ${hostIp}/32 ! -i lo -p ${protocol} -m ${protocol} --dport ${hostPort} -j DROP`,
        )
      rules.append('nat', 'DOCKER', dnatText(family, setup, network.bridge, to, port))
      if (setup.hairpin) rules.append('nat', 'POSTROUTING', ownPortText(family, to, port))
      if (!network.unprotected[family])
        rules.insert('filter', 'DOCKER', portText(network.bridge, family, to, port))
    }
  }
  rules.make('filter', 'DOCKER-USER')
  rules.raise('filter', 'FORWARD', '-j DOCKER-USER')
  return rules.chains()
}

function writeNetwork(
  rules: RuleWriter,
  family: RuleFamily,
  setup: DockerSetup,
  network: BridgeNetwork,
): void {
  const { bridge, icc } = network
  const subnet = network.subnet[family]
  if (subnet === null) return
  const within = `-i ${bridge} -o ${bridge}`
  if (network.internal) {
    for (const text of internalTexts(bridge, subnet, family === 'ip6'))
      rules.insert('filter', 'DOCKER-INTERNAL', text)
    rules.append('filter', 'DOCKER-FORWARD', `${within} -j ${icc ? 'ACCEPT' : 'DROP'}`)
    return
  }
  if (network.masquerade) rules.insert('nat', 'POSTROUTING', masqueradeText(network, family, subnet))
  if (setup.hairpin) rules.insert('nat', 'POSTROUTING', hairpinText(network, family))
  if (!icc) rules.append('filter', 'DOCKER-FORWARD', `${within} -j DROP`)
  rules.append('filter', 'DOCKER-FORWARD', `-i ${bridge}${icc ? '' : ` ! -o ${bridge}`} -j ACCEPT`)
  const rest = network.unprotected[family] ? 'ACCEPT' : 'DROP'
  rules.append('filter', 'DOCKER', `! -i ${bridge} -o ${bridge} -j ${rest}`)
  rules.append('filter', 'DOCKER-CT', establishedText(bridge))
  rules.append('filter', 'DOCKER-BRIDGE', `-o ${bridge} -j DOCKER`)
}
