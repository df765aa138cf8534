import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readFiles } from '../../../src/change/check/read-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-read-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('files and folders as they are: no link is followed, nothing is waited for, what is too large is not read', async () => {
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('hosts'), '127.0.0.1 localhost\n')
  writeFileSync(at('large'), Buffer.alloc(1024 * 1024 + 1, 'a'))
  mkdirSync(at('lab'))
  symlinkSync(at('hosts'), at('link'))
  execFileSync('mkfifo', [at('fifo')])
  const files = ['hosts', 'large', 'link', 'fifo', 'none', 'hosts/below'].map((name) => ({
    kind: 'file' as const,
    path: at(name),
    text: null,
  }))
  const seen = await readFiles([
    ...files,
    { kind: 'folder', path: at('lab'), there: true },
    { kind: 'netns', name: 'web', there: true },
  ])
  expect(
    Object.fromEntries([...seen].map(([path, value]) => [path.slice(folder.length + 1), value])),
  ).toEqual({
    hosts: '127.0.0.1 localhost\n',
    large: { unknown: `${at('large')} is larger than 1048576 bytes` },
    link: { is: 'other' },
    fifo: { is: 'other' },
    none: null,
    'hosts/below': null,
    lab: { is: 'folder', isEmpty: true },
  })
})
