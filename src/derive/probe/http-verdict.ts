import type { HttpResult, Verdict } from '../../model/probe-result.ts'

export function httpVerdict({ ok }: HttpResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
