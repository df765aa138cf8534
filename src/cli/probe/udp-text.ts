import { udpVerdict } from '../../derive/probe/udp-verdict.ts'
import type { UdpResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** Linux sends a handful of "port unreachable" at once, then one a second (icmp_ratelimit). */
const mostTold = 6

/** What is printed when it has ended; a line for each port was printed as it came. */
export function udpText(result: UdpResult, style: Style): readonly string[] {
  if (result.ports.length === 1) return []
  const { ok, says } = udpVerdict(result)
  const to = result.target === result.address ? result.address : `${result.target} (${result.address})`
  const isSilent = result.ports.some((port) => port.result === 'open-or-filtered')
  return [
    `${to}: ${style.paint(ok === true ? 'green' : 'yellow', says)}`,
    ...(isSilent && result.ports.length > mostTold
      ? ['A host tells only about one closed port a second: among so many, a silent one may be closed too.']
      : []),
  ]
}
