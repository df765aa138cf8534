import type { IcmpError } from '../../model/probe-result.ts'

export type ErrorTextOptions = {
  /** Of several: `seq 3`. */
  readonly which?: string
  /** The address that it was sent from: what that one says, this namespace says itself. */
  readonly source?: string | null | undefined
}

/** `from 10.1.0.1: fragmentation needed (mtu 1400)`, `not sent: network is unreachable`. */
export function errorText(
  { from, says, mtu }: IcmpError,
  { which, source = null }: ErrorTextOptions = {},
): string {
  const said = mtu === undefined ? says : `${says} (mtu ${mtu})`
  const before = which === undefined ? '' : `${which} `
  if (from === null) return `${before}not sent: ${said}`
  if (from !== source) return `from ${from}: ${before}${said}`
  const because = noNeighbour.test(says) ? ', nobody answers for the next hop' : ''
  return `from this namespace itself (${from}): ${before}${said}${because}`
}

/** What a kernel says to its own programs when ARP or neighbour discovery came to nothing (arp_error_report, net/ipv4/arp.c). */
const noNeighbour = /^(host|address) unreachable$/
