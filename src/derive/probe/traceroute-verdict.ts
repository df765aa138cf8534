import type { TracerouteResult, Verdict } from '../../model/probe-result.ts'

export function tracerouteVerdict({ ok }: TracerouteResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
