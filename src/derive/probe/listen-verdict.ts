import type { ListenResult, Verdict } from '../../model/probe-result.ts'

export function listenVerdict({ ok }: ListenResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
