/** Shells amid random keys and changes of the host: nothing thrown, nothing outside its region, and keys where they belong. */
import { array, assert, integer, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import type { Line } from '../../src/tui/frame.ts'
import type { Effect } from '../../src/tui/msg.ts'
import { activeShell, shellBox, shellView } from '../../src/tui/select/shells.ts'
import { frameHolds, selectionHolds, waysHold } from './holds.ts'
import { opened, openings, play, steps } from './random-steps.ts'
import type { Screen } from './screen.ts'

const runs = Number(process.env['FC_RUNS'] ?? 6)
const seen = new Set<string>()

/** What a shell of that size might show. */
function printed(it: Screen, number: number, seed: number): void {
  const { columns, rows } = it.state.shells.list.find((run) => run.number === number) ?? {
    columns: 1,
    rows: 1,
  }
  const lines = Array.from({ length: rows }, (_, row): Line => ({
    spans: [
      { text: '容a□'.repeat(columns).slice(0, (seed + row) % Math.max(1, columns >> 1)), role: 'text' },
    ],
  }))
  const cursor = seed % 3 === 0 ? null : { row: seed % rows, column: seed % columns }
  it.send({ type: 'shell-screen', number, screen: { lines, cursor, back: seed % 5, kept: 9 } })
}

function ended(it: Screen, number: number, seed: number): void {
  const problem = seed % 4 === 0 ? 'cannot enter it' : null
  const end = { exitCode: problem === null ? seed % 256 : null, signal: null, problem }
  it.send({ type: 'shell-ended', number, end, unavailable: null, now: it.now })
}

/** Keys and size as the runtime was told last are those of the state. */
function shellsHold(it: Screen): void {
  const { state } = it
  const active = activeShell(state)
  const box = shellBox(state, state.size)
  const told = it.effects.findLast(
    (each): each is Extract<Effect, { type: 'shell-focus' }> => each.type === 'shell-focus',
  )
  expect(told?.keys ?? null).toBe(state.mode.type === 'shell' ? state.shells.active : null)
  expect(told?.shown ?? null).toBe(box === null ? null : state.shells.active)
  if (state.mode.type === 'shell') expect(active?.ended ?? null).toBeNull()
  if (state.mode.type === 'shell' || state.mode.type === 'shell-left') expect(active).not.toBeNull()
  if (box !== null) expect([active?.columns, active?.rows]).toEqual([box.width, box.height - 1])
  const open = new Set(state.shells.list.map(({ number }) => number))
  expect(state.shells.active === null || open.has(state.shells.active)).toBe(true)
}

test('600 random steps with shells among them', () => {
  const list = array(tuple(steps, integer({ min: 0, max: 999 })), { minLength: 100, maxLength: 100 })
  assert(
    property(openings, list, (options, all) => {
      const playing = opened({ ...options, mode: 'live', readonly: false, keys: undefined, shells: true })
      const { it } = playing
      for (const [step, seed] of all) {
        // No shell swallows more than one of the keys.
        const wasIn = it.state.mode.type === 'shell'
        play(playing, step)
        // Some of these steps put a state in place that no message has settled.
        it.send({ type: 'clock', now: it.now })
        if (wasIn) it.keys('C-]')
        else if (seed % 5 === 0) it.keys('s')
        const number = it.state.shells.list.at(seed % 3)?.number
        if (number !== undefined && seed % 3 === 0) printed(it, number, seed)
        if (number !== undefined && seed % 31 === 0) ended(it, number, seed)
        frameHolds(it)
        selectionHolds(it)
        shellsHold(it)
        if (seed % 6 === 0 && it.state.mode.type !== 'shell') waysHold(it)
        seen.add(it.state.mode.type).add(`${shellView(it.state, it.state.size)}`)
      }
    }),
    { numRuns: runs, endOnFailure: true },
  )
  expect([...seen]).toEqual(expect.arrayContaining(['shell', 'shell-left', 'pane', 'full', 'null']))
}, 120_000)
