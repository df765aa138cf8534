import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { NetworkFile } from '../model/network-file.ts'
import { changeOptions } from './change-flow.ts'
import { changeParts, type Part } from './change-parts.ts'
import { command, type Deps } from './command.ts'
import { examples, type Example, type ExamplePart } from './examples.ts'
import type { Result } from './result.ts'

export type ExampleShape = Pick<Example, 'name' | 'summary'> & {
  readonly parts: readonly ExamplePart[]
}

export const example = command({
  name: 'example',
  summary: 'networks to learn from: list them, make one, take it down again',
  description: [
    'Each is a file of networks, made as net apply makes it. docs/learn.md walks through them. Without a name they are listed.',
    'overlay is three files, the second and third for namespaces that play hosts (--host): a change each. What was made is taken back where one fails.',
  ],
  examples: [
    'vethscope example two-namespaces',
    'vethscope example web --yes',
    'vethscope example web --remove',
    'vethscope example overlay --print',
  ],
  needs: 'world',
  changes: true,
  arguments: {
    name: {
      value: 'NAME',
      summary: 'which one',
      required: false,
      choices: examples.map(({ name }) => name),
    },
  },
  options: {
    remove: { type: 'switch', summary: 'take it down' },
    print: { type: 'switch', summary: 'print its file, for net apply' },
    ...changeOptions,
  },
  run: async (deps, { name, remove, print, ...change }) => {
    const wanted = examples.find((each) => each.name === name)
    if (wanted === undefined) {
      if (remove || print)
        return failed({ kind: 'usage', what: 'which example? give its name', hint: listed })
      return succeeded({ kind: 'examples', data: examples.map(shapeOf), answer: 'yes', gaps: [] })
    }
    if (print && remove) return failed({ kind: 'usage', what: '--print and --remove exclude each other' })
    const texts = await textsOf(wanted)
    if (!texts.ok) return texts
    if (print) return printed(texts.value)
    return made(deps, wanted, texts.value, { remove, change })
  },
})

const listed = `there are ${examples.map(({ name }) => name).join(', ')}`

function shapeOf({ name, summary, parts }: Example): ExampleShape {
  return { name, summary, parts }
}

type Text = { readonly part: ExamplePart; readonly path: string; readonly text: string }

/** From dist/ (and from src/command in tests). */
const folders = ['../examples/', '../../examples/']

async function textsOf({ parts }: Example): Promise<Outcome<readonly Text[]>> {
  const texts: Text[] = []
  for (const part of parts) {
    const found = await firstText(
      folders.map((folder) => fileURLToPath(new URL(folder + part.file, import.meta.url))),
    )
    if (found === null) {
      return failed({
        kind: 'not-found',
        what: `the file of the example (examples/${part.file}) is not in this installation`,
        subject: part.file,
        hint: 'install vethscope again',
      })
    }
    texts.push({ part, ...found })
  }
  return succeeded(texts)
}

async function firstText(
  paths: readonly string[],
): Promise<{ readonly path: string; readonly text: string } | null> {
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text !== null) return { path, text }
  }
  return null
}

/** One as it is, so that it can be piped; of several which is applied where. */
function printed(texts: readonly Text[]): Outcome<Result> {
  const heads = texts.length > 1
  const text = texts
    .map(({ part, path, text: own }) => {
      const host = part.host === null ? '' : ` --host ${part.host}`
      return heads ? `# --- vethscope${host} net apply ${path}\n${own}` : own
    })
    .join('\n')
  return succeeded({ kind: 'text', data: { text }, answer: 'yes', gaps: [] })
}

async function made(
  deps: Deps,
  { name, first }: Example,
  texts: readonly Text[],
  { remove, change }: { readonly remove: boolean; readonly change: Parameters<typeof changeParts>[1] },
): Promise<Outcome<Result>> {
  const { readNetworkFile } = await import('../netfile/read-network-file.ts')
  const parts: Part[] = []
  for (const { part, path, text } of texts) {
    const file: Outcome<NetworkFile> = readNetworkFile(text, path)
    if (!file.ok) return file
    const isLast = parts.length === texts.length - 1
    parts.push({
      host: part.host,
      intent: { kind: 'net-apply', file: file.value, remove },
      title: `${remove ? 'take down' : 'make'} example ${name}${texts.length === 1 ? '' : `: ${part.file}`}`,
      command: [
        'vethscope',
        ...(part.host === null ? [] : ['--host', part.host]),
        'net',
        'apply',
        path,
        ...(remove ? ['--remove'] : []),
        '--yes',
      ],
      notes: remove || !isLast ? [] : first.map((line) => `try: ${line}`),
    })
  }
  return changeParts(deps, change, { parts: remove ? parts.toReversed() : parts, takesDown: remove })
}
