/** Runs a tool that prints rules inside a namespace. None of them is given a word that comes from outside. */
import { run } from '../../lib/run.ts'
import { entering } from '../ip/batch.ts'

export type ToolContext = {
  /** A path that leads into the namespace; null: we are there. */
  readonly path: string | null
  readonly signal: AbortSignal | undefined
  /** The file that a program's name leads to; null: it is not installed. */
  readonly find: (name: string) => string | null
}

/** Why it printed nothing that can be trusted. */
export type ToolFailure = { readonly unknown: string; readonly hint: string | null }

export type ToolRun = {
  readonly stdout: string
  /** null: it ended well. What it printed before that may be read all the same. */
  readonly failure: ToolFailure | null
}

export type ToolOptions = {
  /** Program names, best first: the first one that is installed is run. */
  readonly names: readonly string[]
  /** Debian's. */
  readonly package: string
  readonly arguments: readonly string[]
}

const timeoutMs = 10_000
/** 30,000 rules are some 4 MB of iptables-save, and 20 MB of nft's JSON. */
const maxBytes = 256 * 1024 * 1024

export async function runTool(tool: ToolOptions, { path, signal, find }: ToolContext): Promise<ToolRun> {
  const file = tool.names.map((name) => find(name)).find((found) => found !== null)
  const [name = ''] = tool.names
  if (file === undefined) {
    const unknown = `${tool.names.at(-1) ?? name} is not installed`
    return { stdout: '', failure: { unknown, hint: `apt-get install ${tool.package}` } }
  }
  const result = await run([...entering(path), file, ...tool.arguments], {
    timeoutMs,
    maxBytes,
    ...(signal === undefined ? {} : { signal }),
  })
  const shown = file.slice(file.lastIndexOf('/') + 1)
  if (result.problem !== null) {
    // nsenter is what is started; without it, it is what is not found.
    const started = path === null ? shown : result.problem === 'not found' ? 'nsenter' : shown
    return { stdout: result.stdout, failure: { unknown: `${started}: ${result.problem}`, hint: null } }
  }
  if (result.exitCode === 0) return { stdout: result.stdout, failure: null }
  const says = firstLine(result.stderr).replace(`${file}: `, '')
  // Most say their name themselves.
  const named = says.startsWith(shown) ? says : `${shown}: ${says}`
  const unknown = says === '' ? `${shown} ended with exit code ${result.exitCode}` : named
  return { stdout: result.stdout, failure: { unknown, hint: hintFor(says) } }
}

const longest = 300

function firstLine(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '' && !each.startsWith('#')) ?? ''
  return line.trim().slice(0, longest)
}

function hintFor(says: string): string | null {
  return /permission|not permitted|must be root/i.test(says) ? 'run as root' : null
}
