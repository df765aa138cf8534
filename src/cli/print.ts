/** Prints what came out, on the right stream and in the form that was asked for; gives the exit code. */
import type { GlobalValues } from '../command/global-options.ts'
import type { Answered } from '../command/result.ts'
import type { Failure } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import { exitCode, exitCodeOfFailure, exitCodeOfResult } from './exit-code.ts'
import { failureJson, printJson } from './print-json.ts'
import { inLocale, isUtf8, style, wantsColour } from './style.ts'
import { write, writeAll } from './write.ts'

export type Output = {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly env: { readonly [name: string]: string | undefined }
}

type Choices = Pick<GlobalValues, 'json' | 'strict' | 'color'> & Partial<Pick<GlobalValues, 'host'>>

export async function printResult(result: Answered, choices: Choices, output: Output): Promise<number> {
  try {
    await pour(result, choices, output)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    await printFailure(
      { kind: 'refused', what: `cannot write to standard output: ${reason}` },
      { ...choices, json: false },
      output,
    )
    return exitCode.refused
  }
  return exitCodeOfResult(result, choices.strict)
}

async function pour(result: Answered, choices: Choices, output: Output): Promise<void> {
  // What a capture came to must not stand among its packets; that a change failed is a message.
  const isMessage = isPacketStream(result) || (result.answer === 'failed' && !choices.json)
  const stdout = isMessage ? output.stderr : output.stdout
  const { env } = output
  if (result.kind === 'world') {
    const { worldJson } = await import('../snapshot/world-json.ts')
    await writeAll(stdout, worldJson(result.data))
    return
  }
  if (choices.json) {
    await write(stdout, printJson(result.data, stdout.isTTY))
    return
  }
  const { printText } = await import('./print-text.ts')
  const colour = wantsColour(choices.color, env, stdout.isTTY)
  const lines = printText(result, style({ colour, unicode: isUtf8(env) }), choices.host)
  const text = lines.map((line) => `${line}\n`).join('')
  // What was made for another program is no text for people.
  await write(stdout, result.kind === 'text' ? text : inLocale(text, env))
}

function isPacketStream(result: Answered): boolean {
  return result.kind === 'probe' && result.data.kind === 'capture' && result.data.file === '-'
}

/** One sentence on standard error, and one for each further reason; with --json a document on standard output. */
export async function printFailure(
  failure: Failure,
  choices: Pick<Choices, 'json'>,
  output: Output,
): Promise<number> {
  if (choices.json)
    await write(output.stdout, printJson(failureJson(failure), output.stdout.isTTY)).catch(() => {})
  else {
    const lines = [failure, ...(failure.others ?? [])].map((each) => `vethscope: ${failureText(each)}\n`)
    await write(output.stderr, inLocale(lines.join(''), output.env)).catch(() => {})
  }
  return exitCodeOfFailure(failure)
}

function failureText({ what, hint, stderr }: Failure): string {
  const said = stderr === undefined || stderr.trim() === '' ? '' : ` (it said: ${stderr.trim()})`
  return sanitise(`${what}${said}${hint === undefined ? '' : `; ${hint}`}`)
}
