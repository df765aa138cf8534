import type { Command } from '../../command/command.ts'
import type { Shell } from '../../command/program.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { wordsOf } from './words.ts'
import { zshScript } from './zsh.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

/** What a shell reads to complete vethscope's words. */
export function completionScript(shell: Shell, commands: readonly Command[]): string {
  return scripts[shell](wordsOf(commands))
}
