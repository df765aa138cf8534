import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { checkConfig, checkKeys } from '../../src/config/check-config.ts'
import { keyTrouble } from '../../src/tui/key-clash.ts'
import { chosenTheme } from '../../src/tui/themes.ts'
import { configFile, loadConfig, withoutConfig } from '../../src/config/load-config.ts'

const home = mkdtempSync(join(tmpdir(), 'vethscope-config-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const folder = join(home, 'vethscope')
const file = join(folder, 'config.json')
const env = { XDG_CONFIG_HOME: home }
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
})

function written(content: unknown): void {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 })
}

const whole = {
  $schema: 'https://example/config.schema.json',
  theme: 'light',
  keys: { quit: ['q', 'C-q', 'f10', 'M-x', 'S-tab', 'ä'], find: [] },
  leaveKey: 'C-g',
  sockets: { docker: ['/run/other/docker.sock'], podman: [] },
  mouse: true,
  ascii: false,
}

test('what may be set is read as it stands', async () => {
  written(whole)
  expect(await loadConfig(env)).toEqual({ ok: true, value: { file, state: 'read', config: whole } })
})

test('none is none; left out is not looked at; and where there is no home there is nothing', async () => {
  expect(await loadConfig(env)).toEqual({ ok: true, value: { file, state: 'none', config: {} } })
  written('broken')
  expect(withoutConfig(env)).toEqual({ file, state: 'left out', config: {} })
  expect(await loadConfig({})).toEqual({ ok: true, value: { file: null, state: 'none', config: {} } })
  expect(configFile({ HOME: '/root', XDG_CONFIG_HOME: 'relative' })).toBe(
    '/root/.config/vethscope/config.json',
  )
})

test('below a folder that this user may not search it is as if there were none; one that may not be read is an error', async () => {
  const isRoot = process.geteuid?.() === 0
  written(whole)
  // Root may search everything.
  if (isRoot) process.seteuid?.(65_534)
  else chmodSync(folder, 0o600)
  try {
    const loaded = await loadConfig(env)
    expect(loaded).toEqual({ ok: true, value: { file, state: 'out of reach', config: {} } })
    expect(chosenTheme({}, env)).toMatchObject({ ok: true, value: { name: 'dark' } })
  } finally {
    if (isRoot) process.seteuid?.(0)
    else chmodSync(folder, 0o700)
  }
  chmodSync(home, 0o755)
  chmodSync(folder, 0o755)
  chmodSync(file, isRoot ? 0o600 : 0)
  if (isRoot) process.seteuid?.(65_534)
  try {
    expect(await loadConfig(env)).toMatchObject({ ok: false, failure: { kind: 'permission' } })
  } finally {
    if (isRoot) process.seteuid?.(0)
    chmodSync(home, 0o700)
  }
})

describe('what is wrong is told with its place and what was probably meant', () => {
  test.each([
    [{ them: 'x' }, 'them is nothing that can be set', 'did you mean theme?'],
    [
      { sockets: { docke: [] } },
      'sockets.docke is nothing that can be set; there are docker, podman',
      'did you mean docker?',
    ],
    [{ mouse: 'yes' }, 'mouse must be true or false', ''],
    [{ theme: 7 }, 'theme must be text', ''],
    [{ theme: '' }, 'theme is empty', ''],
    [{ keys: { quit: 'q' } }, 'keys.quit must be a list', ''],
    [{ keys: { quit: ['Ctrl-q'] } }, 'keys.quit.0 is no key: a character, or a name such as enter', ''],
    [{ keys: { quit: ['q', 'C-'] } }, 'keys.quit.1 is no key', ''],
    [{ keys: { quit: ['\x1b'] } }, 'keys.quit.0 is no key', ''],
    [{ sockets: { podman: ['run/podman.sock'] } }, 'sockets.podman.0 must be an absolute path', ''],
    [[], 'the config must be an object', ''],
    [{ 'a\x1b[2J': 1 }, String.raw`a\x1b[2J is nothing that can be set`, ''],
  ])('%j', (value, what, meant) => {
    const checked = checkConfig(value, '/x/config.json')
    expect(checked).toMatchObject({
      ok: false,
      failure: { kind: 'usage', what: expect.stringContaining(`/x/config.json: ${what}`) },
    })
    if (!checked.ok)
      expect(checked.failure.hint).toBe(`${meant}${meant === '' ? '' : ' '}--no-config starts without it`)
  })

  test('what is no JSON, with line and column', async () => {
    written('{\n  "theme": "dark",\n  mouse: true\n}\n')
    expect(await loadConfig(env)).toMatchObject({
      failure: { what: `${file}: it is not JSON: line 3, column 3: expected a name in quotes, found "m"` },
    })
    written('{ "theme": ')
    expect(await loadConfig(env)).toMatchObject({
      failure: { what: expect.stringContaining('line 1, column 12: the file ends too early') },
    })
    // Of these V8 does not tell the place, but quotes the text.
    written('{"theme":\n  secret}')
    expect(await loadConfig(env)).toMatchObject({
      failure: { what: `${file}: it is not JSON: line 2, column 3: expected a value, found "s"` },
    })
    written(`{"keys":${'['.repeat(500)}${']'.repeat(500)}}`)
    expect(await loadConfig(env)).toMatchObject({
      failure: { what: expect.stringContaining('nested more than 32 deep') },
    })
  })

  test('an action that is none', () => {
    const facts = { actions: ['quit', 'find', 'page-down'], trouble: () => null }
    expect(checkKeys({ quit: ['q'] }, facts, 'c')).toBe(null)
    expect(checkKeys(undefined, facts, 'c')).toBe(null)
    expect(checkKeys({ 'page-donw': ['x'] }, facts, 'c')).toMatchObject({
      what: 'c: keys.page-donw is no action',
      hint: 'did you mean page-down? --no-config starts without it',
    })
    expect(checkKeys({ constructor: ['x'] }, facts, 'c')).not.toBe(null)
  })

  test.each([
    [{ quit: ['f'], find: ['f'] }, 'keys.find.0 is f, which quit has too (in topology)'],
    [{ find: ['f', 'C-]'] }, 'keys.find.1 is C-], which shell-leave has too (in topology)'],
    [{ find: ['C-c'] }, 'keys.find.0 is C-c, which interrupt has too (in topology)'],
    [{ find: ['C-m'] }, 'keys.find.0 is C-m, which terminals send as enter'],
  ])('keys that mean two things, or that no terminal sends: %j', (keys, what) => {
    const trouble = () => keyTrouble(keys, undefined)
    const problem = checkKeys(keys, { actions: Object.keys(keys), trouble }, '/x/config.json')
    expect(problem).toMatchObject({
      kind: 'usage',
      what: expect.stringContaining(`/x/config.json: ${what}`),
      hint: '--no-config starts without it',
    })
  })
})

describe('a file that somebody else could have written is not read', () => {
  const refusal = async (uid?: number) => {
    const loaded = await loadConfig(env, uid)
    return loaded.ok ? 'read' : loaded.failure.what
  }
  const isRoot = process.getuid?.() === 0

  test('nor one in such a folder, nor what is no file', async () => {
    written(whole)
    expect(await refusal()).toBe('read')
    chmodSync(file, 0o602)
    expect(await refusal()).toMatch(/config\.json may be written by other users$/)
    chmodSync(file, 0o600)
    chmodSync(folder, 0o707)
    expect(await refusal()).toMatch(/vethscope may be written by other users$/)
    chmodSync(folder, 0o700)
    written(' '.repeat(70_000))
    expect(await refusal()).toMatch(/is larger than 65536 bytes$/)
    rmSync(file)
    mkdirSync(file)
    expect(await refusal()).toMatch(/regular file$/)
  })

  test('a link to a file of one’s own is followed, one into a folder that anybody may write is not', async () => {
    const other = join(home, 'dotfiles.json')
    writeFileSync(other, '{}', { mode: 0o600 })
    symlinkSync('../dotfiles.json', file)
    expect(await refusal()).toBe('read')
    rmSync(file)
    const open = join(home, 'open')
    mkdirSync(open, { recursive: true })
    chmodSync(open, 0o777)
    writeFileSync(join(open, 'c.json'), '{}', { mode: 0o600 })
    symlinkSync(join(open, 'c.json'), file)
    expect(await refusal()).toMatch(/open may be written by other users$/)
  })

  test.runIf(isRoot)('by root: one of another user, or in a folder of theirs; a group’s', async () => {
    written(whole)
    chownSync(file, 1000, 1000)
    expect(await refusal()).toMatch(/config\.json belongs to another user \(uid 1000\)$/)
    chownSync(file, 0, 1000)
    chmodSync(file, 0o660)
    expect(await refusal()).toMatch(/may be written by other users$/)
    chmodSync(file, 0o600)
    chownSync(folder, 1000, 1000)
    expect(await refusal()).toMatch(/vethscope belongs to another user/)
    // It is theirs, and root's files are trusted too.
    expect(await refusal(1000)).toBe('read')
    chownSync(folder, 0, 0)
  })
})

test('the schema for editors says the same of names', () => {
  const schema = JSON.parse(readFileSync(new URL('../../docs/config.schema.json', import.meta.url), 'utf8'))
  expect(Object.keys(schema.properties)).toEqual(Object.keys(whole))
  expect(schema.additionalProperties).toBe(false)
  expect(schema.properties.keys.propertyNames.enum).toContain('quit')
})
