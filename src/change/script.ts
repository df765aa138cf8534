/** A plan as a shell script that runs as it stands, and a command as a shell takes it. */
import { quoted } from '../lib/quoted.ts'
import type { Command } from '../model/plan.ts'

/** One line, or with a here-document several. */
export function shellText({ argv, input }: Command): string {
  const line = argv.map(quoted).join(' ')
  return input === undefined ? line : `${line} <<'EOF'\n${input}${input.endsWith('\n') ? '' : '\n'}EOF`
}
