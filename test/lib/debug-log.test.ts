import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-debug-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// Each test has a log of its own.
beforeEach(() => vi.resetModules())

test('the last lines are kept without a file; with one it has them all, harmless and not endless', async () => {
  const log = await import('../../src/lib/debug-log.ts')
  for (let line = 1; line <= 60; line += 1) log.debug('count', String(line))
  expect(log.lastLines()).toHaveLength(50)
  expect(log.lastLines()[0]).toMatch(/^\d{4}-\S+Z main count 11$/)
  expect(log.isDebugging()).toBe(false)
  const fd = openSync(join(folder, 'log'), 'a')
  log.debugTo(fd, 'worker')
  log.debug('run', `ip \x1b[2J${'x'.repeat(1000)}`)
  expect(log.debugFd()).toBe(fd)
  closeSync(fd)
  const text = readFileSync(join(folder, 'log'), 'utf8')
  expect(text).toMatch(/^\S+ worker run ip \\x1b\[2Jx+\n$/)
  expect(text.length).toBeLessThan(500)
  // The file is gone: the program goes on.
  log.debug('run', 'more')
  expect(log.isDebugging()).toBe(false)
})

test('a crash report is for its owner alone, and holds what helps and no secrets', async () => {
  const [{ debug }, { writeCrashReport }] = await Promise.all([
    import('../../src/lib/debug-log.ts'),
    import('../../src/lib/crash-report.ts'),
  ])
  debug('worker', 'world')
  const env = {
    XDG_STATE_HOME: folder,
    HOME: '/home/alice',
    TERM: 'xterm',
    SECRET_TOKEN: 'hunter2',
    TMUX: '/tmp/tmux-0',
  }
  const error = new Error('bad \x1b]0;title\x07 in /home/alice/x')
  const file = writeCrashReport(error, { version: '1.2.3', argv: ['show', '--from', '/home/alice/x'], env })
  expect(file).toMatch(/\/vethscope\/crash-\d{8}T\d{6}Z-\d+\.txt$/)
  const text = readFileSync(file ?? '', 'utf8')
  expect(statSync(file ?? '').mode & 0o777).toBe(0o600)
  expect(text).toMatch(/^vethscope 1\.2\.3, Node v\d+/)
  expect(text).toContain('command: vethscope show --from ~/x')
  expect(text).toContain('TERM=xterm TMUX=set')
  expect(text).toContain(String.raw`Error: bad \x1b]0;title\x07 in ~/x`)
  expect(text).toContain('debug-log.test.ts')
  expect(text).toContain('main worker world')
  for (const secret of ['hunter2', '/home/alice', '/tmp/tmux', '\x1b']) expect(text).not.toContain(secret)
})

test('where no report can be written there is none, and nothing is thrown', async () => {
  const { writeCrashReport } = await import('../../src/lib/crash-report.ts')
  const facts = { version: '1', argv: [] }
  expect(writeCrashReport(new Error('x'), { ...facts, env: {} })).toBe(null)
  expect(writeCrashReport(new Error('x'), { ...facts, env: { XDG_STATE_HOME: '/proc/nowhere' } })).toBe(null)
  expect(
    writeCrashReport(undefined, { ...facts, now: new Date(0), env: { XDG_STATE_HOME: folder } }),
  ).not.toBe(null)
  expect(readdirSync(join(folder, 'vethscope')).length).toBeGreaterThan(0)
})
