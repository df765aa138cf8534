import { expect, test } from 'vitest'
import { netnsId } from '../../../src/model/ids.ts'
import type { MatrixResult, MatrixVerdict } from '../../../src/model/probe-result.ts'
import { matrixFailures } from '../../../src/derive/probe/matrix-failures.ts'
import { matrixGrid } from '../../../src/derive/probe/matrix-grid.ts'
import { matrixVerdict } from '../../../src/derive/probe/matrix-verdict.ts'

type Of = (from: number, to: number) => MatrixVerdict | null

const matrix = (count: number, of: Of, name = (at: number) => `c${at}`): MatrixResult => {
  const all = Array.from({ length: count }, (_, at) => at)
  return {
    kind: 'matrix',
    ok: false,
    network: 'net',
    members: all.map((at) => ({
      name: name(at),
      address: `10.0.0.${at + 1}`,
      netns: { id: netnsId(at), name: name(at) },
    })),
    tried: [80],
    cells: all.map((from) => all.map((to) => [of(from, to)])),
    ms: all.map(() => all.map(() => [null])),
    seconds: 1,
    mostSockets: 4,
  }
}
const textOf = (result: MatrixResult, columns = 80): readonly string[] =>
  matrixGrid(result, columns).map((line) => line.map(({ text }) => text).join(''))

test('a small one is a grid: rows from, columns to, and a legend of what occurs', () => {
  const result = matrix(3, (from, to) => (to === 2 ? 'refused' : from === 0 && to === 1 ? null : 'connected'))
  expect(textOf(result)).toEqual([
    'port 80: 5 connected, 3 refused, 1 not reached',
    '              1   2   3',
    '1 c0 10.0.0.1 ok  -   ref',
    '2 c1 10.0.0.2 ok  ok  ref',
    '3 c2 10.0.0.3 ok  ok  ref',
    'from rows to columns: ok connected, - not tried, ref refused',
  ])
  expect(matrixGrid(result, 80)[2]?.map(({ tone }) => tone)).toEqual(['plain', 'good', 'weak', 'bad'])
})

test('columns that do not fit stand below; no line is wider', () => {
  const lines = textOf(
    matrix(30, () => 'connected'),
    60,
  )
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  const cells = lines
    .filter((line) => / 10\.0\.0\.\d+ /.test(line))
    .flatMap((line) => line.match(/\bok\b/g) ?? [])
  expect(cells).toHaveLength(900)
})

test('a hostile name reaches no line as control', () => {
  const lines = textOf(
    matrix(
      3,
      () => 'connected',
      () => '\x1b[2Jx',
    ),
  )
  // oxlint-disable-next-line no-control-regex
  expect(lines.join('')).not.toMatch(/[\x00-\x1f]/)
})

test('of many only the failures are told, each in one sentence', () => {
  const result = matrix(500, (from, to) =>
    to === 7 && from !== 7 ? 'timeout' : from === 9 && to === 3 ? 'refused' : 'connected',
  )
  expect(textOf(result)).toEqual([
    'port 80: 249,500 connected, 499 timeout, 1 refused',
    '  to c7 (10.0.0.8): timeout from all 499 others',
    '  from c9 (10.0.0.10): refused to c3 (10.0.0.4)',
  ])
})

test('who reaches nobody is one sentence; many different failures end at a limit that says so', () => {
  expect(
    matrixFailures(
      matrix(10, (from, to) => (from === 2 && to !== 2 ? 'prohibited' : 'connected')),
      0,
    ),
  ).toEqual(['from c2 (10.0.0.3): prohibited to all 9 others'])
  const mixed = matrixFailures(
    matrix(100, (from, to) => ((from + to) % 3 === 0 ? 'timeout' : 'connected')),
    0,
  )
  expect(mixed).toHaveLength(41)
  expect(mixed.at(-1)).toContain('60 more lines')
  expect(
    matrixFailures(
      matrix(5, () => 'connected'),
      0,
    ),
  ).toEqual([])
  expect(
    matrixFailures(
      matrix(4, () => 'lost'),
      0,
    ).length,
  ).toBeGreaterThan(0)
})

test('the verdict counts what was tried', () => {
  expect(matrixVerdict(matrix(2, () => 'connected'))).toEqual({ ok: false, says: 'port 80: all 4 connected' })
})
