/** Rules that Docker of every version writes, as iptables-save prints them. */
import type { BridgeNetwork } from './bridge-networks.ts'
import type { DockerSetup } from './docker-setup.ts'
import type { RuleFamily } from './engine-rules.ts'
import type { OpenPort } from './published.ts'

export const loopback: Readonly<Record<RuleFamily, string>> = { ip: '127.0.0.0/8', ip6: '::1/128' }

const host: Readonly<Record<RuleFamily, number>> = { ip: 32, ip6: 128 }

export function masqueradeText(network: BridgeNetwork, family: RuleFamily, subnet: string): string {
  return `-s ${subnet} ! -o ${network.bridge} -j ${sourceNat(network, family)}`
}

/** What the host itself sends to its published ports. */
export function hairpinText(network: BridgeNetwork, family: RuleFamily): string {
  return `-o ${network.bridge} -m addrtype --src-type LOCAL -j ${sourceNat(network, family)}`
}

function sourceNat({ hostIp }: BridgeNetwork, family: RuleFamily): string {
  const to = hostIp[family]
  return to === null ? 'MASQUERADE' : `SNAT --to-source ${to}`
}

export function establishedText(bridge: string): string {
  return `-o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`
}

export function dnatText(
  family: RuleFamily,
  { hairpin, major }: DockerSetup,
  bridge: string,
  address: string,
  { hostIp, hostPort, port, protocol }: OpenPort,
): string {
  // Packets from link-local addresses cannot be answered through another link.
  const from = family === 'ip6' && major > 20 ? '! -s fe80::/10 ' : ''
  const to = hostIp === null ? '' : `-d ${hostIp}/${host[family]} `
  const into = hairpin ? '' : `! -i ${bridge} `
  const destination = family === 'ip' ? address : `[${address}]`
  return `${from}${to}${into}-p ${protocol} -m ${protocol} --dport ${hostPort} -j DNAT --to-destination ${destination}:${port}`
}

export function portText(
  bridge: string,
  family: RuleFamily,
  address: string,
  { port, protocol }: OpenPort,
): string {
  return `-d ${address}/${host[family]} ! -i ${bridge} -o ${bridge} -p ${protocol} -m ${protocol} --dport ${port} -j ACCEPT`
}

/** A container that asks for its own published port. */
export function ownPortText(family: RuleFamily, address: string, { port, protocol }: OpenPort): string {
  const own = `${address}/${host[family]}`
  return `-s ${own} -d ${own} -p ${protocol} -m ${protocol} --dport ${port} -j MASQUERADE`
}

/**
 * Of an internal network: only its own addresses go in and out. `neighbours`: what stays on the bridge is let be, so that IPv6
 * finds its neighbours by multicast.
 */
export function internalTexts(bridge: string, subnet: string, neighbours: boolean): readonly string[] {
  const [out, into] = neighbours ? [` ! -o ${bridge}`, ` ! -i ${bridge}`] : ['', '']
  return [`! -d ${subnet} -i ${bridge}${out} -j DROP`, `! -s ${subnet}${into} -o ${bridge} -j DROP`]
}
