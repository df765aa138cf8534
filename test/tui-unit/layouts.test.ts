/** Every screen of recorded hosts from 60 to 250 columns and 16 to 80 rows: all fits, and one can see where one is. */
import { beforeAll, expect, test } from 'vitest'
import type { World } from '../../src/model/world.ts'
import { screens } from '../../src/tui/screens.ts'
import { worldOf } from '../support/fixture.ts'
import { frameHolds, selectionHolds } from './holds.ts'
import { screen } from './screen.ts'

const fixtures = ['demo', 'legacy-and-nft', 'podman', 'without-root', 'macvlan-vxlan']
const widths = [60, 73, 80, 109, 110, 120, 161, 250]
const heights = [16, 20, 22, 24, 29, 30, 40, 80]
/** What one has to find at any size, to get help and to get out. */
const essential = ['? help', 'q quit']

const worlds = new Map<string, World>()
beforeAll(async () => {
  for (const name of fixtures) worlds.set(name, await worldOf(name))
})

test.each(fixtures)(
  '%s',
  (name) => {
    const world = worlds.get(name)
    if (world === undefined) throw new Error(name)
    for (const ascii of [false, true]) {
      const it = screen({ mode: 'replay', file: `${name}.json.gz`, world, ascii })
      for (const { id, key } of screens) {
        it.keys(key)
        // What cannot be read has no rules to show, and the screen says so.
        if (id === 'rules' && it.state.message?.kind === 'refused') continue
        if (it.state.screen !== id) throw new Error(`${key} leads to ${it.state.screen}`)
        for (const columns of widths) {
          for (const rows of heights) {
            // Each of a pair once: with ASCII the odd ones.
            if ((columns + rows) % 2 === (ascii ? 0 : 1)) continue
            try {
              it.send({ type: 'resize', size: { columns, rows } })
              it.keys(rows % 2 === 0 ? 'end' : 'pageup')
              frameHolds(it)
              selectionHolds(it)
              // Why there is nowhere further to go stands in the footer's place.
              if (it.state.message !== null) it.keys('escape')
              const lines = it.text().split('\n')
              for (const part of essential) expect(lines[rows - 1]).toContain(part)
              for (const { key: each, tab } of screens) expect(lines[1]).toContain(`${each}${tab}`)
              expect(lines.length).toBeLessThanOrEqual(rows + 1)
              it.keys('}')
            } catch (error) {
              throw new Error(`${id} at ${columns}x${rows}${ascii ? ' in ASCII' : ''}`, { cause: error })
            }
          }
        }
      }
    }
  },
  60_000,
)

test('whatever is open over a screen fits too', () => {
  const world = worlds.get('demo')
  if (world === undefined) throw new Error('demo')
  for (const columns of [60, 80, 110, 250]) {
    for (const rows of [16, 24, 30, 80]) {
      const it = screen({ mode: 'replay', file: 'demo.json.gz', world, size: { columns, rows } })
      it.send({ type: 'resize', size: { columns, rows } })
      for (const { key } of screens) {
        it.keys(key)
        for (const opening of ['x', '?', ':', '!', 'f', 'r', 'o', 'Y', '/', 'T']) {
          it.keys(opening)
          frameHolds(it)
          it.keys('down', 'end', 'pagedown')
          frameHolds(it)
          it.type('ls ')
          frameHolds(it)
          for (let left = 4; left > 0 && it.state.mode.type !== 'browse'; left -= 1) it.keys('escape')
          expect(it.state.mode.type).toBe('browse')
          // A key of the popup may have led to another one.
          it.keys(key)
        }
      }
    }
  }
}, 60_000)
