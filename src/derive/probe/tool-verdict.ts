import type { ToolResult, Verdict } from '../../model/probe-result.ts'

export function toolVerdict({ ok }: ToolResult): Verdict {
  return { ok, says: ok ? 'yes' : 'no' }
}
