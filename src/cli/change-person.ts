/** The person at the terminal: sees what would be done, says yes or no, and is told of each step. All of it on standard error. */
import { createInterface } from 'node:readline/promises'
import type { Person, Proposal } from '../command/person.ts'
import { escapeJson, sanitise } from '../lib/sanitise.ts'
import type { ChangeStep } from '../model/change-result.ts'
import { previewText, unfinishedText } from './change-text.ts'
import { inLocale, isUtf8, style, wantsColour, type Style } from './style.ts'
import { write } from './write.ts'

export type PersonOptions = {
  readonly stdin: NodeJS.ReadStream
  readonly stderr: NodeJS.WriteStream
  readonly env: { readonly [name: string]: string | undefined }
  readonly color: 'auto' | 'always' | 'never' | undefined
  readonly signal: AbortSignal
}

export function personAt({ stdin, stderr, env, color, signal }: PersonOptions): Person {
  const looks = style({ colour: wantsColour(color, env, stderr.isTTY), unicode: isUtf8(env) })
  const isWatched = stderr.isTTY
  // A terminal that went away is no reason to leave a change half done.
  const say = (line: string): void => void write(stderr, inLocale(`${line}\n`, env)).catch(() => {})
  return {
    isThere: stdin.isTTY && stderr.isTTY,
    approves: async (proposal) => {
      for (const line of proposalText(proposal, looks)) say(line)
      return isYes(await answer({ stdin, stderr, signal }))
    },
    step: ({ number, of, step }, asJson) => {
      if (asJson) say(escapeJson(JSON.stringify({ number, of, step })))
      // That it begins is no news: most take a few milliseconds.
      else if (isWatched && step.outcome !== 'not run')
        say(looks.paint('dim', `${number}/${of} ${sanitise(step.title)}: ${outcomeText(step)}`))
    },
    waits: (what, asJson) => {
      if (asJson) say(escapeJson(JSON.stringify({ waits: what })))
      else say(`vethscope: ${sanitise(what)}`)
    },
  }
}

function outcomeText({ outcome, says }: ChangeStep): string {
  return says === undefined ? outcome : `${outcome}, ${sanitise(says)}`
}

function proposalText(proposal: Proposal, looks: Style): readonly string[] {
  return proposal.kind === 'change'
    ? previewText(proposal.preview, looks)
    : unfinishedText(proposal.unfinished, looks)
}

function isYes(text: string): boolean {
  return /^y(?:es)?$/i.test(text.trim())
}

/** Empty where the terminal closes or a signal comes. */
async function answer({
  stdin,
  stderr,
  signal,
}: Pick<PersonOptions, 'stdin' | 'stderr' | 'signal'>): Promise<string> {
  // The terminal stays as it is: Ctrl-C is a signal, and editing the line is the terminal's business.
  const lines = createInterface({ input: stdin, output: stderr, terminal: false })
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    return await Promise.race([lines.question('apply? [y/N] ', { signal }).catch(() => ''), closed])
  } finally {
    lines.close()
  }
}
