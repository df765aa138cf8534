import type { TcpResult, Verdict } from '../../model/probe-result.ts'

export function tcpVerdict({ ok }: TcpResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
