/**
 * Changes of an engine's networks, killed at moments of their steps and cleaned up: each kind at one moment of one step, there or on the way back;
 * VETHSCOPE_EVERY_STEP=1: at every moment of every step.
 */
import { expect, test, vi } from 'vitest'
import type { Intent } from '../../src/model/intent.ts'
import { isWhole, seed, stepMoments, undoMoments } from './kill-moments.ts'
import type { LabRunner } from './lab-runner.ts'

/** At what it is killed, and then at what cleaning up after that is (null: not). */
type Kill = readonly [moment: string, again: string | null]

export function killEach(
  intents: readonly Intent[],
  on: {
    readonly runner: () => LabRunner
    /** What the engine has, without what is another one each time: now, and before all of them. */
    readonly state: () => unknown
    readonly before: () => unknown
    /** For one kind at one moment, and until the engine tells the state of before. */
    readonly limitMs: number
    readonly settleMs: number
  },
): void {
  test.each(intents.map((intent, kind) => [said(intent), intent, kind] as const))(
    `%s, killed (seed ${seed})`,
    { timeout: isWhole ? 1_800_000 : on.limitMs },
    async (_, intent, kind) => {
      const runner = on.runner()
      const { length } = (await runner.plan(intent)).steps
      expect(length).toBeGreaterThan(0)
      for (const [moment, again] of killsOf(length, kind)) {
        const at = `${moment}${again === null ? '' : `, then ${again}`}`
        // A plan of each time: what was made again has other ids, and was made at another time.
        expect(await runner.killed(await runner.plan(intent), moment), at).toBe(true)
        if (again !== null) expect(await runner.cleanupKilled(again), at).toBe(true)
        const { cleaned } = await runner.cleanup()
        expect(cleaned, at).toMatchObject([{ applied: false, verified: true, left: [] }])
        await vi.waitFor(() => expect(on.state(), at).toEqual(on.before()), {
          timeout: on.settleMs,
          interval: 200,
        })
      }
      expect(await runner.cleanup()).toEqual({ cleaned: [] })
    },
  )
}

function killsOf(steps: number, kind: number): readonly Kill[] {
  const numbers = Array.from({ length: steps }, (_, at) => at + 1)
  const there = numbers.flatMap((step) => stepMoments.map((moment): Kill => [`${moment}:${step}`, null]))
  const again = numbers.flatMap((step) =>
    undoMoments.map((moment): Kill => [`after-step:${steps}`, `${moment}:${step}`]),
  )
  if (isWhole) return [...there, ...again]
  const one = (seed + kind) % 2 === 0 ? there : again
  const at = (seed + kind) % one.length
  return one.slice(at, at + 1)
}

function said({ kind, ...rest }: Intent): string {
  return [kind, ...Object.values(rest).filter((each) => typeof each === 'string')].join(' ')
}
