import { closeSync, fstatSync, openSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { errnoName, loadLibc } from '../../../src/collect/kernel/libc.ts'

afterEach(() => vi.unstubAllEnvs())

test('can be switched off, with the reason and what happens instead', async () => {
  vi.stubEnv('VETHSCOPE_NO_KOFFI', '1')
  const loaded = await loadLibc()
  expect(loaded).toMatchObject({
    ok: false,
    failure: { subject: 'koffi', what: expect.stringContaining('VETHSCOPE_NO_KOFFI') as string },
  })
})

test('calls the C library and names its errors', async () => {
  const loaded = await loadLibc()
  if (!loaded.ok) throw new Error(loaded.failure.what)
  const libc = loaded.value
  expect(libc.open('/no/such/file', 0)).toBe(-1)
  expect(libc.errno()).toBe('ENOENT')
  expect(libc.close(-1)).toBe(-1)
  expect(libc.errno()).toBe('EBADF')
})

test.each(['/proc/self/ns/net', '/proc/self/stat', '/dev/null', '.'])(
  'the inode of %s as fstat has it',
  async (path) => {
    const loaded = await loadLibc()
    if (!loaded.ok) throw new Error(loaded.failure.what)
    const fd = openSync(path, 'r')
    try {
      const { dev, ino } = fstatSync(fd, { bigint: true })
      expect(loaded.value.inodeOf(fd)).toEqual({ dev: Number(dev), ino })
    } finally {
      closeSync(fd)
    }
    expect(loaded.value.inodeOf(-1)).toBeNull()
  },
)

test('error numbers without a name stay numbers', () => {
  expect(errnoName(11)).toBe('EAGAIN')
  expect(errnoName(95)).toBe('EOPNOTSUPP')
  expect(errnoName(524)).toBe('errno 524')
})
