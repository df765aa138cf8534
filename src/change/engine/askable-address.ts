/** Whether an engine gives a container the address that one asks for. */
import { formatIp, parsePrefix, type Family } from '../../lib/ip.ts'
import type { EngineNetwork } from '../../model/engine.ts'
import { firstHost } from '../lab/subnets.ts'
import type { AskedEngine } from './engine-of.ts'
import { isUserDefined } from './own-networks.ts'

/**
 * `no`: never on this network. `maybe`: Docker does so only where the subnet was asked for and was not its own choice, and does not
 * tell which it was: one of its usual pools, with nothing that only a user says.
 */
export function askableAddress(
  asked: AskedEngine,
  network: EngineNetwork,
  family: Family,
): 'yes' | 'no' | 'maybe' {
  const { kind, containers } = asked
  if (!isUserDefined(kind, network)) return 'no'
  const pools = network.subnets.filter(({ subnet }) => parsePrefix(subnet)?.family === family)
  if (pools.length === 0) return 'no'
  if (kind === 'podman') return 'yes'
  const said = pools.some(
    ({ subnet, gateway, ipRange, auxAddresses = {} }) =>
      gateway === null ||
      (ipRange ?? null) !== null ||
      Object.keys(auxAddresses).length > 0 ||
      !isUsual(subnet, gateway),
  )
  if (said) return 'yes'
  // Somebody got what was asked for already.
  const given = containers
    .flatMap(({ endpoints }) => endpoints.filter(({ networkId }) => networkId === network.id))
    .some(({ asked: wished }) => ((family === 'inet' ? wished?.ipv4 : wished?.ipv6) ?? null) !== null)
  return given ? 'yes' : 'maybe'
}

/** As the engine itself chooses: the first address of a private network is the gateway. */
function isUsual(subnet: string, gateway: string): boolean {
  const prefix = parsePrefix(subnet)
  return prefix !== null && gateway.split('/')[0] === formatIp(firstHost(prefix))
}
