/**
 * Changes of the lab on a test host, one after the other by one process there: Node and koffi are loaded once, so that a test can
 * make hundreds.
 */
import { createInterface } from 'node:readline'
import { expect, vi } from 'vitest'
import type { Failure } from '../../src/lib/failure.ts'
import type { ChangeResult } from '../../src/model/change-result.ts'
import type { Intent, IntentOf } from '../../src/model/intent.ts'
import type { Plan } from '../../src/model/plan.ts'
import { bundle } from './bundle.ts'
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
  const { intent, undo, apply } = JSON.parse(line)
  const plan = intent === undefined ? await changer.undoPlan(undo) : await changer.plan(intent)
  const applied = plan.ok && apply ? await changer.apply(plan.value) : null
  process.stdout.write(JSON.stringify({ plan, applied }) + '\\n')
}
`

type Answer = {
  readonly plan:
    | { readonly ok: true; readonly value: Plan }
    | { readonly ok: false; readonly refusals: readonly Failure[] }
  readonly applied:
    | { readonly ok: true; readonly value: ChangeResult }
    | { readonly ok: false; readonly failure: Failure }
    | null
}

export type LabRunner = {
  /** Made, and found to be true afterwards; throws where it was not. */
  readonly change: (intent: Intent) => Promise<ChangeResult>
  /** The last one that is in effect, taken back. */
  readonly undo: () => Promise<ChangeResult>
  readonly plan: (intent: Intent) => Promise<Plan>
  /** Why not: the sentences. */
  readonly refusals: (intent: Intent) => Promise<readonly string[]>
}

export async function labOn(host: TestHost): Promise<LabRunner> {
  const child = host.spawn([process.execPath, await bundle(program)])
  let said = ''
  child.stderr?.on('data', (data: Buffer) => (said += String(data)))
  if (child.stdout === null) throw new Error('the runner has no standard output')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (question: object): Promise<Answer> => {
    child.stdin?.write(`${JSON.stringify(question)}\n`)
    const line = await lines.next()
    if (line.done === true) throw new Error(`the runner ended: ${said}`)
    return JSON.parse(line.value) as Answer
  }
  const made = async (question: object): Promise<ChangeResult> => {
    const { plan, applied } = await ask({ ...question, apply: true })
    if (!plan.ok) throw new Error(`refused: ${plan.refusals.map(({ what }) => what).join('; ')}`)
    if (applied === null || !applied.ok) throw new Error(`not made: ${applied?.failure.what}`)
    const { value } = applied
    if (!value.applied || !value.verified)
      throw new Error(`not as planned: ${JSON.stringify(value, null, 1)}`)
    return value
  }
  return {
    change: (intent) => made({ intent }),
    undo: () => made({ undo: null }),
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

/** A network as `vethscope net create NAME` asks for it. */
export function network(name: string, fields: Partial<IntentOf<'net-create'>> = {}): IntentOf<'net-create'> {
  return {
    kind: 'net-create',
    name,
    driver: 'bridge',
    subnets: [],
    gateways: [],
    ipRanges: [],
    remotes: [],
    internal: false,
    ipv6: false,
    icc: true,
    masquerade: true,
    options: {},
    labels: {},
    acceptInForeign: false,
    ...fields,
  }
}

type Connection = IntentOf<'net-connect'>['connection']

/** On that network, as `--network NAME` asks for it. */
export function on(name: string, fields: Partial<Connection> = {}): Connection {
  return { network: name, aliases: [], links: [], ...fields }
}

export function node(
  name: string,
  connections: readonly Connection[] = [],
  fields: Partial<IntentOf<'node-add'>> = {},
): IntentOf<'node-add'> {
  return { kind: 'node-add', name, mode: 'bridge', connections, ports: [], ...fields }
}
