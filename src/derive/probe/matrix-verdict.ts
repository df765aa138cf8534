import type { MatrixResult, Verdict } from '../../model/probe-result.ts'

export function matrixVerdict({ ok }: MatrixResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
