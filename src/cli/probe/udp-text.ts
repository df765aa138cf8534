import { udpVerdict } from '../../derive/probe/udp-verdict.ts'
import type { UdpResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function udpText(result: UdpResult, _style: Style): readonly string[] {
  return [udpVerdict(result).says]
}
