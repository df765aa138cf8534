import { captureVerdict } from '../../derive/probe/capture-verdict.ts'
import type { CaptureResult } from '../../model/capture.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function captureText(result: CaptureResult, _style: Style): readonly string[] {
  return [captureVerdict(result).says]
}
