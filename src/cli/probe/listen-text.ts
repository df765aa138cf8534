import { listenVerdict } from '../../derive/probe/listen-verdict.ts'
import type { ListenResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function listenText(result: ListenResult, _style: Style): readonly string[] {
  return [listenVerdict(result).says]
}
