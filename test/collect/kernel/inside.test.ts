import { openSync, statSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { inside } from '../../../src/collect/kernel/inside.ts'
import { fakeLibc } from './fake-libc.ts'

/** Opens real files in the place of namespaces, and notes what is done with them. */
function recorded(errno = '', refusedEntry = 'there') {
  const calls: string[] = []
  const opened = new Map<number, string>()
  const libc = fakeLibc({
    open: (path) => {
      if (path.includes('refused')) return -1
      const fd = openSync(path.startsWith('/proc') ? '/' : path, 'r')
      opened.set(fd, path.startsWith('/proc') ? 'home' : 'there')
      return fd
    },
    close: (fd) => {
      calls.push(`close ${opened.get(fd)}`)
      return 0
    },
    setns: (fd) => {
      calls.push(`setns ${opened.get(fd)}`)
      return errno !== '' && opened.get(fd) === refusedEntry ? -1 : 0
    },
    errno: () => errno,
  })
  return { libc, calls }
}

const there = statSync('/tmp', { bigint: true })
const expected = { dev: Number(there.dev), ino: there.ino, paths: ['/tmp'], holders: { sockets: [] } }

test('goes in, works, comes home, closes', () => {
  const { libc, calls } = recorded()
  expect(inside(libc, expected, () => calls.push('work'))).toEqual({ ok: true, value: 2 })
  expect(calls).toEqual(['setns there', 'work', 'setns home', 'close there'])
})

test('comes home when the work throws', () => {
  const { libc, calls } = recorded()
  const work = () => {
    throw new Error('a bug')
  }
  expect(() => inside(libc, expected, work)).toThrow('a bug')
  expect(calls).toEqual(['setns there', 'setns home', 'close there'])
})

test('does not enter what took the place of the expected namespace', () => {
  const { libc, calls } = recorded()
  const other = { ...expected, ino: expected.ino + 1n }
  expect(inside(libc, other, () => calls.push('work'))).toEqual({
    ok: false,
    failure: { unknown: 'was replaced by another namespace', errno: 'ESTALE' },
  })
  expect(calls).toEqual(['close there'])
})

test.each([
  ['ENOENT', /gone/],
  ['EACCES', /permission denied/],
  ['EMFILE', /EMFILE/],
])('a refusal to open (%s) is a value', (errno, text) => {
  const { libc } = recorded(errno)
  expect(inside(libc, { ...expected, paths: ['/refused'] }, () => 1)).toEqual({
    ok: false,
    failure: { unknown: expect.stringMatching(text) as string, errno },
  })
})

test('a refusal to enter is a value, nothing stays open', () => {
  const { libc, calls } = recorded('EPERM')
  expect(inside(libc, expected, () => 1)).toMatchObject({ ok: false, failure: { errno: 'EPERM' } })
  expect(calls).toEqual(['setns there', 'close there'])
})

test('home is opened once', () => {
  const { libc } = recorded()
  let homes = 0
  const counting = fakeLibc({
    open: (path, flags) => {
      if (path.startsWith('/proc')) homes++
      return libc.open(path, flags)
    },
    setns: (fd, type) => libc.setns(fd, type),
    close: (fd) => libc.close(fd),
  })
  inside(counting, expected, () => 1)
  inside(counting, expected, () => 1)
  expect(homes).toBe(1)
})

test('without a way back the process ends, before anything else happens there', () => {
  const { libc, calls } = recorded('EPERM', 'home')
  const abort = vi.spyOn(process, 'abort').mockImplementation(() => {
    throw new Error('aborted')
  })
  expect(() => inside(libc, expected, () => calls.push('work'))).toThrow('aborted')
  expect(abort).toHaveBeenCalledOnce()
  abort.mockRestore()
})
