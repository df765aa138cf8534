/** Planned, shown, asked, made, told: the way of every change. */
import { expect, test } from 'vitest'
import type { Changer } from '../../src/change/changer.ts'
import { refusal, refused } from '../../src/change/planner.ts'
import type { Deps, RawValues } from '../../src/command/command.ts'
import { commands } from '../../src/command/table.ts'
import { failed, succeeded } from '../../src/lib/failure.ts'
import type { JournalChange } from '../../src/model/change-result.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Source } from '../../src/source.ts'
import { changeDeps, fakeChanger, fakePerson, planFor, resultOf } from '../support/fake-changer.ts'
import { looksOnly } from '../support/looks-only.ts'
import { someProgram } from '../support/program-facts.ts'

const none = () => Promise.reject(new Error('nothing is read for this'))
const live: Source = {
  kind: 'live',
  file: null,
  readWorld: none,
  withDetails: none,
  withFirewall: none,
  withConntrack: none,
  withCounters: none,
  readTool: none,
}

const asked = { yes: false, 'dry-run': false, 'confirm-within': undefined, 'tell-steps': false }

async function run(
  name: string,
  values: RawValues,
  {
    own = {},
    says = null,
    source = live,
  }: { own?: Partial<Changer>; says?: boolean | null; source?: Source } = {},
) {
  const { changer, asked: told } = fakeChanger(own)
  const { person, shown } = fakePerson(says)
  const deps: Deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    ...changeDeps(changer, person),
    signal: new AbortController().signal,
    folder: '.',
  }
  const command = commands.find((each) => each.name === name)
  const result = await command?.run(deps, { ...asked, ...values })
  if (result === undefined) throw new Error(`no command ${name}`)
  return {
    result,
    shown,
    calls: told.calls.map(({ what }) => what),
    options: told.calls.map((each) => each.options),
  }
}

test('with --yes it is planned and made, and nobody is asked', async () => {
  const { result, calls, shown } = await run('netns add', { name: 'red', yes: true })
  expect(calls).toEqual(['plan', 'apply'])
  expect(shown).toEqual([])
  expect(result).toMatchObject({
    ok: true,
    value: { kind: 'change', answer: 'yes', script: null, data: { id: 12, applied: true, verified: true } },
  })
})

test('without a terminal and without --yes nothing is even planned', async () => {
  const { result, calls } = await run('netns add', { name: 'red' })
  expect(calls).toEqual([])
  expect(result).toMatchObject({
    ok: false,
    failure: { kind: 'usage', hint: expect.stringMatching(/--yes .*--dry-run/) },
  })
})

test('at a terminal the plan is shown and asked for; no is an answer of no, and nothing is made', async () => {
  const yes = await run('netns add', { name: 'red' }, { says: true })
  expect(yes.calls).toEqual(['plan', 'apply'])
  expect(yes.shown).toMatchObject([{ kind: 'change', preview: { title: 'do netns-add', id: null } }])
  const no = await run('netns add', { name: 'red' }, { says: false })
  expect(no.calls).toEqual(['plan'])
  expect(no.result).toMatchObject({ ok: true, value: { answer: 'no', data: { id: null, applied: false } } })
})

test('--dry-run gives the script and the preview, and runs nothing, also without a terminal', async () => {
  const { result, calls, shown } = await run('netns add', { name: 'red', 'dry-run': true, yes: true })
  expect(calls).toEqual(['plan'])
  expect(shown).toEqual([])
  expect(result).toMatchObject({
    ok: true,
    value: {
      answer: 'yes',
      script: '#!/bin/sh\n# do netns-add\n',
      data: { id: null, applied: false, steps: [{ outcome: 'not run' }] },
    },
  })
})

test('--confirm-within is told to the planner and to who makes it', async () => {
  const { options } = await run('netns add', { name: 'red', yes: true, 'confirm-within': 30 })
  expect(options).toEqual([{ confirmWithin: 30 }, { confirmWithin: 30 }])
  expect((await run('undo', { id: '7', yes: true, 'confirm-within': 30 })).options).toEqual([
    { confirmWithin: 30 },
    { confirmWithin: 30 },
  ])
})

test('every reason of a refusal is there, the first with the others beside it', async () => {
  const first = refusal('br0', 'bridge br0 exists already (ifindex 4)')
  const second = refusal('10.0.0.0/8', 'subnet 10.0.0.0/8 overlaps a route')
  const own = { plan: async () => refused(first, second) }
  const { result } = await run('bridge add', { netns: 'host', link: 'br0', up: false, yes: true }, { own })
  expect(result).toEqual(failed({ ...first, others: [second] }))
  const alone = await run(
    'netns add',
    { name: 'a', yes: true },
    { own: { plan: async () => refused(first) } },
  )
  expect(alone.result).toEqual(failed(first))
})

test('a failed step is a failure with a result; what is not as it should be is an answer of no', async () => {
  const answering = async (more: object) =>
    (
      await run(
        'netns add',
        { name: 'red', yes: true },
        { own: { apply: async (plan) => succeeded({ ...resultOf(plan, 3), ...more }) } },
      )
    ).result
  expect(await answering({ applied: false, verified: false })).toMatchObject({ value: { answer: 'failed' } })
  expect(await answering({ verified: false, differences: ['x'] })).toMatchObject({ value: { answer: 'no' } })
  const broken = refusal('lock', 'somebody else changes this host (pid 7)')
  const { result } = await run(
    'netns add',
    { name: 'a', yes: true },
    { own: { apply: async () => failed(broken) } },
  )
  expect(result).toEqual(failed(broken))
})

test('where nothing has to be done, nobody is asked and nothing is made', async () => {
  const own: Partial<Changer> = {
    plan: async (intent) => ({
      ok: true,
      value: { ...planFor(intent), steps: [], notes: ['it is up already'] },
    }),
    preview: (plan) => ({ ...resultOf(plan, 0), id: null, applied: false, verified: false, steps: [] }),
  }
  const { result, calls, shown } = await run('link up', { netns: 'red', link: 'a' }, { own, says: true })
  expect([calls, shown]).toEqual([[], []])
  expect(result).toMatchObject({
    value: { answer: 'yes', data: { id: null, applied: true, verified: true } },
  })
})

test('several names are a change each, up to the first that is refused or fails', async () => {
  const all = await run('net rm', { names: ['a', 'b'], yes: true })
  expect(all.calls).toEqual(['plan', 'apply', 'plan', 'apply'])
  expect(all.result).toMatchObject({ value: { answer: 'yes', data: [{ id: 12 }, { id: 13 }] } })
  const { changer } = fakeChanger()
  const own: Partial<Changer> = {
    plan: async (intent) =>
      'name' in intent && intent.name === 'b'
        ? refused(refusal('b', 'network b has members: web'))
        : changer.plan(intent),
  }
  const second = await run('net rm', { names: ['a', 'b', 'c'], yes: true }, { own })
  expect(second.calls).toEqual(['apply'])
  expect(second.result).toMatchObject({
    ok: false,
    failure: { what: 'network b has members: web; done before: do net-rm (change 12)' },
  })
  const failing = { apply: async (plan: Plan) => succeeded({ ...resultOf(plan, 3), applied: false }) }
  const first = await run('net rm', { names: ['a', 'b'], yes: true }, { own: failing })
  expect(first.calls).toEqual(['plan'])
  expect(first.result).toMatchObject({ value: { answer: 'failed', data: [{ id: 3 }] } })
  const dry = await run('net rm', { names: ['a', 'b'], 'dry-run': true })
  expect(dry.result).toMatchObject({ value: { script: expect.stringMatching(/do net-rm[^]*do net-rm/) } })
})

test('a snapshot is not changed; what would be done can be asked of it', async () => {
  const source: Source = { ...live, kind: 'file', file: 'host.json' }
  const { result, calls } = await run('netns add', { name: 'red', yes: true }, { source })
  expect(calls).toEqual([])
  expect(result).toMatchObject({
    ok: false,
    failure: { kind: 'usage', what: expect.stringContaining('host.json') },
  })
  expect((await run('netns add', { name: 'red', 'dry-run': true }, { source })).calls).toEqual(['plan'])
})

test('undo: the last, or that one', async () => {
  expect((await run('undo', { id: undefined, yes: true })).calls).toEqual(['undo the last', 'apply'])
  expect((await run('undo', { id: '12', yes: true })).calls).toEqual(['undo 12', 'apply'])
  expect((await run('undo', { id: '12' })).calls).toEqual([])
})

const unfinished: JournalChange = {
  id: 4,
  at: '2026-11-21T14:03:22.123Z',
  title: 'make namespace red',
  intent: { kind: 'netns-add', name: 'red' },
  state: 'unfinished',
  steps: [
    { title: 'a', command: 'ip netns add red', undo: ['ip netns del red'], outcome: 'done' },
    { title: 'b', command: 'true', undo: ['false'], outcome: 'not run' },
  ],
  undoes: null,
  undoneBy: null,
  left: [],
  confirmBefore: null,
}

test('cleanup: nothing to do is done at once; else it is shown, asked and made', async () => {
  const nothing = await run('cleanup', {})
  expect(nothing.calls).toEqual([])
  expect(nothing.result).toMatchObject({ ok: true, value: { answer: 'yes', data: { cleaned: [] } } })
  const own: Partial<Changer> = {
    journal: async () => succeeded([{ ...unfinished, state: 'applied', id: 3 }, unfinished]),
  }
  const refusedWithout = await run('cleanup', {}, { own })
  expect(refusedWithout.result).toMatchObject({ ok: false, failure: { kind: 'usage' } })
  const yes = await run('cleanup', {}, { own, says: true })
  expect(yes.shown).toEqual([{ kind: 'cleanup', unfinished: [unfinished] }])
  expect(yes.calls).toEqual(['cleanup'])
  const no = await run('cleanup', {}, { own, says: false })
  expect([no.calls, no.result]).toMatchObject([[], { value: { answer: 'no' } }])
  const dry = await run('cleanup', { 'dry-run': true }, { own })
  expect(dry.calls).toEqual([])
  expect(dry.result).toMatchObject({
    value: { script: '# change 4: make namespace red\nip netns del red' },
  })
  const left = { ...resultOf(planFor(unfinished.intent), 4), left: ['/run/netns/red is busy'] }
  const partly = await run(
    'cleanup',
    { yes: true },
    { own: { ...own, cleanup: async () => succeeded({ cleaned: [left] }) } },
  )
  expect(partly.result).toMatchObject({ value: { answer: 'failed' } })
})
