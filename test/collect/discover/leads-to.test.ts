import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createLeadsTo } from '../../../src/collect/discover/leads-to.ts'
import { netnsId, type NetnsId } from '../../../src/model/ids.ts'

let root: string
let id: NetnsId

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vethscope-leads-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'run/netns'), { recursive: true })
  writeFileSync(join(root, 'run/netns/a'), '')
  id = netnsId(statSync(join(root, 'run/netns/a')).ino)
})

const leads = (path: string) => createLeadsTo()(root, path, id)

test('a path without links that ends at the inode leads there', () => {
  expect(leads('/run/netns/a')).toBe(true)
})

test('another file at the place does not', () => {
  renameSync(join(root, 'run/netns/a'), join(root, 'run/kept'))
  writeFileSync(join(root, 'run/netns/a'), '')
  expect(leads('/run/netns/a')).toBe(false)
})

test('a link on the way is not followed, though it ends at the right inode', () => {
  symlinkSync(join(root, 'run/netns'), join(root, 'run/link'))
  expect(leads('/run/link/a')).toBe(false)
  symlinkSync(join(root, 'run/netns/a'), join(root, 'run/netns/b'))
  expect(leads('/run/netns/b')).toBe(false)
  linkSync(join(root, 'run/netns/a'), join(root, 'run/netns/c'))
  expect(leads('/run/netns/c')).toBe(true)
})

test('what is missing, relative or climbs does not', () => {
  for (const path of [
    '/run/none/a',
    '/run/netns/none',
    'run/netns/a',
    '/',
    '/run/../run/netns/a',
    '/run//netns/a',
  ]) {
    expect(leads(path), path).toBe(false)
  }
})
