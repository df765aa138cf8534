import {
  lstatSync,
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
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { worldJson } from '../../src/snapshot/world-json.ts'
import { refusalToWrite } from '../../src/lib/new-file.ts'
import { writeSnapshot } from '../../src/snapshot/write-snapshot.ts'
import { bridgedPair, link, netns, world } from '../support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-write-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const place = (name: string): string => join(folder, name)

test('what was written is read back the same, compressed by its name', async () => {
  const pair = bridgedPair()
  const plain = await writeSnapshot(pair, place('a.json'))
  expect(plain).toEqual({ ok: true, value: { file: place('a.json'), bytes: statSync(place('a.json')).size } })
  expect((await writeSnapshot(pair, place('a.json.gz'))).ok).toBe(true)
  expect(gunzipSync(readFileSync(place('a.json.gz'))).equals(readFileSync(place('a.json')))).toBe(true)
  expect(await readSnapshot(place('a.json.gz'))).toEqual({ ok: true, value: pair })
})

test('the file is for its owner only', async () => {
  const before = process.umask(0)
  try {
    await writeSnapshot(bridgedPair(), place('mode.json'))
  } finally {
    process.umask(before)
  }
  expect(statSync(place('mode.json')).mode & 0o777).toBe(0o600)
})

test('nothing that is there is written over, and no link is followed', async () => {
  writeFileSync(place('there'), 'mine')
  symlinkSync(place('target'), place('link'))
  symlinkSync(place('there'), place('link-to-there'))
  mkdirSync(place('dir'))
  const says = async (name: string) => {
    const result = await writeSnapshot(bridgedPair(), name.startsWith('/') ? name : place(name))
    // What could be said before the reading is the same.
    const early = await refusalToWrite(name.startsWith('/') ? name : place(name))
    if (!name.endsWith('/')) expect(early).toEqual(result.ok ? null : result.failure)
    return result.ok ? 'written' : [result.failure.kind, result.failure.what.replace(/".*"/, 'FILE')]
  }
  expect(await says('there')).toEqual(['refused', 'cannot write FILE: it exists'])
  expect(await says('link')).toEqual(['refused', 'cannot write FILE: it is a symbolic link'])
  expect(await says('link-to-there')).toEqual(['refused', 'cannot write FILE: it is a symbolic link'])
  expect(await says('dir')).toEqual(['refused', 'cannot write FILE: it is a folder'])
  expect(await says('/dev/full')).toEqual(['refused', 'cannot write FILE: it is not a file'])
  expect(await says('no/such/folder')).toEqual(['not-found', 'cannot write FILE: the folder does not exist'])
  expect(await says('there/x')).toEqual(['not-found', 'cannot write FILE: the folder does not exist'])
  expect(await says('new/')).toEqual(['refused', 'cannot write FILE: it names a folder'])
  expect(readFileSync(place('there'), 'utf8')).toBe('mine')
  expect(await refusalToWrite(place('not-there'))).toBeNull()
  expect(readdirSync(folder)).not.toContain('not-there')
  expect(readdirSync(folder)).not.toContain('target')
})

test('a write that is stopped leaves nothing', async () => {
  const stopped = await writeSnapshot(bridgedPair(), place('stopped.json'), { signal: AbortSignal.abort() })
  expect(!stopped.ok && stopped.failure.what).toMatch(/stopped; nothing was kept$/)
  expect(readdirSync(folder)).not.toContain('stopped.json')
})

test.runIf(process.getuid?.() === 0)('under sudo it belongs to who called', async () => {
  const env = { SUDO_UID: '12345', SUDO_GID: '23456' }
  expect((await writeSnapshot(bridgedPair(), place('sudo.json'), { env })).ok).toBe(true)
  expect(lstatSync(place('sudo.json'))).toMatchObject({ uid: 12345, gid: 23456 })
  for (const [at, id] of ['1x', '', '-1', '4294967295', '9999999999', '0x10'].entries()) {
    const file = place(`odd${at}.json`)
    const made = await writeSnapshot(bridgedPair(), file, { env: { SUDO_UID: id, SUDO_GID: '1000' } })
    expect([id, made.ok]).toEqual([id, true])
    expect(lstatSync(file), id).toMatchObject({ uid: 0, gid: 0 })
  }
})

test('no control byte comes out, whatever the names hold', () => {
  const name = '\x1b[2J\x07\x9b31m\u202e\x7f'
  const one = world([netns(1, name, { links: [link('veth', { ifindex: 2, name, alias: name })] })], {
    hostName: name,
  })
  const json = [...worldJson(one)].join('')
  expect(json).toMatch(/^[\x20-\x7e\n]*$/)
  expect(JSON.parse(json)).toEqual(one)
})
