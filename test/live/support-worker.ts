/**
 * The worker as it ships, bundled, running on a test host: a small program there starts it, keeps the World from
 * its messages as the screen does, and answers questions about it line by line.
 */
import { createInterface, type Interface } from 'node:readline'
import type { FromWorker, ToWorker } from '../../src/collect/protocol.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { bundleEntries } from '../support/bundle.ts'
import type { TestHost } from '../support/host.ts'

const driver = `
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import { withEdit } from './src/model/netns-edit.ts'
const worker = new Worker(new URL('./worker.mjs', import.meta.url))
const netns = new Map()
let header = null, seq = 0, messages = [], problems = [], complete = false
worker.on('error', (error) => problems.push('worker: ' + error.message))
worker.on('exit', (code) => say({ exit: code }))
worker.on('message', (message) => {
  const { type } = message
  if (type === 'world') {
    if (message.seq === 1) netns.clear()
    else if (message.seq !== seq + 1) problems.push('seq ' + seq + ' then ' + message.seq)
    seq = message.seq
    header = { ...header, ...message.header }
    complete = message.complete
    if (message.changed.length > 50) problems.push('a batch of ' + message.changed.length)
    for (const id of message.gone) if (!netns.delete(id)) problems.push('gone twice: ' + id)
    for (const each of message.changed) netns.set(each.id, each)
    for (const edit of message.edited ?? []) {
      if (!netns.has(edit.id)) problems.push('an edit of what was never told: ' + edit.id)
      else netns.set(edit.id, withEdit(netns.get(edit.id), edit))
    }
  }
  if (type === 'failed') problems.push(message.failure.what)
  messages.push(type === 'world'
    ? { type, seq: message.seq, complete: message.complete, changed: [...message.changed, ...(message.edited ?? [])].map(({ id }) => netns.get(id)?.names[0]?.name ?? id), gone: message.gone.length }
    : type === 'counters' ? { type, netns: message.netns, values: [...message.values] } : message)
  if (type === 'stopped') say({ stopped: true })
})
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n')
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line)
  if (question.post) worker.postMessage(question.post)
  if (question.get) {
    say({ complete, problems, world: { ...header, netns: [...netns.values()], changes: [] }, messages, descriptors: readdirSync('/proc/self/fd').length })
    messages = []
  }
}
`

export type Seen = {
  readonly complete: boolean
  /** Must stay empty: gaps in seq, failures, batches that are too large. */
  readonly problems: readonly string[]
  readonly world: World
  /** Since the last look. */
  readonly messages: readonly SeenMessage[]
  readonly descriptors: number
}

export type SeenMessage =
  | {
      readonly type: 'world'
      readonly seq: number
      readonly complete: boolean
      readonly changed: readonly string[]
      readonly gone: number
    }
  | { readonly type: 'counters'; readonly netns: readonly string[]; readonly values: readonly number[] }
  | {
      readonly type: 'details'
      readonly generation: number
      readonly netns: string
      readonly value: Netns['details']
    }
  | { readonly type: 'snapshot-written'; readonly id: number; readonly file: string }
  /** As they come. */
  | Extract<FromWorker, { readonly type: 'connections' | 'ports' | 'found' | 'snapshot-progress' }>
  | { readonly type: 'failed' | 'progress' | 'stopped' }

export type PlayedWorker = {
  post(message: ToWorker): void
  look(): Promise<Seen>
  /** Looks until it is so; the last look where it never is. */
  until(condition: (seen: Seen) => boolean, limitMs?: number): Promise<Seen>
  /** How long it took to say goodbye, and the thread's exit code. */
  stop(): Promise<{ readonly ms: number; readonly code: number }>
}

let files: Promise<Record<string, string>> | null = null

export async function startWorker(host: TestHost, reader: 'auto' | 'ip' = 'auto'): Promise<PlayedWorker> {
  files ??= bundleEntries({ worker: { file: 'src/worker.ts' }, driver: { source: driver } })
  const child = host.spawn([process.execPath, (await files)['driver'] ?? ''])
  if (child.stdin === null || child.stdout === null) throw new Error('no pipes')
  const { stdin, stdout } = child
  let stderr = ''
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()))
  const lines: Interface = createInterface({ input: stdout })
  const answers: unknown[] = []
  let wake = (): void => {}
  lines.on('line', (line) => {
    answers.push(JSON.parse(line))
    wake()
  })
  child.on('exit', () => wake())
  const answer = async <T>(): Promise<T> => {
    while (answers.length === 0) {
      if (child.exitCode !== null) throw new Error(`the worker's process ended: ${stderr}`)
      await new Promise<void>((resolve) => (wake = resolve))
    }
    return answers.shift() as T
  }
  const ask = (question: object): void => void stdin.write(`${JSON.stringify(question)}\n`)
  const look = async (): Promise<Seen> => {
    ask({ get: true })
    return answer<Seen>()
  }
  const played: PlayedWorker = {
    post: (message) => ask({ post: message }),
    look,
    until: async (condition, limitMs = 5000) => {
      const end = performance.now() + limitMs
      const messages: SeenMessage[] = []
      for (;;) {
        const seen = await look()
        messages.push(...seen.messages)
        const all = { ...seen, messages: [...messages] }
        if (condition(all) || performance.now() > end) return all
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    stop: async () => {
      const began = performance.now()
      ask({ post: { type: 'stop' } })
      await answer<{ stopped: true }>()
      const ms = performance.now() - began
      const { exit } = await answer<{ exit: number }>()
      stdin.end()
      return { ms, code: exit }
    },
  }
  played.post({ type: 'start', options: { reader, version: 'test' } })
  return played
}
