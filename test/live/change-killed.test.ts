/**
 * A change that is killed at a named moment (VETHSCOPE_STOP_AT), and the cleanup that brings the host back; cleanup itself is
 * killed too. VETHSCOPE_KILLS=1: every moment of every step.
 */
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { Step } from '../../src/model/plan.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { stateOf, type HostState } from '../support/host-state.ts'
import { stepMoments, undoMoments } from '../support/kill-moments.ts'
import { requires } from '../support/requires.ts'
import { buildChangeProgram, changeProgram, planOfSteps, sorts, step } from './support-change.ts'

const all = (process.env['VETHSCOPE_KILLS'] ?? '') !== ''

/** Of a step with one command to take it back. */
function inverse({ title, command, undo, before, after, touches }: Step): Step {
  if ('irreversible' in undo || undo[0] === undefined) throw new Error(title)
  return { title: `undo ${title}`, command: undo[0], undo: [command], before: after, after: before, touches }
}

/** Each moment at each step, or each moment at one of them. */
function moments(names: readonly string[]): readonly string[] {
  return names.flatMap((name, at) =>
    sorts
      .map((_, step) => step)
      .filter((step) => all || (step + at * 3) % sorts.length === 2)
      .map((step) => `${name}:${step + 1}`),
  )
}

if (requires({ root: true, tools: ['ip', 'bridge', 'nft', 'sysctl', 'flock', 'nsenter'] })) {
  let program = ''
  beforeAll(async () => {
    program = await buildChangeProgram()
  })

  async function hostWith(): Promise<{ readonly host: TestHost; readonly before: HostState }> {
    const host = await playHost()
    onTestFinished(() => host.end())
    host.run(['tee', '/run/vethscope-test'], { input: 'old\n' })
    return { host, before: stateOf(host) }
  }

  const backTo = (host: TestHost, before: HostState, what: string) =>
    vi.waitFor(() => expect(stateOf(host), what).toEqual(before), { timeout: 10_000, interval: 150 })

  const plan = planOfSteps(...sorts)

  test(
    'killed while it is made',
    async () => {
      const { host, before } = await hostWith()
      const { apply, cleanup, journal } = changeProgram(host, program)
      for (const moment of ['after-begin', 'before-end', ...moments(stepMoments)]) {
        expect(apply(plan, moment).outcome, moment).toBeNull()
        const cleaned = cleanup().outcome
        expect(cleaned, moment).toMatchObject({
          ok: true,
          value: { cleaned: [{ applied: false, verified: true, left: [] }] },
        })
        await backTo(host, before, moment)
      }
      const last = journal()
      expect(last.every(({ state }) => state === 'rolled back')).toBe(true)
      expect(cleanup().outcome).toEqual({ ok: true, value: { cleaned: [] } })
      expect(journal()).toEqual(last)
    },
    all ? 300_000 : 60_000,
  )

  test(
    'killed while it is taken back, and while that is cleaned up',
    async () => {
      const { host, before } = await hostWith()
      const { apply, cleanup, journal } = changeProgram(host, program)
      const failing = planOfSteps(...sorts, step('ip link del nosuch', []))
      for (const [at, moment] of moments(undoMoments).entries()) {
        expect(apply(failing, moment).outcome, moment).toBeNull()
        // The cleanup is killed as well, now and then.
        const again = moment.replace(/\d+$/, '1')
        const isTwice = at % 3 === 0 && moment !== again
        if (isTwice) expect(cleanup(again).outcome, again).toBeNull()
        expect(cleanup().outcome, moment).toMatchObject({ ok: true, value: { cleaned: [{ left: [] }] } })
        await backTo(host, before, moment)
      }
      expect(journal().every(({ state }) => state === 'rolled back')).toBe(true)
    },
    all ? 300_000 : 60_000,
  )

  test('killed before it begins there is nothing to do, after its end nothing is taken back', async () => {
    const { host, before } = await hostWith()
    const { apply, cleanup, journal } = changeProgram(host, program)
    for (const moment of ['before-running', 'before-begin']) {
      expect(apply(plan, moment).outcome, moment).toBeNull()
      expect(journal(), moment).toEqual([])
      expect(cleanup().outcome, moment).toEqual({ ok: true, value: { cleaned: [] } })
      await backTo(host, before, moment)
    }
    expect(apply(plan, 'after-end').outcome).toBeNull()
    expect(host.try(['sh', '-c', 'cat /run/vethscope/*/running']).stdout).toContain('"id":1')
    expect(cleanup().outcome).toEqual({ ok: true, value: { cleaned: [] } })
    expect(host.try(['sh', '-c', 'cat /run/vethscope/*/running']).stdout).toBe('')
    expect(journal()).toMatchObject([{ id: 1, state: 'applied' }])
    expect(stateOf(host)['host names']).toEqual(['web'])
  })

  test('while one is unfinished, nothing else is begun', async () => {
    const { host, before } = await hostWith()
    const { apply, cleanup } = changeProgram(host, program)
    expect(apply(plan, 'during:4').outcome).toBeNull()
    expect(apply(planOfSteps(step('ip link add other type bridge', ['ip link del other']))).outcome).toEqual({
      ok: false,
      failure: {
        kind: 'refused',
        what: 'change 1 was begun and not ended: by hand',
        hint: 'vethscope cleanup takes it back',
      },
    })
    expect(stateOf(host)['host link']?.join()).not.toContain('other')
    expect(cleanup().outcome).toMatchObject({ ok: true })
    await backTo(host, before, 'cleanup')
  })

  test('an undo that is killed is carried to its end; one that failed is taken back', async () => {
    const { host, before } = await hostWith()
    const { apply, cleanup, journal } = changeProgram(host, program)
    const undo = { ...planOfSteps(...sorts.toReversed().map(inverse)), title: 'the undo' }
    const others = ['after-begin', 'before-end', ...stepMoments.map((each) => `${each}:4`)]
    for (const moment of ['during:2', 'after-command:6', ...(all ? others : [])]) {
      expect(apply(plan).outcome, moment).toMatchObject({ value: { applied: true } })
      const id = journal().at(-1)?.id ?? 0
      expect(apply({ ...undo, undoes: id }, moment).outcome, moment).toBeNull()
      expect(cleanup().outcome, moment).toMatchObject({
        value: { cleaned: [{ id: id + 1, applied: true, verified: true, left: [], differences: [] }] },
      })
      await backTo(host, before, moment)
      expect(journal().slice(-2), moment).toMatchObject([
        { state: 'undone', undoneBy: id + 1 },
        { state: 'applied', undoes: id },
      ])
    }
    expect(apply(plan).outcome).toMatchObject({ value: { applied: true } })
    const made = stateOf(host)
    const id = journal().at(-1)?.id ?? 0
    const failing = {
      ...undo,
      steps: [...undo.steps.slice(0, 3), step('ip link del nosuch', [])],
      undoes: id,
    }
    expect(apply(failing, 'after-undo-line:2').outcome).toBeNull()
    expect(cleanup().outcome).toMatchObject({ value: { cleaned: [{ applied: false, left: [] }] } })
    await backTo(host, made, 'made again')
    expect(journal().slice(-2)).toMatchObject([{ state: 'applied' }, { state: 'rolled back' }])
  })
}
