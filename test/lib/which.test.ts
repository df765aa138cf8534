import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { searchPath, which } from '../../src/lib/which.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vethscope-which-'))
  writeFileSync(join(folder, 'tool'), '#!/bin/sh\n')
  chmodSync(join(folder, 'tool'), 0o755)
  writeFileSync(join(folder, 'text'), 'not a program')
  chmodSync(join(folder, 'text'), 0o644)
  mkdirSync(join(folder, 'folder'))
  symlinkSync('tool', join(folder, 'alias'))
  symlinkSync('nowhere', join(folder, 'dangling'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('finds what can be run, and only that', () => {
  expect(which('tool', ['/nonexistent', folder])).toBe(join(folder, 'tool'))
  expect(which('alias', [folder])).toBe(join(folder, 'alias'))
  for (const name of ['text', 'folder', 'dangling', 'missing', '', '../tool', './tool']) {
    expect(which(name, [folder]), name).toBeNull()
  }
})

test('searches PATH first, then the system’s folders, never a relative one', () => {
  expect(searchPath('/opt/bin:.::bin:/usr/bin')).toEqual([
    '/opt/bin',
    '/usr/bin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/usr/sbin',
    '/sbin',
    '/bin',
  ])
  expect(searchPath('')).toContain('/usr/sbin')
})
