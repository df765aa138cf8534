import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { netnsId } from '../../src/model/ids.ts'
import type { Effect, Msg } from '../../src/tui/msg.ts'
import { runtime, type RunOutcome } from '../../src/tui/runtime.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A state that is the list of messages, and answers from a table of key → effects. */
function stage(effects: Readonly<Record<string, readonly Effect[]>> = {}) {
  const done: string[] = []
  const answers: ((outcome: RunOutcome) => void)[] = []
  const changes: { readonly state: readonly string[]; readonly urgent: boolean }[] = []
  const loop = runtime<readonly string[]>({
    state: [],
    update: (state, msg) => {
      const name = msg.type === 'key' ? msg.key : msg.type === 'clock' ? `clock ${msg.now}` : msg.type
      if (name === 'nothing') return [state]
      return [[...state, name], ...(effects[name] ?? [])]
    },
    changed: (state, urgent) => changes.push({ state, urgent }),
    post: (message) =>
      done.push(`post ${message.type}${message.type === 'need' ? ` ${message.generation}` : ''}`),
    restartWorker: () => {
      done.push('restart')
      loop.dispatch({ type: 'worker-gone', reason: 'again', now: 0 })
      done.push('restarted')
    },
    redraw: () => done.push('redraw'),
    run: (argv, ended) => {
      done.push(`run ${argv.join(' ')}`)
      answers.push(ended)
      return () => done.push(`end ${argv.join(' ')}`)
    },
    copy: (text) => done.push(`copy ${text}`),
    theme: (name) => done.push(`theme ${name}`),
    mouse: (on) => done.push(`mouse ${on}`),
    suspend: () => done.push('suspend'),
    quit: (code) => {
      done.push(`quit ${code}`)
      loop.stop()
    },
    now: () => Date.now(),
  })
  return { loop, done, changes, answers }
}
const key = (name: string): Msg => ({ type: 'key', key: name })

test('effects happen in their order, each in its place', () => {
  const { loop, done } = stage({
    a: [
      { type: 'resend' },
      { type: 'snapshot', id: 1, file: 'f', changes: [], log: [] },
      { type: 'redraw' },
      { type: 'suspend' },
    ],
  })
  loop.dispatch(key('a'))
  expect(done).toEqual(['post resend', 'post snapshot', 'redraw', 'suspend'])
})

test('what is needed is told once the keys rest, and only the last of it', () => {
  const { loop, done } = stage({
    j: [{ type: 'need', needs: [], generation: 1 }],
    k: [{ type: 'need', needs: [], generation: 2 }],
  })
  for (let press = 0; press < 10; press += 1) {
    loop.dispatch(key(press === 9 ? 'k' : 'j'))
    vi.advanceTimersByTime(33)
  }
  expect(done).toEqual([])
  vi.advanceTimersByTime(50)
  expect(done).toEqual(['post need 2'])
})

test('rows of rules are needed at once: somebody is scrolling through them', () => {
  const rules = { kind: 'rules', netns: netnsId(1), filter: {}, folded: [], from: 0, count: 40 } as const
  const { loop, done } = stage({
    j: [{ type: 'need', needs: [], generation: 1 }],
    k: [{ type: 'need', needs: [rules], generation: 2 }],
  })
  loop.dispatch(key('j'))
  loop.dispatch(key('k'))
  expect(done).toEqual(['post need 2'])
  vi.advanceTimersByTime(1000)
  expect(done).toEqual(['post need 2'])
})

test('nothing is needed any more after the end', () => {
  const { loop, done } = stage({ j: [{ type: 'need', needs: [], generation: 1 }] })
  loop.dispatch(key('j'))
  loop.stop()
  vi.advanceTimersByTime(1000)
  expect(done).toEqual([])
})

test('a state that stayed the same draws nothing', () => {
  const { loop, changes } = stage()
  loop.dispatch(key('nothing'), true)
  expect(changes).toEqual([])
  loop.dispatch(key('a'), true)
  loop.dispatch(key('b'))
  expect(changes).toEqual([
    { state: ['a'], urgent: true },
    { state: ['a', 'b'], urgent: false },
  ])
})

test('a message that an effect causes is handled after it, and drawn with it', () => {
  const { loop, done, changes } = stage({ a: [{ type: 'restart-worker' }] })
  loop.dispatch(key('a'))
  expect(done).toEqual(['restart', 'restarted'])
  expect(changes).toEqual([{ state: ['a', 'worker-gone'], urgent: false }])
})

test('of several wakes the earliest comes, once', () => {
  const { loop, changes } = stage({
    late: [{ type: 'wake', afterMs: 5000 }],
    soon: [{ type: 'wake', afterMs: 100 }],
  })
  loop.dispatch(key('late'))
  loop.dispatch(key('soon'))
  loop.dispatch(key('late'))
  vi.advanceTimersByTime(20_000)
  expect(changes.at(-1)?.state).toEqual(['late', 'soon', 'late', 'clock 1100'])
})

test('after quit nothing more is handled', () => {
  const { loop, done, changes } = stage({
    q: [
      { type: 'wake', afterMs: 1 },
      { type: 'quit', exitCode: 3 },
    ],
  })
  loop.dispatch(key('q'))
  loop.dispatch(key('a'))
  vi.advanceTimersByTime(1000)
  expect(done).toEqual(['quit 3'])
  expect(changes).toEqual([])
})

test('one thing runs at a time; another, its end and the end of the screen end it', () => {
  const { loop, done, answers } = stage({
    a: [{ type: 'run', id: 1, argv: ['a'] }],
    b: [{ type: 'run', id: 2, argv: ['b'] }],
    e: [{ type: 'end-run', id: 2 }],
  })
  loop.dispatch(key('a'))
  loop.dispatch(key('b'))
  loop.dispatch(key('e'))
  expect(done).toEqual(['run a', 'end a', 'run b', 'end b'])
  answers[1]?.({ exitCode: 0, problem: null, output: '' })
  loop.dispatch(key('e'))
  expect(done.length).toBe(4)
  loop.dispatch(key('a'))
  loop.stop()
  expect(done.slice(4)).toEqual(['run a', 'end a'])
})

test('what a run printed comes back as a message', () => {
  const { loop, changes, answers } = stage({ a: [{ type: 'run', id: 1, argv: ['a'] }] })
  loop.dispatch(key('a'))
  answers[0]?.({ exitCode: 0, problem: null, output: '' })
  expect(changes.at(-1)).toEqual({ state: ['a', 'ran'], urgent: true })
})
