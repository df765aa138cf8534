/** Whatever is pressed on the Ports screen and whatever comes when: nothing thrown, nothing too wide, nothing lost. */
import { array, assert, constant, constantFrom, integer, nat, oneof, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { width } from '../../src/lib/width.ts'
import { connectionsWindow } from '../../src/derive/connections-window.ts'
import { find } from '../../src/derive/find.ts'
import { portsView } from '../../src/derive/ports-view.ts'
import type { Connection } from '../../src/model/connection.ts'
import type { World } from '../../src/model/world.ts'
import { connectionsWindowOf, isConnectionsAnswer } from '../../src/tui/select/connections.ts'
import { layoutOf } from '../../src/tui/layout.ts'
import { socket } from '../support/docker-world.ts'
import { bareOf, connection, portsWorld, table } from './ports-world.ts'
import { live, type Screen } from './screen.ts'

const pressed = ['4', '4', '{', '}', '(', ')', 'j', 'k', 'pagedown', 'pageup', 'end', 'home', 'tab', 'space']
const others = ['enter', 'backspace', ']', '/', ':', '8', '0', 'f', 'z', '1', '3', 'o', 'n', 'x']

const steps = oneof(
  { weight: 14, arbitrary: record({ do: constant('key' as const), key: constantFrom(...pressed) }) },
  { weight: 3, arbitrary: record({ do: constant('key' as const), key: constantFrom(...others) }) },
  // Else most of the time something would be open over the screen.
  { weight: 4, arbitrary: record({ do: constant('key' as const), key: constant('escape') }) },
  {
    weight: 1,
    arbitrary: record({
      do: constant('resize' as const),
      columns: integer({ min: 40, max: 210 }),
      rows: integer({ min: 10, max: 60 }),
    }),
  },
  { weight: 3, arbitrary: record({ do: constant('change' as const), which: nat(5) }) },
  { weight: 6, arbitrary: record({ do: constant('answer' as const), late: nat(2) }) },
  { weight: 1, arbitrary: record({ do: constant('wait' as const), ms: integer({ min: 1, max: 4000 }) }) },
)

const many: readonly Connection[] = Array.from({ length: 400 }, (_, at) =>
  connection({
    from: `10.0.${at >> 8}.${at & 255}:${1000 + at}`,
    to: '172.17.0.3:80',
    ...(at % 7 === 0 ? { status: ['CONFIRMED'], state: 'SYN_SENT' } : {}),
    ...(at % 11 === 0 ? { as: '192.0.2.200:1' } : {}),
  }),
)

/** Few, many, none, and others; ports that are there or not. */
const worlds: readonly World[] = [0, 3, 400, 399, 17, 200].map((count, at) =>
  portsWorld(
    {
      nginx1: at % 2 === 0 ? [] : [socket('tcp', '0.0.0.0', 80)],
      redis123: Array.from({ length: at * 7 }, (_, port) => socket('udp', '0.0.0.0', 5000 + port)),
    },
    at === 4 ? null : table(at % 2 === 0 ? many.slice(0, count) : many.slice(400 - count)),
  ),
)

function answered(it: Screen, world: World, late: number): void {
  const declared = it.effects.filter((each) => each.type === 'need')
  const effect = declared.at(-1 - late)
  if (effect === undefined) return
  const { generation } = effect
  for (const need of effect.needs) {
    if (need.kind === 'ports') it.worker({ type: 'ports', value: portsView(world) })
    if (need.kind === 'find') it.worker({ type: 'found', text: need.text, value: find(world, need.text) })
    if (need.kind === 'connections') {
      const conntrack = world.netns.find(({ id }) => id === need.netns)?.conntrack ?? null
      it.worker({
        type: 'connections',
        generation,
        value: connectionsWindow(world, need.netns, conntrack, need),
      })
    }
  }
}

function holds(it: Screen): void {
  const { columns, rows } = it.state.size
  for (const { id, lines, width: most, left, top, height } of it.frame().regions) {
    expect([id, left + most <= columns, top + height <= Math.max(rows, 1)]).toEqual([id, true, true])
    for (const { spans } of lines)
      expect(spans.reduce((sum, { text }) => sum + width(text), 0)).toBeLessThanOrEqual(most)
  }
  const { screen, pages, tables } = it.state
  if (screen !== 'ports' || pages.ports !== 'connections' || layoutOf(it.state, it.state.size) === null)
    return
  const window = isConnectionsAnswer(it.state) ? connectionsWindowOf(it.state) : null
  if (window === null) return
  const { at, selected, gone } = tables.connections
  expect(at).toBeGreaterThanOrEqual(0)
  expect(at).toBeLessThanOrEqual(Math.max(0, window.size - 1) + (gone === null ? 0 : 1))
  const here = window.rows[at - window.from]
  // It is the row that it stands on, or it is said to be gone, or that row has not come yet.
  if (here !== undefined && gone === null) expect(selected).toBe(here.key)
}

test('any keys, any answers, early or late', () => {
  assert(
    property(array(steps, { maxLength: 60, size: 'max' }), (taken) => {
      let world = worlds[1] ?? portsWorld()
      const it = live(bareOf(world))
      it.keys('4', '{')
      answered(it, world, 0)
      for (const step of taken) {
        if (step.do === 'key') it.keys(step.key)
        if (step.do === 'resize')
          it.send({ type: 'resize', size: { columns: step.columns, rows: step.rows } })
        if (step.do === 'change') world = worlds[step.which] ?? world
        if (step.do === 'answer') answered(it, world, step.late)
        if (step.do === 'wait') it.wait(step.ms)
        holds(it)
      }
    }),
    { numRuns: 30 },
  )
}, 60_000)
