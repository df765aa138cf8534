/** Plans made of a host as it is, run by hand, command by command, and taken back: what a plan says is what is tried. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { checkFact } from '../../src/change/check/check-fact.ts'
import { finalFacts } from '../../src/change/check/final-facts.ts'
import { planOf } from '../../src/change/plan-of.ts'
import type { PlanContext } from '../../src/change/planner.ts'
import type { Intent } from '../../src/model/intent.ts'
import type { Command, Fact, Plan } from '../../src/model/plan.ts'
import type { World } from '../../src/model/world.ts'
import type { Outcome } from '../../src/lib/failure.ts'
import { bundle } from '../support/bundle.ts'
import type { TestHost } from '../support/host.ts'
import { stateOf, type HostState } from '../support/host-state.ts'
import { requires } from '../support/requires.ts'
import { richHost } from './support-rich-host.ts'

const tools = ['ip', 'bridge', 'tc', 'nft', 'iptables', 'ip6tables', 'conntrack', 'sysctl', 'nsenter']

export function contextOf(world: World): PlanContext {
  return {
    folder: `/run/vethscope/${world.host}`,
    hostPath: null,
    tools: new Set(tools),
    now: '2026-11-21T16:00:00Z',
  }
}

/** Stays on the host and reads it once for each line: a World costs milliseconds so, not a second. */
const program = `
import { createInterface } from 'node:readline'
import { renameSync, writeFileSync } from 'node:fs'
import { readWorld } from './src/collect/collector.ts'
for await (const line of createInterface({ input: process.stdin })) {
  const world = await readWorld({ reader: 'auto', details: true, deep: false })
  writeFileSync('/run/world.new', JSON.stringify(world))
  renameSync('/run/world.new', line)
}
`

export type Reader = { readonly world: () => Promise<World> }

export async function readerOn(host: TestHost): Promise<Reader> {
  const child = host.spawn([process.execPath, await bundle(program)])
  let count = 0
  return {
    world: async () => {
      const file = `/run/world.${++count}`
      child.stdin?.write(`${file}\n`)
      const outcome = await vi.waitFor(() => JSON.parse(host.read(file).toString()) as Outcome<World>, {
        timeout: 20_000,
        interval: 10,
      })
      if (!outcome.ok) throw new Error(outcome.failure.what)
      return outcome.value
    },
  }
}

export function planned(world: World, intent: Intent): Plan {
  const plan = planOf(world, intent, contextOf(world))
  if (!plan.ok) throw new Error(`refused: ${plan.refusals.map(({ what }) => what).join('; ')}`)
  return plan.value
}

/** The sentences of a refusal. */
export function refusedWith(world: World, intent: Intent): readonly string[] {
  const plan = planOf(world, intent, contextOf(world))
  return plan.ok ? [] : plan.refusals.map(({ what }) => what)
}

export function runCommand(host: TestHost, command: Command): void {
  const { code, stderr } = attempt(host, command)
  if (code !== 0 && !(command.also ?? []).includes(code ?? -1))
    throw new Error(`${command.argv.join(' ')}: exit ${code}: ${stderr}`)
}

function attempt(host: TestHost, { argv, input }: Command): { code: number | null; stderr: string } {
  if (input === undefined) return host.try(argv)
  host.run(argv, { input })
  return { code: 0, stderr: '' }
}

export function forward(host: TestHost, plan: Plan): void {
  for (const step of plan.steps) runCommand(host, step.command)
}

export function back(host: TestHost, plan: Plan): void {
  for (const step of plan.steps.toReversed()) {
    if ('irreversible' in step.undo) throw new Error(`${step.title}: irreversible: ${step.undo.irreversible}`)
    for (const command of step.undo) runCommand(host, command)
  }
}

/** Facts that do not hold. */
export function broken(world: World, facts: readonly Fact[]): readonly Fact[] {
  return facts.filter((fact) => checkFact(fact, world, new Map()) !== true)
}

/** One test each; the host is the same all along, because each leaves it as it was. */
export function tryEach(
  changes: readonly Intent[],
  tools: readonly string[] = ['ip', 'bridge', 'tc', 'sysctl', 'nsenter'],
): void {
  if (!requires({ root: true, tools })) return
  let host: TestHost
  let reader: Reader
  let before: HostState

  beforeAll(async () => {
    host = await richHost()
    reader = await readerOn(host)
    before = stateOf(host)
  }, 60_000)

  afterAll(() => host.end())

  for (const intent of changes) {
    test(nameOf(intent), { timeout: 60_000 }, async () => {
      const plan = planned(await reader.world(), intent)
      forward(host, plan)
      expect(broken(await reader.world(), lastFacts(plan)), 'true afterwards').toEqual([])
      back(host, plan)
      expect(stateOf(host), 'as before').toEqual(before)
    })
  }
}

function nameOf({ kind, ...rest }: Intent): string {
  return [kind, ...Object.values(rest).map((each) => JSON.stringify(each).replaceAll('"', ''))].join(' ')
}

/** A later step may undo what an earlier one said (an alias, up). */
function lastFacts(plan: Plan): readonly Fact[] {
  return finalFacts(plan.steps).filter(({ kind }) => kind !== 'file' && kind !== 'folder')
}
