import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openJournal, readJournal } from '../../../src/change/apply/journal-file.ts'
import type { Line } from '../../../src/change/apply/line.ts'
import { processStart } from '../../../src/lib/process-start.ts'
import { claimFolder, isOfDead, makeStateFolder } from '../../../src/change/apply/state-folder.ts'
import { planWith, writeStep } from './support-steps.ts'

let top = ''
let folder = ''
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vethscope-state-'))
  folder = join(top, 'vethscope/4026531840')
})
afterEach(() => rmSync(top, { recursive: true, force: true }))

const begin: Line = {
  type: 'begin',
  id: 1,
  at: '',
  pid: 1,
  plan: planWith([writeStep('/nowhere', 'a')]),
  confirmBefore: null,
}

function made(): void {
  expect(makeStateFolder(folder)).toEqual({ ok: true, value: undefined })
}

function opened() {
  const journal = openJournal(folder)
  if (!journal.ok) throw new Error(journal.failure.what)
  return journal.value
}

test('it is made for its owner alone, with the folder of the records, and once more without harm', () => {
  made()
  made()
  for (const each of ['..', '.', 'lab']) expect(statSync(join(folder, each)).mode & 0o777).toBe(0o700)
})

test('a link in its place, a file, or a folder that others may write is refused', () => {
  const parent = join(top, 'vethscope')
  mkdirSync(join(top, 'elsewhere'))
  symlinkSync(join(top, 'elsewhere'), parent)
  expect(makeStateFolder(folder)).toMatchObject({
    ok: false,
    failure: { what: `nothing is kept in ${parent}: it is no folder` },
  })
  expect(readdirSync(join(top, 'elsewhere'))).toEqual([])
  rmSync(parent)
  writeFileSync(parent, '')
  expect(makeStateFolder(folder)).toMatchObject({ ok: false })
  rmSync(parent)
  mkdirSync(parent)
  chmodSync(parent, 0o777)
  expect(makeStateFolder(folder)).toMatchObject({
    failure: { what: `nothing is kept in ${parent}: it may be written by other users` },
  })
})

test('of a namespace that is gone nothing is believed: the records go, the journal is put aside', () => {
  made()
  const first = { cookie: '7', bootId: 'boot' }
  expect(claimFolder(folder, first)).toMatchObject({ ok: true })
  opened().append(begin)
  writeFileSync(join(folder, 'lab/network-lab0.json'), '{}')
  for (const same of [first, { cookie: null, bootId: 'boot' }, { cookie: '7', bootId: null }]) {
    expect(isOfDead(folder, same)).toBe(false)
    expect(claimFolder(folder, same)).toMatchObject({ ok: true })
    expect(readJournal(folder)).toMatchObject({ value: [{ id: 1 }] })
  }
  const second = { cookie: '8', bootId: 'boot' }
  expect(isOfDead(folder, second)).toBe(true)
  expect(isOfDead(folder, { cookie: '7', bootId: 'another boot' })).toBe(true)
  expect(claimFolder(folder, second)).toMatchObject({ ok: true })
  expect(readJournal(folder)).toEqual({ ok: true, value: [] })
  expect(readdirSync(join(folder, 'lab'))).toEqual([])
  expect(existsSync(join(folder, 'journal.gone'))).toBe(true)
  expect(isOfDead(folder, second)).toBe(false)
})

test('a torn last line goes before the next one is written', () => {
  made()
  const journal = opened()
  journal.append(begin)
  journal.close()
  const file = join(folder, 'journal')
  writeFileSync(file, '{"type":"step","id":1,"st', { flag: 'a' })
  expect(readJournal(folder)).toMatchObject({ value: [{ id: 1, steps: ['not run'] }] })
  const again = opened()
  again.append({ type: 'step', id: 1, step: 0 })
  again.close()
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3)
  expect(readJournal(folder)).toMatchObject({ value: [{ id: 1, steps: ['started'] }] })
})

test('a damaged journal, a link or a FIFO in its place is told, not passed over', () => {
  made()
  const file = join(folder, 'journal')
  writeFileSync(file, `not a line\n${JSON.stringify(begin)}\n`)
  for (const read of [readJournal(folder), openJournal(folder)])
    expect(read).toMatchObject({
      ok: false,
      failure: { what: `${file} cannot be understood: line 1 is damaged` },
    })
  rmSync(file)
  writeFileSync(join(top, 'theirs'), '')
  symlinkSync(join(top, 'theirs'), file)
  expect(readJournal(folder)).toMatchObject({ ok: false })
  expect(openJournal(folder)).toMatchObject({ ok: false })
  expect(readFileSync(join(top, 'theirs'), 'utf8')).toBe('')
})

test('a process has a time at which it was started, and one that is not there has none', () => {
  expect(processStart(process.pid)).toMatch(/^\d+$/)
  expect(processStart(process.pid)).toBe(processStart(process.pid))
  expect(processStart(2 ** 22 + 1)).toBeNull()
})
