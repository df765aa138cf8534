/** Whatever is pressed and whatever happens to the host: nothing thrown, nothing outside its region, nothing lost. */
import { array, assert, property } from 'fast-check'
import { expect, test } from 'vitest'
import type { Mode } from '../../src/tui/state.ts'
import { frameHolds, selectionHolds, waysHold } from './holds.ts'
import { opened, openings, play, steps } from './random-steps.ts'

const stepsARun = 125
/** Together 2,000 steps a test. */
const runs = Number(process.env['FC_RUNS'] ?? 16)
const seen = new Set<string>()

test.each(['first', 'second', 'third'])(
  '2,000 random keys, clicks, sizes, changes and answers (%s time)',
  () => {
    assert(
      property(openings, array(steps, { minLength: stepsARun, maxLength: stepsARun }), (options, list) => {
        const playing = opened(options)
        list.forEach((step, at) => {
          const before = playing.it.effects.length
          play(playing, step)
          if (step.do === 'key' && step.key === 'escape')
            expect(playing.it.effects.slice(before).some(({ type }) => type === 'quit')).toBe(false)
          frameHolds(playing.it)
          selectionHolds(playing.it)
          if (at % 6 === 0) waysHold(playing.it)
          seen.add(playing.it.state.mode.type).add(playing.it.state.screen)
        })
      }),
      { numRuns: runs },
    )
  },
  120_000,
)

test('they came to every screen and to nearly all that opens over one', () => {
  const usual: readonly Mode['type'][] = [
    'browse',
    'filter',
    'find',
    'help',
    'route',
    'menu',
    'command',
    'probe-form',
  ]
  // Which of the rarer ones are met depends on the seed.
  const rare: readonly Mode['type'][] = [
    'themes',
    'columns',
    'gaps',
    'copy',
    'output',
    'help-search',
    'compare',
    'quit',
    'change-form',
    'change-menu',
    'change-run',
  ]
  const screens = ['topology', 'namespaces', 'rules', 'ports', 'networks', 'probes', 'log']
  expect([...seen]).toEqual(expect.arrayContaining([...usual, ...screens]))
  expect(rare.filter((each) => seen.has(each)).length).toBeGreaterThanOrEqual(3)
})
