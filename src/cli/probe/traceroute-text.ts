import { tracerouteVerdict } from '../../derive/probe/traceroute-verdict.ts'
import type { TracerouteResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function tracerouteText(result: TracerouteResult, _style: Style): readonly string[] {
  return [tracerouteVerdict(result).says]
}
