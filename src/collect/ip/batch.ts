/**
 * Several questions to one `ip` or `bridge` process inside a namespace: a process a question would cost ten times
 * as much. `-force` lets the rest be answered when one is refused.
 */
import { run } from '../../lib/run.ts'
import { unknown, type Known } from '../../model/known.ts'
import { listed, type Printed } from './json.ts'

export type BatchAnswer = readonly Known<readonly Printed[]>[]

/**
 * `nsenter --net=PATH` and not `ip netns exec`: that takes only names in /run/netns, and mounts /sys again.
 * One answer a question; the process not starting is the same `unknown` for each.
 */
export async function batch(
  netnsPath: string | null,
  tool: readonly string[],
  questions: readonly string[],
): Promise<BatchAnswer> {
  const result = await run([...entering(netnsPath), ...tool, '-force', '-batch', '-'], {
    input: questions.join('\n') + '\n',
    timeoutMs: 20_000,
  })
  const refused = refusals(result.stderr)
  if (result.problem !== null || (result.exitCode !== 0 && refused.size === 0)) {
    const reason = unknown(result.problem ?? (firstLine(result.stderr) || `exit ${result.exitCode}`))
    return questions.map(() => reason)
  }
  const lines = result.stdout.split('\n').filter((line) => line.startsWith('['))
  return questions.map((question, at) => {
    const reason = refused.get(at + 1)
    if (reason !== undefined) return unknown(reason)
    const line = lines.shift()
    return line === undefined ? unknown(`no answer to \`${question}\``) : parseAnswer(line)
  })
}

/** What to put in front of a command, so that it runs in that namespace; null: where we are. */
export function entering(netnsPath: string | null): readonly string[] {
  return netnsPath === null ? [] : ['nsenter', `--net=${netnsPath}`, '--']
}

function parseAnswer(line: string): Known<readonly Printed[]> {
  try {
    return listed(JSON.parse(line))
  } catch (error) {
    return unknown(`unreadable answer: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** `Error: …` lines, each followed by `Command failed -:LINE`. */
function refusals(stderr: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  let reason = ''
  for (const line of stderr.split('\n')) {
    const failure = /^Command failed .*:(\d+)$/.exec(line)
    if (failure === null) {
      if (line !== '') reason = line
      continue
    }
    found.set(Number(failure[1]), reason === '' ? 'refused' : reason)
    reason = ''
  }
  return found
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? ''
}
