import type { PingResult, Verdict } from '../../model/probe-result.ts'

export function pingVerdict({ ok }: PingResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
