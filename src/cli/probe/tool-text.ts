import { toolVerdict } from '../../derive/probe/tool-verdict.ts'
import type { ToolResult } from '../../model/probe-result.ts'
import type { Style } from '../style.ts'

/** What is printed when it has ended; its lines were printed as they came. */
export function toolText(result: ToolResult, _style: Style): readonly string[] {
  return [toolVerdict(result).says]
}
