import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { goForward } from '../../../src/change/apply/go-forward.ts'
import { takeBack } from '../../../src/change/apply/take-back.ts'
import { fakeMaking, planWith, writeStep } from './support-steps.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vethscope-apply-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const steps = () => ['a', 'b', 'c'].map((name) => writeStep(folder, name))
const notRun = () => steps().map(() => 'not run' as const)

test('each step is written down before it runs, and again when it has', async () => {
  const { making, done } = fakeMaking(planWith(steps()))
  expect(await goForward(making, notRun())).toEqual({ states: ['done', 'done', 'done'], stopped: null })
  expect(done.slice(0, 6)).toEqual([
    'line step 0',
    'run write a',
    'line ran 0',
    'line step 1',
    'run write b',
    'line ran 1',
  ])
})

test('the first failure stops, and what was done is undone from the last to the first', async () => {
  const [a, b, c] = steps()
  if (a === undefined || b === undefined || c === undefined) throw new Error('three')
  const failing = { ...c, title: 'do c', command: { argv: ['fail'] } }
  const { making, done, entry } = fakeMaking(planWith([a, b, failing]))
  const { states, stopped } = await goForward(making, notRun())
  expect(states).toEqual(['done', 'done', 'failed'])
  expect(stopped).toEqual({
    why: 'could not do c: exit 2: it is broken',
    at: 2,
    error: {
      what: 'could not do c: exit 2: it is broken',
      command: 'fail',
      exitCode: 2,
      stderr: 'it is broken\n',
    },
  })
  done.length = 0
  expect(await takeBack(making, states)).toEqual({ states: ['undone', 'undone', 'undone'], left: [] })
  // Of the failed one nothing is there, so nothing is run.
  expect(done).toEqual([
    'line undone 2',
    'line undo 1',
    'run remove b',
    'line undone 1',
    'line undo 0',
    'run remove a',
    'line undone 0',
  ])
  expect(readdirSync(folder)).toEqual([])
  expect(entry()?.steps).toEqual(['undone', 'undone', 'undone'])
})

test('what failed half is undone as well', async () => {
  const [a, b] = steps()
  if (a === undefined || b === undefined) throw new Error('two')
  const { making, done } = fakeMaking(
    planWith([a, { ...b, command: { argv: ['break', join(folder, 'b')] } }]),
  )
  const { states } = await goForward(making, ['not run', 'not run'])
  expect(existsSync(join(folder, 'b'))).toBe(true)
  expect(await takeBack(making, states)).toMatchObject({ left: [] })
  expect(done).toContain('run remove b')
  expect(readdirSync(folder)).toEqual([])
})

test('an inverse that fails although all is as before is no failure; else it says what is left', async () => {
  const { making } = fakeMaking(planWith(steps()))
  writeFileSync(join(folder, 'a'), 'a')
  writeFileSync(join(folder, 'c'), 'c')
  // b went with something else.
  expect(await takeBack(making, ['done', 'done', 'done'])).toMatchObject({ left: [] })
  const [a] = steps()
  if (a === undefined) throw new Error('one')
  const stuck = fakeMaking(planWith([{ ...a, undo: [{ argv: ['fail'] }] }]))
  writeFileSync(join(folder, 'a'), 'a')
  expect(await takeBack(stuck.making, ['done'])).toEqual({
    states: ['left'],
    left: ['"write a" is not taken back: fail: exit 2: it is broken'],
  })
  // In one line, whatever it is given.
  const given = { argv: ['fail', '-'], input: 'a\nb\n' }
  const fed = fakeMaking(planWith([{ ...a, undo: [given] }]))
  expect((await takeBack(fed.making, ['done'])).left).toEqual([
    '"write a" is not taken back: fail -: exit 2: it is broken',
  ])
  const request = { socket: '/run/docker.sock', method: 'POST', path: '/networks/create' } as const
  const asking = fakeMaking(planWith([{ ...a, undo: [{ ...given, request }] }]))
  expect((await takeBack(asking.making, ['done'])).left).toEqual([
    '"write a" is not taken back: POST /networks/create at /run/docker.sock: exit 2: it is broken',
  ])
  const never = fakeMaking(planWith([{ ...a, undo: { irreversible: 'the lease is gone' } }]))
  expect(await takeBack(never.making, ['done'])).toMatchObject({
    left: ['"write a" cannot be taken back: the lease is gone'],
  })
})

test('one that may have run is judged by what is there', async () => {
  for (const isThere of [true, false]) {
    const [a] = steps()
    if (a === undefined) throw new Error('one')
    const { making, done } = fakeMaking(planWith([a]))
    if (isThere) writeFileSync(join(folder, 'a'), 'a')
    expect(await takeBack(making, ['started'])).toEqual({ states: ['undone'], left: [] })
    expect(done.includes('run remove a')).toBe(isThere)
  }
})

test('all commands of an inverse are tried, whichever fails', async () => {
  const [a] = steps()
  if (a === undefined) throw new Error('one')
  const { making, done } = fakeMaking(planWith([{ ...a, undo: [{ argv: ['fail'] }, ...(a.undo as [])] }]))
  writeFileSync(join(folder, 'a'), 'a')
  expect(await takeBack(making, ['done'])).toEqual({ states: ['undone'], left: [] })
  expect(done).toContain('run remove a')
})

test('a journal that takes no more lines stops it before the step, and not the way back', async () => {
  for (const mostLines of [0, 1, 2, 3, 4, 5]) {
    const { making, done } = fakeMaking(planWith(steps()), { mostLines })
    const { states, stopped } = await goForward(making, notRun())
    expect(stopped).toMatchObject({ why: 'no space left on device' })
    // Nothing ran that was not announced.
    const runs = done.filter((each) => each.startsWith('run')).length
    expect(runs).toBeLessThanOrEqual(done.filter((each) => each.startsWith('line step')).length)
    expect(await takeBack(making, states)).toMatchObject({ left: [] })
    expect(readdirSync(folder)).toEqual([])
  }
})

test('told to end, it begins no other step', async () => {
  const ended = new AbortController()
  const { making, done } = fakeMaking(planWith(steps()), { signal: ended.signal })
  const stopping = {
    ...making,
    run: async (...[command, onStart]: Parameters<typeof making.run>) => {
      ended.abort()
      return making.run(command, onStart)
    },
  }
  const { states, stopped } = await goForward(stopping, notRun())
  expect(states).toEqual(['done', 'not run', 'not run'])
  expect(stopped).toEqual({ why: 'it was stopped', at: null })
  expect(await takeBack(stopping, states)).toMatchObject({ left: [] })
  expect(done.at(-1)).toBe('line undone 0')
  expect(readdirSync(folder)).toEqual([])
})

test('carried on, what is there already is not done again', async () => {
  writeFileSync(join(folder, 'a'), 'a')
  writeFileSync(join(folder, 'b'), 'b')
  const { making, done } = fakeMaking(planWith(steps(), { undoes: 1 }))
  expect(await goForward(making, ['done', 'started', 'not run'])).toEqual({
    states: ['done', 'done', 'done'],
    stopped: null,
  })
  expect(done.filter((each) => each.startsWith('run'))).toEqual(['run write c'])
})

test('what an engine answered is kept with its step; of what was undone only what the way back said stays', async () => {
  const saying = (name: string, says: string, backSays?: string) => {
    const step = writeStep(folder, name)
    const path = join(folder, name)
    const undo = backSays === undefined ? step.undo : [{ argv: ['remove', path, '', backSays] }]
    return { ...step, command: { argv: ['write', path, name, says] }, undo }
  }
  const { making, entry } = fakeMaking(
    planWith([saying('a', 'id 1'), saying('b', 'id 2', 'id 3'), writeStep(folder, 'c')]),
  )
  const { states } = await goForward(making, notRun())
  const saidBefore = [
    [0, 'id 1'],
    [1, 'id 2'],
  ]
  expect([...making.said]).toEqual(saidBefore)
  expect([...(entry()?.says ?? [])]).toEqual(saidBefore)
  await takeBack(making, states)
  expect([...making.said]).toEqual([[1, 'id 3']])
  expect([...(entry()?.says ?? [])]).toEqual([[1, 'id 3']])
})
