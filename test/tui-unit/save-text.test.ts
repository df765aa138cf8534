/** The log's file: made anew, for its owner alone, and never through a link. */
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { saveText } from '../../src/tui/save-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-save-'))
afterAll(() => rmSync(folder, { recursive: true }))
const place = (name: string): string => join(folder, name)

test('a name that is taken, by a file or a link, is passed over', async () => {
  writeFileSync(place('a.txt'), 'old')
  symlinkSync(place('target'), place('a-2.txt'))
  const written = await saveText(place('a.txt'), 'new')
  expect(written).toMatchObject({ ok: true, value: { file: place('a-3.txt') } })
  expect(readFileSync(place('a-3.txt'), 'utf8')).toBe('new')
  expect(lstatSync(place('a-3.txt')).mode & 0o777).toBe(0o600)
  expect(readFileSync(place('a.txt'), 'utf8')).toBe('old')
  expect(readdirSync(folder)).not.toContain('target')
})

test('why it could not be written is told', async () => {
  const written = await saveText(place('no-folder/a.txt'), 'new')
  expect(written).toMatchObject({
    ok: false,
    failure: { what: expect.stringContaining('the folder does not exist') },
  })
})
