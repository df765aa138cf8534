import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsOf, farWidth } from '../../src/tui/view/columns.ts'

const room = fc.integer({ min: 0, max: 70 })
const needs = fc.record({ name: room, farNetns: room, farLink: room, address: room, alone: room })

test('the columns fill what they use, and never more than there is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 300 }), needs, (width, wanted) => {
      const all = columnsOf(width, wanted)
      const sum = all.name + farWidth(all) + all.address + all.notes + all.held + all.mac + 2 * all.rate
      expect(sum).toBe(all.used)
      expect(all.used).toBeLessThanOrEqual(width)
      for (const size of [all.name, all.farNetns, all.farLink, all.address, all.notes, all.held, all.mac]) {
        expect(size).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

test('nothing is cut beside empty room', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 300 }), needs, (width, wanted) => {
      const all = columnsOf(width, wanted)
      fc.pre(wanted.name <= 23 && wanted.farLink <= 16 && wanted.address <= 43 && wanted.farNetns <= 64)
      const cut = all.farNetns < wanted.farNetns || all.farLink < wanted.farLink || all.name < wanted.name + 1
      if (cut) expect(all.notes).toBeLessThanOrEqual(24)
      if (all.used < width) expect(cut).toBe(false)
    }),
  )
})

test('who lives there and the hardware address come whole, or not at all', () => {
  const wanted = { name: 14, farNetns: 8, farLink: 5, address: 13, alone: 30 }
  expect(columnsOf(78, wanted)).toMatchObject({ held: 0, mac: 0 })
  expect(columnsOf(131, wanted)).toMatchObject({ held: 27 })
  expect(columnsOf(169, wanted)).toMatchObject({ held: 27, mac: 19 })
})
