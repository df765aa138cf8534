/** TLS with servers that do not come that far, without a namespace. */
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { secure } from '../../../src/probe/http/secure.ts'

const wait = { ms: 2000, signal: new AbortController().signal }

test('a server that resets at once, while the authorities are still read', async () => {
  const plain = new Socket()
  const secured = secure(plain, 'web', wait)
  plain.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
  expect((await secured).error).toEqual({
    what: 'tls',
    says: 'the server hung up before TLS came about',
  })
})

test('a server that closes at once', async () => {
  const plain = new Socket()
  const secured = secure(plain, 'web', wait)
  plain.destroy()
  expect((await secured).error).toEqual({
    what: 'tls',
    says: 'the server hung up before TLS came about',
  })
})
