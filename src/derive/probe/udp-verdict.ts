import type { UdpResult, Verdict } from '../../model/probe-result.ts'

export function udpVerdict({ ok }: UdpResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
