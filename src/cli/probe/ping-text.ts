import { pingVerdict } from '../../derive/probe/ping-verdict.ts'
import type { PingResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function pingText(result: PingResult, _style: Style): readonly string[] {
  return [pingVerdict(result).says]
}
