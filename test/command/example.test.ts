/** `vethscope example`, with changers that only write down what they are asked for. */
import { expect, test } from 'vitest'
import type { Changer } from '../../src/change/changer.ts'
import { planned, refused } from '../../src/change/planner.ts'
import { parse } from '../../src/cli/parse.ts'
import { commands } from '../../src/command/table.ts'
import type { Deps } from '../../src/command/command.ts'
import { failed, succeeded, type Failure, type Outcome } from '../../src/lib/failure.ts'
import type { Result } from '../../src/command/result.ts'
import type { ChangeResult } from '../../src/model/change-result.ts'
import type { Source } from '../../src/source.ts'
import { fakeChanger, fakePerson, oneStep, planFor, resultOf } from '../support/fake-changer.ts'
import { looksOnly } from '../support/looks-only.ts'
import { someProgram } from '../support/program-facts.ts'
import { netns, world } from '../support/world.ts'

type Hosts = Readonly<Record<string, Partial<Changer>>>

type Typed = {
  readonly value?: Result
  readonly failure?: Failure
  readonly calls: readonly string[]
}

/** `there`: namespaces beside the host. `changers`: by host what its changer does otherwise; '' is the host itself. */
async function typed(
  line: string,
  {
    there = ['host1', 'host2'],
    changers = {},
    says = null,
  }: { readonly there?: readonly string[]; readonly changers?: Hosts; readonly says?: boolean | null } = {},
): Promise<Typed> {
  const parsed = parse(line.split(' '), commands, '1.2.3')
  if (!parsed.ok) return { failure: parsed.failure, calls: [] }
  if (parsed.value.type !== 'run') throw new Error(`${line}: no command`)
  const calls: string[] = []
  const seen = world([
    netns(100, 'host', { names: [{ name: 'host', source: 'host', path: null }] }),
    ...there.map((name, at) =>
      netns(200 + at, name, { names: [{ name, source: 'named', path: `/run/netns/${name}` }] }),
    ),
  ])
  const source = { kind: 'live', file: null, readWorld: async () => succeeded(seen) } as unknown as Source
  const { person } = fakePerson(says)
  const deps: Deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    person,
    changer: async (host = '') => {
      const { changer } = fakeChanger({
        plan: async (intent) => {
          const what = intent.kind === 'net-apply' && intent.remove ? 'remove' : 'make'
          calls.push(`${what} on ${host}`)
          return planned(planFor(intent))
        },
        undoPlan: async (id) => {
          calls.push(`undo ${id} on ${host}`)
          return planned({ ...planFor({ kind: 'netns-rm', name: 'red' }), undoes: id ?? 0 })
        },
        ...changers[host],
      })
      return changer
    },
    signal: new AbortController().signal,
    folder: '.',
  }
  const result: Outcome<Result> = await parsed.value.command.run(deps, parsed.value.values)
  return { ...(result.ok ? { value: result.value } : { failure: result.failure }), calls }
}

const failing: Partial<Changer> = {
  apply: async (plan) =>
    succeeded<ChangeResult>({
      ...resultOf(plan, 1),
      applied: false,
      steps: oneStep.map((step) => ({ ...step, outcome: 'failed' as const })),
    }),
}

test('without a name they are listed; --remove and --print need one', async () => {
  const { value } = await typed('example')
  expect(value).toMatchObject({ kind: 'examples', answer: 'yes' })
  const names = value?.kind === 'examples' ? value.data.map(({ name }) => name) : []
  expect(names).toEqual(['two-namespaces', 'docker0', 'modes', 'two-networks', 'links', 'web', 'overlay'])
  expect(await typed('example --remove')).toMatchObject({ failure: { kind: 'usage' } })
  expect(await typed('example web --remove --print')).toMatchObject({ failure: { kind: 'usage' } })
  expect(await typed('example nothing')).toMatchObject({ failure: { kind: 'usage' } })
})

test('--print is the file as it is; of several each with the command that applies it', async () => {
  const one = await typed('example web --print')
  expect(one.value).toMatchObject({ kind: 'text' })
  const text = one.value?.kind === 'text' ? one.value.data.text : ''
  expect(text).toMatch(/^# A published web server/)
  expect(text).not.toContain('net apply')
  const several = await typed('example overlay --print')
  expect(several.value?.kind === 'text' ? several.value.data.text.match(/^# --- .*$/gm) : null).toEqual([
    expect.stringMatching(/vethscope net apply .*overlay\/hosts\.yaml$/),
    expect.stringMatching(/vethscope --host host1 net apply .*overlay\/host1\.yaml$/),
    expect.stringMatching(/vethscope --host host2 net apply .*overlay\/host2\.yaml$/),
  ])
  expect([...one.calls, ...several.calls]).toEqual([])
})

test('one is one change, with what to try first in its notes', async () => {
  const { value, calls } = await typed('example web --yes')
  expect(calls).toEqual(['make on '])
  expect(value).toMatchObject({
    kind: 'change',
    answer: 'yes',
    data: { applied: true, title: 'make example web' },
  })
  const notes =
    value?.kind === 'change' && !Array.isArray(value.data) ? (value.data as ChangeResult).notes : []
  expect(notes).toContain('try: vethscope http server --serve 80')
})

test('several are made in turn, each on its host, and taken down in reverse', async () => {
  const made = await typed('example overlay --yes')
  expect(made.calls).toEqual(['make on ', 'make on host1', 'make on host2'])
  expect(made.value).toMatchObject({
    answer: 'yes',
    data: [{ applied: true }, { host: 'host1' }, { host: 'host2' }],
  })
  expect(made.value?.kind === 'change' && JSON.stringify(made.value.data)).not.toContain('"host":null')
  const removed = await typed('example overlay --remove --yes')
  expect(removed.calls).toEqual(['remove on host2', 'remove on host1', 'remove on '])
})

test('where one fails, is refused or is not agreed to, what was made is taken back, the last first', async () => {
  const step = await typed('example overlay --yes', { changers: { host2: failing } })
  expect(step.calls).toEqual([
    'make on ',
    'make on host1',
    'make on host2',
    'undo 12 on host1',
    'undo 12 on ',
  ])
  expect(step.value).toMatchObject({ answer: 'failed' })
  expect(step.value?.kind === 'change' ? step.value.data : []).toHaveLength(5)

  const no = await typed('example overlay --yes', {
    changers: {
      host1: { plan: async () => refused({ kind: 'refused', what: 'no free VNI' }) },
    },
  })
  expect(no.calls).toEqual(['make on ', 'undo 12 on '])
  expect(no).toMatchObject({ failure: { what: 'no free VNI; what was made before is taken back' } })

  const asked = await typed('example overlay', { says: false })
  expect(asked.calls).toEqual(['make on '])
  expect(asked.value).toMatchObject({ answer: 'no' })
})

test('what cannot be taken back is said', async () => {
  const { failure } = await typed('example overlay --yes', {
    changers: {
      '': { undoPlan: async () => refused({ kind: 'refused', what: 'a later change stands on it' }) },
      host1: { apply: async () => failed({ kind: 'refused', what: 'somebody else is changing it' }) },
    },
  })
  expect(failure).toMatchObject({
    what: 'somebody else is changing it; this stays: make example overlay: overlay/hosts.yaml; --remove takes it down',
  })
})

test('taking down leaves out the hosts that are gone, and goes on', async () => {
  const { calls, value } = await typed('example overlay --remove --yes', { there: ['host2'] })
  expect(calls).toEqual(['remove on host2', 'remove on '])
  expect(value).toMatchObject({ answer: 'yes' })
})

test('--dry-run plans what can be planned, and says the command of the rest', async () => {
  const { value, calls } = await typed('example overlay --dry-run', { there: [] })
  expect(calls).toEqual(['make on '])
  const script = value?.kind === 'change' ? (value.script ?? '') : ''
  expect(script).toMatch(/^vethscope --host host1 net apply \S+host1\.yaml --yes$/m)
  expect(script).toMatch(/^vethscope --host host2 net apply \S+host2\.yaml --yes$/m)
  expect(value?.kind === 'change' && Array.isArray(value.data) ? value.data : []).toHaveLength(3)
  expect((await typed('example overlay --dry-run')).calls).toEqual([
    'make on ',
    'make on host1',
    'make on host2',
  ])
})

test('of several no confirmation is waited for; nobody there and no --yes is refused before anything is read', async () => {
  expect(await typed('example overlay --yes --confirm-within 60')).toMatchObject({
    failure: { kind: 'usage' },
    calls: [],
  })
  expect(await typed('example overlay')).toMatchObject({ failure: { kind: 'usage' }, calls: [] })
})
