/** The command table as the screen's `:` needs it, and how it runs one: as this program once more, beside the screen. */
import { usageOf } from './cli/help.ts'
import type { ArgumentSpec, Command, OptionSpec } from './command/command.ts'
import { globalOptions } from './command/global-options.ts'
import { run } from './lib/run.ts'
import type { CommandInfo, NamesIn } from './tui/commands.ts'
import type { Prober } from './probe/prober.ts'
import type { RunOutcome, RuntimeOptions } from './tui/runtime.ts'

export function screenCommands(commands: readonly Command[]): readonly CommandInfo[] {
  return commands
    .filter(({ name, hidden, needs }) => name !== '' && hidden !== true && needs !== 'screen')
    .map((command) => ({
      name: command.name,
      summary: command.summary,
      usage: usageOf(command).replace(/^vethscope /, ''),
      words: Object.values(command.arguments).map(wordOf),
      options: Object.entries<OptionSpec>({ ...command.options, json: globalOptions.json })
        .filter(([, { hidden }]) => hidden !== true)
        .map(([name, spec]) => ({ name: `--${name}`, summary: spec.summary, value: valueOf(spec) })),
    }))
}

/** The same word in help means the same thing everywhere. */
const namesOf: Readonly<Record<string, NamesIn>> = {
  NETNS: 'netns',
  PEER_NETNS: 'netns',
  TO_NETNS: 'netns',
  LINK: 'link',
  BRIDGE: 'link',
  NET: 'network',
  NODE: 'node',
}

function wordOf({ choices, value, names }: ArgumentSpec): CommandInfo['words'][number] {
  return choices ?? (names === 'netns' ? 'netns' : (namesOf[value] ?? 'text'))
}

function valueOf(spec: OptionSpec): CommandInfo['options'][number]['value'] {
  if (spec.type === 'switch' || spec.type === 'optional') return null
  if (spec.type === 'choice') return spec.choices
  return namesOf[spec.value] ?? 'text'
}

/** A minute is long in front of a screen; a snapshot of a thousand namespaces takes ten seconds. */
const timeoutMs = 60_000
const maxBytes = 4 * 1024 * 1024

/** `always`: what this screen was opened with, `--from FILE`. Answers with what ends it. */
export function runSelf(always: readonly string[]) {
  return (argv: readonly string[], ended: (outcome: RunOutcome) => void): (() => void) => {
    const stop = new AbortController()
    const command = [process.execPath, process.argv[1] ?? '', ...always, '--color=never', ...argv]
    const env = { LC_ALL: process.env['LC_ALL'] ?? process.env['LC_CTYPE'] ?? process.env['LANG'] ?? 'C' }
    run(command, { timeoutMs, maxBytes, signal: stop.signal, env }).then(
      ({ exitCode, problem, stdout, stderr }) => ended({ exitCode, problem, output: `${stdout}${stderr}` }),
      (error) =>
        ended({
          exitCode: null,
          problem: error instanceof Error ? error.message : String(error),
          output: '',
        }),
    )
    return () => stop.abort()
  }
}

/** The helper process as screen 6 has it. */
export function probeWith(prober: () => Prober): NonNullable<RuntimeOptions<unknown>['probe']> {
  return (request, told, ended) => {
    const { ended: end, stop, order } = prober().probe(request, told)
    void end.then(ended)
    return { stop, order }
  }
}
