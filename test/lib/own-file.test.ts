import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
  chownSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { distrust } from '../../src/lib/distrust.ts'
import { createOwnFile } from '../../src/lib/own-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-own-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a file is new, for its owner alone, in folders that are made', () => {
  const file = join(folder, 'a/b/log')
  const made = createOwnFile(file)
  if (!made.ok) throw new Error(made.failure.what)
  writeSync(made.value, 'x')
  closeSync(made.value)
  expect(readFileSync(file, 'utf8')).toBe('x')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
})

test('never one that is there, never through a link, also one that leads nowhere', () => {
  const there = join(folder, 'there')
  writeFileSync(there, 'precious')
  symlinkSync(join(folder, 'victim'), join(folder, 'link'))
  expect(createOwnFile(there)).toMatchObject({ failure: { what: `cannot make "${there}": it exists` } })
  expect(createOwnFile(join(folder, 'link')).ok).toBe(false)
  expect(readFileSync(there, 'utf8')).toBe('precious')
  expect(() => statSync(join(folder, 'victim'))).toThrow()
})

test('not in a folder that anybody may write, unless only owners may move what is in it', () => {
  const open = join(folder, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  expect(createOwnFile(join(open, 'log'))).toMatchObject({
    failure: { kind: 'permission', what: expect.stringMatching(/open may be written by other users$/) },
  })
  chmodSync(open, 0o1777)
  expect(createOwnFile(join(open, 'log')).ok).toBe(true)
})

test('links on the way are followed by eye', () => {
  const real = join(folder, 'real')
  mkdirSync(join(real, 'deep'), { recursive: true })
  symlinkSync('real/deep', join(folder, 'short'))
  expect(distrust(join(folder, 'short/x'))).toBe(null)
  symlinkSync('loop', join(folder, 'loop'))
  expect(distrust(join(folder, 'loop'))).toMatch(/too many links$/)
  chmodSync(real, 0o777)
  expect(distrust(join(folder, 'short/x'))).toMatch(/real may be written by other users$/)
  symlinkSync('real/../real/deep', join(folder, 'winding'))
  expect(distrust(join(folder, 'winding'))).toMatch(/real may be written/)
  expect(distrust('/nowhere/at/all')).toBe(null)
})

test.runIf(process.getuid?.() === 0)('root writes nowhere below what another user owns', () => {
  const theirs = join(folder, 'theirs')
  mkdirSync(join(theirs, 'state'), { recursive: true, mode: 0o755 })
  chownSync(theirs, 1000, 1000)
  expect(createOwnFile(join(theirs, 'state/log'))).toMatchObject({
    failure: { what: expect.stringMatching(/theirs belongs to another user \(uid 1000\)$/) },
  })
  expect(distrust(join(theirs, 'state'), 1000)).toBe(null)
  expect(distrust(join(theirs, 'state'), 1001)).not.toBe(null)
})
