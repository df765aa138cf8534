/**
 * Changes of the lab on a test host, one after the other by one process there: Node and koffi are loaded once, so that a test can
 * make hundreds.
 */
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, vi } from 'vitest'
import type { Planned } from '../../src/change/planner.ts'
import type { Outcome } from '../../src/lib/failure.ts'
import type { ChangeResult, CleanupResult } from '../../src/model/change-result.ts'
import type { Intent } from '../../src/model/intent.ts'
import type { Plan } from '../../src/model/plan.ts'
import { bundleEntries } from './bundle.ts'
import { stateOf, type HostState } from './host-state.ts'
import type { TestHost } from './host.ts'

const program = `
import { createInterface } from 'node:readline'
import { hostChanger } from './src/changer.ts'
import { liveSource } from './src/source.ts'
const { signal } = new AbortController()
const source = () => liveSource({ version: 'test', reader: 'auto', signal })
const changer = hostChanger(source(), { whole: source, env: {}, self: [], signal, keepAlive: () => () => {} })
for await (const line of createInterface({ input: process.stdin })) {
  const { intent, undo, apply, given, stopAt, cleanup } = JSON.parse(line)
  if (stopAt !== undefined) process.env.VETHSCOPE_STOP_AT = stopAt
  const plan = cleanup ? { ok: false, refusals: [] } : given ? { ok: true, value: given }
    : intent === undefined ? await changer.undoPlan(undo) : await changer.plan(intent)
  const applied = cleanup ? await changer.cleanup() : plan.ok && apply ? await changer.apply(plan.value) : null
  process.stdout.write(JSON.stringify({ plan, applied }) + '\\n')
}
`

type Answer<T> = { readonly plan: Planned; readonly applied: Outcome<T> | null }

type Process = {
  readonly ask: <T = ChangeResult>(question: object) => Promise<Answer<T>>
  readonly end: () => void
  readonly ended: Promise<unknown>
}

function started(host: TestHost, file: string): Process {
  const child = host.spawn([process.execPath, file])
  const ended = once(child, 'exit')
  let said = ''
  child.stderr?.on('data', (data: Buffer) => (said += String(data)))
  if (child.stdout === null) throw new Error('the runner has no standard output')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    ask: async <T>(question: object): Promise<Answer<T>> => {
      child.stdin?.write(`${JSON.stringify(question)}\n`)
      const line = await lines.next()
      if (line.done === true) throw new Error(`the runner ended: ${said}`)
      return JSON.parse(line.value) as Answer<T>
    },
    end: () => child.stdin?.end(),
    ended,
  }
}

export type LabRunner = {
  /** Made, and found to be true afterwards; throws where it was not. */
  readonly change: (intent: Intent) => Promise<ChangeResult>
  /** The last one that is in effect, taken back. */
  readonly undo: () => Promise<ChangeResult>
  readonly plan: (intent: Intent) => Promise<Plan>
  /** Whatever it comes to. */
  readonly apply: (plan: Plan) => Promise<ChangeResult>
  /** Kills itself at that moment (src/change/apply/stop-at.ts); false: it never came, and the change is made. */
  readonly killed: (plan: Plan, moment: string) => Promise<boolean>
  readonly cleanup: () => Promise<CleanupResult>
  /** Cleaning up kills itself at that moment; false: it never came, and all is cleaned up. */
  readonly cleanupKilled: (moment: string) => Promise<boolean>
  /** Of the last one in effect, or of that one; null: there is none, or another stands on it. */
  readonly undoPlan: (id: number | null) => Promise<Plan | null>
  /** Why that one (null: the last) cannot be taken back: the sentences. */
  readonly undoRefusals: (id: number | null) => Promise<readonly string[]>
  /** Why not: the sentences. */
  readonly refusals: (intent: Intent) => Promise<readonly string[]>
}

export async function labOn(host: TestHost): Promise<LabRunner> {
  const {
    file = '',
    ask: asker = '',
    runner = '',
  } = await bundleEntries({
    file: { source: program },
    ask: { file: 'src/ask.ts' },
    runner: { file: 'src/runner.ts' },
  })
  // As they lie beside the program (change/apply/ask-engine.ts, change/apply/runner.ts).
  symlinkSync(asker, join(dirname(file), 'ask.js'))
  symlinkSync(runner, join(dirname(file), 'runner.js'))
  const { ask } = started(host, file)
  // Loaded by the time it is to be killed.
  let next: Process | null = null
  const made = async (question: object): Promise<ChangeResult> => {
    const { plan, applied } = await ask({ ...question, apply: true })
    if (!plan.ok) throw new Error(`refused: ${plan.refusals.map(({ what }) => what).join('; ')}`)
    if (applied === null || !applied.ok) throw new Error(`not made: ${applied?.failure.what}`)
    const { value } = applied
    if (!value.applied || !value.verified)
      throw new Error(`not as planned: ${JSON.stringify(value, null, 1)}`)
    return value
  }
  const killedAt = async (question: object): Promise<boolean> => {
    const process = next ?? started(host, file)
    next = started(host, file)
    const isKilled = await process.ask<ChangeResult | CleanupResult>(question).then(
      ({ applied }) => {
        if (applied?.ok === true && ('cleaned' in applied.value || applied.value.applied)) return false
        throw new Error(`${JSON.stringify(question)}: ${JSON.stringify(applied)}`)
      },
      () => true,
    )
    process.end()
    await process.ended
    return isKilled
  }
  return {
    change: (intent) => made({ intent }),
    undo: () => made({ undo: null }),
    apply: async (plan) => {
      const { applied } = await ask<ChangeResult>({ given: plan, apply: true })
      if (applied?.ok !== true) throw new Error(`not begun: ${applied?.failure.what}`)
      return applied.value
    },
    killed: (plan, stopAt) => killedAt({ given: plan, apply: true, stopAt }),
    cleanupKilled: (stopAt) => killedAt({ cleanup: true, stopAt }),
    cleanup: async () => {
      const { applied } = await ask<CleanupResult>({ cleanup: true })
      if (applied?.ok !== true) throw new Error(`not cleaned up: ${applied?.failure.what}`)
      return applied.value
    },
    undoPlan: async (id) => {
      const { plan } = await ask({ undo: id })
      return plan.ok ? plan.value : null
    },
    undoRefusals: async (id) => {
      const { plan } = await ask({ undo: id })
      return plan.ok ? [] : plan.refusals.map(({ what }) => what)
    },
    plan: async (intent) => {
      const { plan } = await ask({ intent })
      if (!plan.ok) throw new Error(`refused: ${plan.refusals.map(({ what }) => what).join('; ')}`)
      return plan.value
    },
    refusals: async (intent) => {
      const { plan } = await ask({ intent })
      return plan.ok ? [] : plan.refusals.map(({ what }) => what)
    },
  }
}

/** What one state has and the other has not, line by line: as soon as that is nothing. Carrier is told a moment after a link went. */
export async function settlesAs(host: TestHost, state: HostState): Promise<void> {
  const lines = (of: HostState): readonly string[] =>
    Object.entries(of).flatMap(([part, all]) => all.map((line) => `${part}: ${line}`))
  const wanted = lines(state)
  await vi.waitFor(
    () => {
      const found = lines(stateOf(host))
      const [there, asked] = [new Set(found), new Set(wanted)]
      expect({
        more: found.filter((line) => !asked.has(line)),
        less: wanted.filter((line) => !there.has(line)),
      }).toEqual({ more: [], less: [] })
      expect(found).toHaveLength(wanted.length)
    },
    { timeout: 8000, interval: 200 },
  )
}
