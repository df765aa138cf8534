import { toolVerdict } from '../../derive/probe/tool-verdict.ts'
import type { ToolResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. One that ended well has said all there is. */
export function toolText(result: ToolResult, { paint }: Style): readonly string[] {
  return result.ok ? [] : [paint('yellow', toolVerdict(result).says)]
}
