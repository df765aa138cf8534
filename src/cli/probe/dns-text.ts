import { dnsVerdict } from '../../derive/probe/dns-verdict.ts'
import type { DnsResult } from '../../model/probe-result.ts'
import { clean } from '../clean.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; what each server said was printed as it came. */
export function dnsText(result: DnsResult, style: Style): readonly string[] {
  const { ok, says } = dnsVerdict(result)
  return [`${clean(result.name)}: ${style.paint(ok === true ? 'green' : 'yellow', clean(says))}`]
}
