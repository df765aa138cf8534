import type { DnsResult, Verdict } from '../../model/probe-result.ts'

export function dnsVerdict({ ok }: DnsResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
