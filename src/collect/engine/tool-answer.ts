/** Asks a tool of an engine: what it printed, or nothing; one that keeps silent is left alone for a while. */
import { run } from '../../lib/run.ts'
import type { EngineMemory } from './engine-memory.ts'
import { silenceMs } from './silence.ts'

const maxBytes = 32 * 1024 * 1024
const leaveAloneMs = 20_000

/** null: it failed, or it did not answer in time, now or a moment ago. */
export async function askTool(
  command: readonly string[],
  { silentTools }: EngineMemory,
  signal: AbortSignal,
): Promise<string | null> {
  const key = command.join(' ')
  const until = silentTools.get(key)
  if (until !== undefined && performance.now() < until) return null
  silentTools.delete(key)
  const { exitCode, stdout, problem } = await run(command, { timeoutMs: silenceMs, maxBytes, signal })
  if (problem?.startsWith('timed out') === true) silentTools.set(key, performance.now() + leaveAloneMs)
  return exitCode === 0 ? stdout : null
}

export function wasSilent(tool: string): string {
  return `${tool} did not answer, or not so that it was understood`
}
