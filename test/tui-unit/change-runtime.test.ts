/** How changes are asked of children: plans when the keys have rested and one at a time, and nothing ends what is made. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ChangeAnswer, ChangeTold } from '../../src/tui/changing/change-state.ts'
import type { Effect, Msg } from '../../src/tui/msg.ts'
import { runtime, type Changes } from '../../src/tui/runtime.ts'
import { making, result } from './change-world.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

type Asked = {
  readonly argv: readonly string[]
  ended: (answer: ChangeAnswer) => void
  told?: (told: ChangeTold) => void
  stopped: boolean
}

/** The state is the messages that came; a `paste` message carries effects in as JSON. */
function played(changes?: Changes) {
  const posted: string[] = []
  const loop = runtime<readonly Msg[]>({
    state: [],
    update: (state, msg) => {
      const effects = msg.type === 'paste' ? (JSON.parse(msg.text) as readonly Effect[]) : []
      return [[...state, msg], ...effects]
    },
    changed: (next) => {
      state = next
    },
    post: (message) => void posted.push(message.type),
    restartWorker: () => {},
    redraw: () => {},
    run: () => () => {},
    copy: () => {},
    theme: () => {},
    mouse: () => {},
    suspend: () => {},
    quit: () => {},
    now: () => 5,
    ...(changes === undefined ? {} : { changes }),
  })
  let state: readonly Msg[] = []
  return {
    does: (...effects: readonly Effect[]) => loop.dispatch({ type: 'paste', text: JSON.stringify(effects) }),
    posted,
    heard: () => state.filter(({ type }) => type !== 'paste'),
    stop: () => loop.stop(),
  }
}

function children(): { readonly changes: Changes; readonly plans: Asked[]; readonly made: Asked[] } {
  const [plans, made]: [Asked[], Asked[]] = [[], []]
  return {
    plans,
    made,
    changes: {
      plan: (argv, ended) => {
        const asked: Asked = { argv, ended, stopped: false }
        plans.push(asked)
        return () => {
          asked.stopped = true
        }
      },
      make: (argv, told, ended) => {
        made.push({ argv, ended, told, stopped: false })
      },
      confirm: (_, ended) => ended(null),
    },
  }
}

const plan = (id: number, ...argv: readonly string[]): Effect => ({ type: 'plan-change', id, argv })

test('while keys follow each other nothing is planned; then the last, and the one before is ended', () => {
  const { changes, plans } = children()
  const it = played(changes)
  it.does(plan(1, 'a'))
  vi.advanceTimersByTime(100)
  it.does(plan(2, 'ab'))
  vi.advanceTimersByTime(100)
  expect(plans).toHaveLength(0)
  vi.advanceTimersByTime(60)
  expect(plans.map(({ argv }) => argv)).toEqual([['ab']])
  it.does(plan(3, 'abc'))
  expect(plans[0]?.stopped).toBe(true)
  vi.advanceTimersByTime(200)
  plans[1]?.ended({ ok: true, result: result() })
  expect(it.heard()).toEqual([{ type: 'change-planned', id: 3, answer: { ok: true, result: result() } }])
})

test('a form that closes ends its plan, also before it began', () => {
  const { changes, plans } = children()
  const it = played(changes)
  it.does(plan(1, 'a'))
  it.does({ type: 'end-plan' })
  vi.advanceTimersByTime(500)
  expect(plans).toHaveLength(0)
})

test('what is made tells its steps and its end, and a screen that closes does not end it', () => {
  const { changes, plans, made } = children()
  const it = played(changes)
  it.does({ type: 'make-change', id: 9, argv: ['net', 'prune', '--yes'] }, plan(10, 'a'))
  vi.advanceTimersByTime(200)
  const [step] = making
  if (step === undefined) throw new Error('no step')
  made[0]?.told?.({ type: 'step', number: 1, of: 4, step })
  expect(it.posted).toEqual([])
  made[0]?.ended({ ok: true, result: result() })
  // What is wrong may be something else now.
  expect(it.posted).toEqual(['host-changed'])
  expect(it.heard().map(({ type }) => type)).toEqual(['change-told', 'change-ended'])
  it.stop()
  expect(plans[0]?.stopped).toBe(true)
  expect(made[0]?.stopped).toBe(false)
})

test('where nothing can be changed from, each is answered with that', () => {
  const it = played()
  it.does(plan(1, 'a'), { type: 'make-change', id: 2, argv: [] }, { type: 'confirm-change', id: 3, argv: [] })
  const heard = it.heard()
  expect(heard.map(({ type }) => type)).toEqual(['change-planned', 'change-ended', 'change-confirmed'])
  expect(JSON.stringify(heard)).toContain('nothing can be changed from here')
})
