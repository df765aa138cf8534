import { sanitise } from '../../lib/sanitise.ts'
import type { ToolResult, Verdict } from '../../model/probe-result.ts'

/** `ping ended well`, `ping ended with exit code 1`, `tcpdump was stopped after 5 s`. */
export function toolVerdict({ ok, command, exitCode, problem }: ToolResult): Verdict {
  const [path = ''] = command
  const name = sanitise(path.slice(path.lastIndexOf('/') + 1))
  if (problem !== null) return { ok, says: `${name}: ${sanitise(problem)}` }
  return { ok, says: ok ? `${name} ended well` : `${name} ended with exit code ${exitCode}` }
}
