/** What the change command prints, as the screen takes it. */
import { expect, test } from 'vitest'
import { failureJson } from '../../src/cli/print-json.ts'
import { changeAnswer, changeFailure, changeTold } from '../../src/tui/changing/told.ts'
import { saidOf } from '../../src/tui/update/change-runs.ts'
import { making, result } from './change-world.ts'

const end = { exitCode: 0, problem: null, stdout: '', stderr: '' } as const
const printed = (value: unknown): string => `${JSON.stringify(value)}\n`

test('a result, a failure with its other reasons, and a failed step', () => {
  expect(changeAnswer({ ...end, stdout: printed(result({ id: 3 })) })).toEqual({
    ok: true,
    result: result({ id: 3 }),
  })
  const failure = {
    kind: 'refused',
    what: 'lab0 is there',
    hint: 'x',
    others: [{ kind: 'refused', what: 'y' }],
  } as const
  expect(changeAnswer({ ...end, exitCode: 5, stdout: printed(failureJson(failure)) })).toEqual({
    ok: false,
    failure: { what: 'lab0 is there', hint: 'x', others: [{ what: 'y', hint: null }] },
  })
  const failed = result({ error: { what: 'failed', command: 'ip x', exitCode: 1, stderr: '' } })
  expect(changeAnswer({ ...end, exitCode: 1, stdout: printed(failed) })).toEqual({ ok: true, result: failed })
})

test('cleanup tells of several, or of none', () => {
  const two = changeAnswer({ ...end, stdout: printed({ cleaned: [result({ id: 1 }), result({ id: 2 })] }) })
  expect(two).toMatchObject({ ok: true, result: { id: 2 } })
  expect(two.ok && two.result.steps).toHaveLength(making.length * 2)
  expect(changeAnswer({ ...end, stdout: printed({ cleaned: [] }) })).toMatchObject({
    ok: true,
    result: { steps: [], title: 'nothing was begun and not ended' },
  })
})

test('of parts on several hosts no number is one for undo', () => {
  const done = { applied: true, verified: true }
  const parts = [result({ id: 7, ...done }), result({ id: 1, host: 'host1', ...done })]
  const answer = changeAnswer({ ...end, stdout: printed(parts) })
  expect(answer).toMatchObject({ ok: true, result: { host: 'host1' } })
  expect(saidOf(answer)).toBe('done')
})

test('whatever else comes is told as a failure', () => {
  const what = (given: Partial<typeof end> | object): string => {
    const answer = changeAnswer({ ...end, ...given })
    return answer.ok ? '' : answer.failure.what
  }
  expect(what({ problem: 'killed by SIGKILL', exitCode: null })).toBe('killed by SIGKILL')
  expect(what({ exitCode: 1, stderr: 'a\nvethscope: no\n' })).toBe('vethscope: no')
  expect(what({ exitCode: 7 })).toContain('exit 7')
  for (const value of [null, 3, [], [1], { steps: [{}] }, { error: 'x' }, { error: {} }])
    if (!Array.isArray(value) || value.length > 0) expect(what({ stdout: printed(value) })).not.toBe('')
  expect(changeFailure({ ...end, stdout: printed({ id: 3 }) })).toBeNull()
  expect(changeFailure({ ...end, exitCode: 5, stdout: printed({ error: { what: 'late' } }) })?.what).toBe(
    'late',
  )
})

test('lines of steps; other lines are none', () => {
  const [step] = making
  expect(changeTold(JSON.stringify({ number: 1, of: 2, step }))).toEqual({
    type: 'step',
    number: 1,
    of: 2,
    step,
  })
  expect(changeTold(JSON.stringify({ waits: 'another is at work' }))).toEqual({
    type: 'waits',
    what: 'another is at work',
  })
  for (const line of ['', 'vethscope: x', '{"number":1}', '{"number":1,"of":2,"step":{}}', 'null'])
    expect(changeTold(line)).toBeNull()
})
