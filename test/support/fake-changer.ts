/** A changer that only writes down what it was asked for, and a person who says yes, no, or is not there. */
import type { Changer } from '../../src/change/changer.ts'
import { planned } from '../../src/change/planner.ts'
import type { Deps } from '../../src/command/command.ts'
import type { Person, Proposal } from '../../src/command/person.ts'
import { succeeded } from '../../src/lib/failure.ts'
import type { ChangeResult, JournalChange } from '../../src/model/change-result.ts'
import type { Intent } from '../../src/model/intent.ts'
import type { Plan } from '../../src/model/plan.ts'

export const oneStep: ChangeResult['steps'] = [
  { title: 'make red', command: 'ip netns add red', undo: ['ip netns del red'], outcome: 'not run' },
]

export function planFor(intent: Intent): Plan {
  const command = { argv: ['ip', 'netns', 'add', 'red'] }
  const undo = [{ argv: ['ip', 'netns', 'del', 'red'] }]
  const step = { title: 'make red', command, undo, after: [], before: [], touches: [] }
  return { intent, title: `do ${intent.kind}`, steps: [step], notes: [] }
}

export function resultOf(plan: Plan, id: number): ChangeResult {
  return {
    id,
    title: plan.title,
    applied: true,
    verified: true,
    steps: oneStep.map((step) => ({ ...step, outcome: 'done' })),
    left: [],
    differences: [],
    notes: plan.notes,
  }
}

export type Asked = {
  readonly intents: readonly Intent[]
  /** What was done, in order: `plan`, `apply`, `cleanup` … with the options that it was done with. */
  readonly calls: readonly { readonly what: string; readonly options: unknown }[]
}

/** `own`: what it does otherwise. */
export function fakeChanger(own: Partial<Changer> = {}): {
  readonly changer: Changer
  readonly asked: Asked
} {
  const intents: Intent[] = []
  const calls: { what: string; options: unknown }[] = []
  const told = (what: string, options: unknown) => {
    const given = Object.entries(options ?? {}).filter(([, value]) => typeof value !== 'function')
    calls.push({ what, options: Object.fromEntries(given) })
  }
  let id = 11
  const changer: Changer = {
    plan: async (intent, options) => {
      intents.push(intent)
      told('plan', options)
      return planned(planFor(intent))
    },
    undoPlan: async (undone, options) => {
      told(`undo ${undone ?? 'the last'}`, options)
      return planned({ ...planFor({ kind: 'netns-rm', name: 'red' }), undoes: undone ?? 11 })
    },
    apply: async (plan, options) => {
      told('apply', options)
      id += 1
      const result = resultOf(plan, id)
      for (const step of result.steps) options?.onStep?.({ number: 1, of: 1, step })
      return succeeded(result)
    },
    preview: (plan) => ({ ...resultOf(plan, 0), id: null, applied: false, verified: false, steps: oneStep }),
    script: (plan) => `#!/bin/sh\n# ${plan.title}\n`,
    journal: async () => succeeded<readonly JournalChange[]>([]),
    cleanup: async (options) => {
      told('cleanup', options)
      return succeeded({ cleaned: [] })
    },
    confirm: async () => {
      throw new Error('nothing waits')
    },
    watch: async () => succeeded(null),
    ...own,
  }
  return { changer, asked: { intents, calls } }
}

/** `says`: null where there is no terminal. */
export function fakePerson(says: boolean | null): {
  readonly person: Person
  readonly shown: readonly Proposal[]
} {
  const shown: Proposal[] = []
  const person: Person = {
    isThere: says !== null,
    approves: async (proposal) => {
      shown.push(proposal)
      return says ?? false
    },
    step: () => {},
    waits: () => {},
  }
  return { person, shown }
}

export function changeDeps(changer: Changer, person: Person): Pick<Deps, 'changer' | 'person'> {
  return { changer: async () => changer, person }
}
