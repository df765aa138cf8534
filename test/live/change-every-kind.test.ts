/**
 * Every kind of change, on a host with much on it: killed at moments of its steps and cleaned up, made to fail at its steps, and
 * made and taken back at random. A fifth of them at one moment each; VETHSCOPE_EVERY_STEP=1: every moment of every step of all;
 * VETHSCOPE_SEED for the same once more.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Intent } from '../../src/model/intent.ts'
import type { Plan, Step } from '../../src/model/plan.ts'
import type { TestHost } from '../support/host.ts'
import { stateOf, type HostState } from '../support/host-state.ts'
import { isWhole, seed, stepMoments } from '../support/kill-moments.ts'
import { settlesAs, type LabRunner } from '../support/lab-runner.ts'
import { requires } from '../support/requires.ts'
import { everyChange, everyChangeHost } from './support-every-change.ts'

const tools = ['ip', 'bridge', 'tc', 'nft', 'iptables', 'sysctl', 'flock', 'nsenter', 'conntrack']
const tried = isWhole ? everyChange : everyChange.filter((_, number) => number % 5 === seed % 5)

/** Ends with 9: before its command, or when that is done, so that it is there all the same. */
function failing(step: Step, when: 'before' | 'after'): Step {
  const line = when === 'before' ? 'exit 9' : '"$@"; exit 9'
  return { ...step, command: { ...step.command, argv: ['sh', '-c', line, 'sh', ...step.command.argv] } }
}

const isLasting = ({ steps }: Plan): boolean => steps.some(({ undo }) => 'irreversible' in undo)

if (requires({ root: true, tools })) {
  let host: TestHost
  let runner: LabRunner
  let before: HostState
  let drawn = seed
  let lastId = 0

  /** Minimal standard (Park and Miller): the same numbers for the same seed. */
  const random = (below: number): number => {
    drawn = (drawn * 48_271 + 11) % 2_147_483_647
    return drawn % below
  }
  const some = <T>(all: readonly T[]): readonly T[] => {
    const one = random(all.length)
    return isWhole ? all : all.slice(one, one + 1)
  }

  beforeAll(async () => {
    const played = await everyChangeHost()
    host = played.host
    runner = played.runner
    before = stateOf(host)
    await settlesAs(host, before)
  }, 120_000)

  afterAll(() => host.end())

  const said = ({ kind, ...rest }: Intent): string =>
    [kind, ...Object.values(rest).filter((each) => typeof each === 'string')].join(' ')

  const backAgain = async (what: string): Promise<void> => {
    await settlesAs(host, before).catch((error: unknown) => {
      throw new Error(`${what} (seed ${seed})`, { cause: error })
    })
  }

  const make = async (plan: Plan): Promise<number> => {
    const told = await runner.apply(plan)
    const why = [told.error?.what, ...told.differences].join('; ')
    expect(told, `${plan.title} (seed ${seed}): ${why}`).toMatchObject({ applied: true, verified: true })
    return told.id ?? 0
  }

  test.each(tried.map((intent) => [said(intent), intent] as const))(
    '%s: killed, and made to fail',
    { timeout: isWhole ? 1_800_000 : 120_000 },
    async (what, intent) => {
      const plan = await runner.plan(intent)
      expect(plan.steps.length).toBeGreaterThan(0)
      expect(isLasting(plan)).toBe(false)
      const at = plan.steps.map((_, step) => step)
      const kills = at.flatMap((step) => stepMoments.map((moment) => `${moment}:${step + 1}`))
      for (const moment of some(kills)) {
        expect(await runner.killed(plan, moment), moment).toBe(true)
        const { cleaned } = await runner.cleanup()
        expect(cleaned, `${what}, ${moment} (seed ${seed})`).toMatchObject([
          { applied: false, verified: true, left: [] },
        ])
        await backAgain(`${what}, killed ${moment}`)
      }
      const failures = plan.steps.flatMap((_, step) =>
        (['before', 'after'] as const).map((when) => ({ step, when })),
      )
      for (const { step, when } of some(failures)) {
        const steps = plan.steps.map((each, number) => (number === step ? failing(each, when) : each))
        const told = await runner.apply({ ...plan, steps })
        expect(told, `${what}, step ${step + 1} ${when} (seed ${seed})`).toMatchObject({
          applied: false,
          verified: true,
          left: [],
          error: { exitCode: 9 },
        })
        expect(told.steps.map(({ outcome }) => outcome)).toEqual(
          at.map((number) => (number < step ? 'undone' : number === step ? 'failed' : 'not run')),
        )
        await backAgain(`${what}, step ${step + 1} failed ${when} it ran`)
      }
      expect(await runner.cleanup()).toEqual({ cleaned: [] })
    },
  )

  /** Found at random: what the way back of the first stood on was gone with the second, which nobody said. */
  test.each([
    ['link-detach', 'bridge-rm', 'took away what it needs'],
    ['link-rename', 'bridge-rm', 'took away what it needs'],
    ['bridge-rm', 'addr-rm', 'took away what it needs'],
    ['bridge-rm', 'link-down', 'took away what it needs'],
    ['addr-add', 'addr-rm', null],
  ] as const)('%s and then %s: the first can be taken back after the second alone', async (...row) => {
    const [first, second, why] = row
    const [one, other] = [first, second].map((kind) => everyChange.find((each) => each.kind === kind))
    if (one === undefined || other === undefined) throw new Error('no such change')
    const { id } = await runner.change(one)
    // On that link the way back of a bridge has a route.
    await runner.change(
      second === 'link-down' ? { ...other, kind: 'link-down', netns: 'host', link: 'h0' } : other,
    )
    const refusals = await runner.undoRefusals(id)
    if (why === null) expect(refusals).toEqual([])
    else expect(refusals).toEqual([expect.stringContaining(why)])
    await runner.undo()
    await runner.undo()
    await backAgain(row.join(', '))
  })

  test('a route whose gateway is on no network any more comes back with the link it went with', async () => {
    for (const kind of ['addr-rm', 'link-rename', 'bridge-rm'] as const) {
      const intent = everyChange.find((each) => each.kind === kind)
      if (intent !== undefined) await runner.change(intent)
    }
    for (let number = 0; number < 3; number += 1) await runner.undo()
    await backAgain('three taken back')
  })

  test(
    `made and taken back at random, it all leads back to the start (seed ${seed})`,
    { timeout: 300_000 },
    async () => {
      const firstId = (await runner.undoPlan(null))?.undoes ?? 0
      lastId = firstId
      const counts = { made: 0, refused: 0, undone: 0, blocked: 0 }
      for (let number = 0; number < (isWhole ? 200 : 20); number += 1) {
        const intent = everyChange[random(everyChange.length)]
        const isUndo = random(4) === 0
        // Any of the last ones, in whatever order: what stands on it blocks it.
        const plan = isUndo
          ? await runner.undoPlan(Math.max(firstId + 1, lastId - random(6)))
          : intent === undefined || (await runner.refusals(intent)).length > 0
            ? null
            : await runner.plan(intent)
        counts[plan === null ? (isUndo ? 'blocked' : 'refused') : isUndo ? 'undone' : 'made'] += 1
        if (plan !== null && !isLasting(plan)) lastId = await make(plan)
      }
      // The lab was made by changes, too: those stay.
      for (;;) {
        const plan = await runner.undoPlan(null)
        // The last one in effect stands on all others, and none on it.
        if (plan === null) throw new Error((await runner.undoRefusals(null)).join('; '))
        if (plan.undoes === undefined || plan.undoes <= firstId) break
        lastId = await make(plan)
      }
      await backAgain(`random changes ${JSON.stringify(counts)}`)
      expect(counts.made).toBeGreaterThan(3)
    },
  )
}
