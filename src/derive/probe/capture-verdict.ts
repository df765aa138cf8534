import type { CaptureResult } from '../../model/capture.ts'
import type { Verdict } from '../../model/probe-result.ts'

export function captureVerdict({ ok }: CaptureResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
