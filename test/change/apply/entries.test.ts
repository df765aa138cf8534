import { expect, test } from 'vitest'
import { entriesOf } from '../../../src/change/apply/entries.ts'
import { readLines, type Line } from '../../../src/change/apply/line.ts'
import { factSchema } from '../../../src/model/plan.ts'
import { planWith, writeStep } from './support-steps.ts'

const three = planWith(['a', 'b', 'c'].map((name) => writeStep('/nowhere', name)))
const begin = (id: number, undoes?: number, confirmBefore: string | null = null): Line => ({
  type: 'begin',
  id,
  at: '2026-01-01T00:00:00.000Z',
  pid: 1,
  plan: undoes === undefined ? three : { ...three, undoes },
  confirmBefore,
})
const ran = (id: number, step: number, ok = true): Line => ({
  type: 'ran',
  id,
  step,
  ok,
  exitCode: ok ? 0 : 1,
  stderr: '',
})
const end = (
  id: number,
  state: 'applied' | 'rolled back' | 'left' = 'applied',
  left: readonly string[] = [],
): Line => ({
  type: 'end',
  id,
  at: '',
  state,
  left,
})
const text = (lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

test('a change whose maker was killed is unfinished, with what it had said of each step', () => {
  const [entry] = entriesOf([
    begin(1),
    { type: 'step', id: 1, step: 0 },
    ran(1, 0),
    { type: 'step', id: 1, step: 1 },
  ])
  expect(entry).toMatchObject({ state: 'unfinished', steps: ['done', 'started', 'not run'], undoneBy: null })
  expect(entry?.goesBack).toBeUndefined()
})

test('on the way back each step is undone, left, or may be either', () => {
  const lines: Line[] = [
    begin(1),
    ...[0, 1].flatMap((step): Line[] => [{ type: 'step', id: 1, step }, ran(1, step)]),
    { type: 'step', id: 1, step: 2 },
    ran(1, 2, false),
  ]
  expect(entriesOf(lines)[0]?.steps).toEqual(['done', 'done', 'failed'])
  lines.push(
    { type: 'back', id: 1, why: 'it failed' },
    { type: 'undone', id: 1, step: 2 },
    { type: 'undo', id: 1, step: 1 },
  )
  expect(entriesOf(lines)[0]).toMatchObject({
    steps: ['done', 'started', 'undone'],
    goesBack: true,
    state: 'unfinished',
  })
  lines.push(
    { type: 'left', id: 1, step: 1, says: 'b stays' },
    { type: 'undo', id: 1, step: 0 },
    { type: 'undone', id: 1, step: 0 },
  )
  lines.push(end(1, 'left', ['b stays']))
  expect(entriesOf(lines)[0]).toMatchObject({
    steps: ['undone', 'left', 'undone'],
    state: 'left',
    left: ['b stays'],
  })
})

test('changes whose lines stand between each other are kept apart', () => {
  const lines = [
    begin(1),
    ran(1, 0),
    begin(2),
    ran(2, 0),
    ran(2, 1),
    { type: 'undone', id: 1, step: 0 } as const,
    end(2),
    end(1, 'rolled back'),
  ]
  expect(entriesOf(lines).map(({ id, state, steps }) => [id, state, steps])).toEqual([
    [1, 'rolled back', ['undone', 'not run', 'not run']],
    [2, 'applied', ['done', 'done', 'not run']],
  ])
})

test('an undo takes a change back, and the undo of that one brings it back, and so on', () => {
  const states = (lines: readonly Line[]) => entriesOf(lines).map(({ state, undoneBy }) => [state, undoneBy])
  const first = [begin(1), end(1)]
  const undone = [...first, begin(2, 1), end(2)]
  expect(states(undone)).toEqual([
    ['undone', 2],
    ['applied', null],
  ])
  const again = [...undone, begin(3, 2), end(3)]
  expect(states(again)).toEqual([
    ['applied', null],
    ['undone', 3],
    ['applied', null],
  ])
  const back = [...again, begin(4, 3), end(4)]
  expect(states(back)).toEqual([
    ['undone', 2],
    ['applied', null],
    ['undone', 4],
    ['applied', null],
  ])
  expect(states([...first, begin(2, 1), end(2, 'rolled back')])).toEqual([
    ['applied', null],
    ['rolled back', null],
  ])
  expect(states([...first, begin(2, 1)])).toEqual([
    ['applied', null],
    ['unfinished', null],
  ])
})

test('one that is to be confirmed waits until it is, or is undone', () => {
  const waits = [begin(1, undefined, '2026-01-01T00:01:00.000Z'), end(1)]
  expect(entriesOf(waits)[0]).toMatchObject({
    state: 'unconfirmed',
    confirmBefore: '2026-01-01T00:01:00.000Z',
  })
  expect(entriesOf([...waits, { type: 'confirmed', id: 1, at: '' }])[0]).toMatchObject({
    state: 'applied',
    confirmBefore: null,
  })
  expect(entriesOf([...waits, begin(2, 1), end(2)])[0]).toMatchObject({ state: 'undone', undoneBy: 2 })
})

test('a line that its writer did not end is none, wherever it was torn', () => {
  const whole = text([begin(1), ran(1, 0)])
  const last = text([end(1)])
  for (let at = 0; at < last.length; at += 1) {
    const read = readLines(whole + last.slice(0, at))
    if (!read.ok) throw new Error('not read')
    expect(read.bytes).toBe(Buffer.byteLength(whole))
    expect(entriesOf(read.lines)[0]?.state).toBe('unfinished')
  }
  const read = readLines(whole + last)
  expect(read.ok && entriesOf(read.lines)[0]?.state).toBe('applied')
})

test('a damaged line in the middle is not passed over', () => {
  for (const damaged of ['{"type":"step"', '', 'null', '{"type":"other","id":1}', '{"type":"step","id":"1"}'])
    expect(readLines(`${text([begin(1)])}${damaged}\n${text([end(1)])}`)).toEqual({ ok: false, number: 2 })
})

test('lines that name no change or no step that there is do no harm', () => {
  const lines = [end(7), begin(1), ran(1, 9), { type: 'undone', id: 1, step: -1 } as const]
  expect(entriesOf(lines).map(({ steps }) => steps)).toEqual([['not run', 'not run', 'not run']])
})

test.each([
  ['a plan without steps', { ...begin(1), plan: { ...three, steps: undefined } }],
  ['a plan that is none', { ...begin(1), plan: 'x' }],
  [
    'a step without a command',
    { ...begin(1), plan: { ...three, steps: [{ ...three.steps[0], command: {} }] } },
  ],
  [
    'a step with an inverse that is none',
    { ...begin(1), plan: { ...three, steps: [{ ...three.steps[0], undo: [{}] }] } },
  ],
  [
    'a step without touches',
    { ...begin(1), plan: { ...three, steps: [{ ...three.steps[0], touches: [{}] }] } },
  ],
  ['a fact that is none', { ...begin(1), plan: { ...three, steps: [{ ...three.steps[0], after: [7] }] } }],
  ['a step that is not counted', { type: 'step', id: 1, step: 'first' }],
  ['an end that says nothing', { type: 'end', id: 1, at: '' }],
  ['something left that says nothing', { type: 'left', id: 1, step: 0 }],
])('a line with %s is damaged, and nobody works with it', (_, line) => {
  const all = `${text([begin(1), ran(1, 0)])}${JSON.stringify(line)}\n`
  expect(readLines(all)).toEqual({ ok: false, number: 3 })
})

test('what is asked of an engine is a command; what is none of that is damaged', () => {
  const request = { socket: '/run/docker.sock', method: 'DELETE', path: '/networks/n' }
  const asking = (asked: object) => ({
    ...begin(1),
    plan: { ...three, steps: [{ ...three.steps[0], command: { argv: ['curl'], request: asked } }] },
  })
  const isUnderstood = (asked: object) => readLines(`${JSON.stringify(asking(asked))}\n`).ok
  expect(isUnderstood(request)).toBe(true)
  for (const wrong of [{ ...request, method: 'GET' }, { ...request, socket: 7 }, { method: 'POST' }])
    expect(isUnderstood(wrong)).toBe(false)
})

test('a fact of each kind that a plan may have is understood', () => {
  const link = { at: 'host', name: 'a', there: true }
  const rows = {
    ...link,
    link: 'a',
    address: 'x',
    lladdr: 'x',
    dst: null,
    destination: 'x',
    table: 254,
    via: null,
    metric: null,
  }
  const rest = {
    value: '1',
    path: '/x',
    text: null,
    backend: 'iptables-nft',
    family: 'ip',
    chain: 'c',
    comment: 'd',
    rules: { a: 1 },
    engine: 'docker',
    socket: '/run/docker.sock',
    network: 'n',
    container: 'c',
    lines: ['-A c -j RETURN'],
  }
  for (const { shape } of factSchema.options) {
    const { value: kind } = shape.kind
    const table = kind === 'rule' || kind === 'chain-rules' ? { table: 'filter' } : {}
    const fact = factSchema.parse({ ...rows, ...rest, ...table, kind })
    const line = {
      ...begin(1),
      plan: { ...three, steps: [{ ...three.steps[0], before: [fact], after: [fact] }] },
    }
    expect([kind, readLines(`${JSON.stringify(line)}\n`).ok]).toEqual([kind, true])
  }
})
