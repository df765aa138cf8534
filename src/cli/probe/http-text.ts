import { httpVerdict } from '../../derive/probe/http-verdict.ts'
import type { HttpResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function httpText(result: HttpResult, _style: Style): readonly string[] {
  return [httpVerdict(result).says]
}
