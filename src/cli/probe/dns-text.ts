import { dnsVerdict } from '../../derive/probe/dns-verdict.ts'
import type { DnsResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function dnsText(result: DnsResult, _style: Style): readonly string[] {
  return [dnsVerdict(result).says]
}
