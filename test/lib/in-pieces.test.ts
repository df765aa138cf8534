import { expect, test } from 'vitest'
import { inOneGo, inPieces } from '../../src/lib/in-pieces.ts'

function* counting(log: string[], pieces: number, busyMs = 0) {
  try {
    for (let at = 0; at < pieces; at++) {
      for (const end = performance.now() + busyMs; performance.now() < end;);
      yield
    }
    return 'done'
  } finally {
    log.push('closed')
  }
}

test('gives what comes out, in one go or in pieces', async () => {
  expect(inOneGo(counting([], 3))).toBe('done')
  const log: string[] = []
  expect(await inPieces(counting(log, 3, 2), () => true)).toEqual({ value: 'done', ms: expect.any(Number) })
  expect(log).toEqual(['closed'])
})

test('others get their turn while it works', async () => {
  let turns = 0
  const timer = setInterval(() => (turns += 1), 1)
  const made = await inPieces(counting([], 20, 3), () => true)
  clearInterval(timer)
  expect(turns).toBeGreaterThan(2)
  expect(made?.ms).toBeGreaterThan(55)
})

test('given up, it ends and closes what it holds', async () => {
  const log: string[] = []
  let asked = 0
  expect(await inPieces(counting(log, 1000, 3), () => ++asked < 3)).toBeNull()
  expect([asked, log]).toEqual([3, ['closed']])
})

test('what it throws comes out', async () => {
  const broken = function* (): Generator<void, never, void> {
    yield
    throw new Error('broken')
  }
  await expect(inPieces(broken(), () => true)).rejects.toThrow('broken')
})
