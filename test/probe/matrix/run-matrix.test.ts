import { expect, test } from 'vitest'
import type { MatrixRequest } from '../../../src/model/probe.ts'
import { runMatrix } from '../../../src/probe/matrix/run-matrix.ts'

test('more cells than a host has memory for are refused before anything is sent', async () => {
  const request = {
    kind: 'matrix',
    members: Array.from({ length: 1000 }, () => ({})),
    ping: true,
    ports: [1, 2, 3, 4, 5],
  } as unknown as MatrixRequest
  const context = { sockets: () => Promise.reject(new Error('nothing was to be opened')) }
  expect(await runMatrix(request, context as never)).toMatchObject({
    ok: false,
    failure: { kind: 'usage', what: 'matrix: 6,000,000 things to try are more than 5,000,000' },
  })
})
