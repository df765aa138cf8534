import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/lib/run.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vethscope-run-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const sh = (script: string, ...args: readonly string[]) => ['sh', '-c', script, 'sh', ...args]

test('gives the exit code and both outputs', async () => {
  const result = await run(sh('echo out; echo err >&2; exit 7'))
  expect(result).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n', problem: null })
})

test('passes arguments as they are, never through a shell', async () => {
  const nasty = `$(touch ${folder}/hacked); "quoted" 'single' * ~ \n -rf`
  const result = await run(['printf', '%s', nasty])
  expect(result.stdout).toBe(nasty)
  expect(existsSync(join(folder, 'hacked'))).toBe(false)
})

test('tells what cannot start apart', async () => {
  const script = join(folder, 'plain')
  writeFileSync(script, 'echo never\n', { mode: 0o644 })
  expect((await run(['vethscope-no-such-tool'])).problem).toBe('not found')
  expect((await run([script])).problem).toBe('not executable')
  expect((await run([folder])).problem).toBe('not executable')
  expect((await run(['echo', 'a\0b'])).problem).toMatch(/NUL/)
  expect((await run(['echo', 'a'.repeat(3_000_000)])).problem).toBe('its arguments are too long')
})

test('speaks English to a user of another language, and keeps the rest of the environment', async () => {
  process.env['VETHSCOPE_TEST_SEEN'] = 'yes'
  const result = await run(sh('echo "$LC_ALL $VETHSCOPE_TEST_SEEN"'))
  expect(result.stdout).toBe('C yes\n')
})

test('gives no standard input unless there is some', async () => {
  expect((await run(['cat'])).stdout).toBe('')
  expect((await run(['cat'], { input: 'a\nb' })).stdout).toBe('a\nb')
})

test('survives a child that does not read its input', async () => {
  expect(await run(['true'], { input: 'x'.repeat(4_000_000) })).toMatchObject({ exitCode: 0, problem: null })
})

test('ends a child at its time, also one that ignores SIGTERM', async () => {
  const file = join(folder, 'pid')
  const started = Date.now()
  const result = await run(sh(`trap '' TERM; echo $$ > "$1"; while :; do sleep 0.05; done`, file), {
    timeoutMs: 300,
  })
  expect(result).toMatchObject({ exitCode: null, problem: 'timed out after 300 ms' })
  expect(Date.now() - started).toBeLessThan(4000)
  expect(existsSync(`/proc/${readFileSync(file, 'utf8').trim()}`)).toBe(false)
})

test('does not wait for a grandchild that keeps the output open', async () => {
  const started = Date.now()
  const result = await run(sh('sleep 8 & echo $!'), { timeoutMs: 300 })
  expect(result).toMatchObject({ exitCode: null, problem: 'timed out after 300 ms' })
  expect(Date.now() - started).toBeLessThan(5000)
  process.kill(Number(result.stdout.trim()), 'SIGKILL')
})

test('stops reading at the limit', async () => {
  const result = await run(['yes'], { maxBytes: 1000, timeoutMs: 5000 })
  expect(result).toMatchObject({ exitCode: null, problem: 'printed more than it may' })
  expect(result.stdout.length).toBeLessThanOrEqual(1000)
  expect((await run(sh('yes >&2'), { maxBytes: 1000, timeoutMs: 5000 })).problem).toBe(
    'printed more than it may',
  )
})

test('is cancelled by its signal, before and while it runs', async () => {
  expect((await run(['sleep', '9'], { signal: AbortSignal.abort() })).problem).toBe('cancelled')
  const started = Date.now()
  expect((await run(['sleep', '9'], { signal: AbortSignal.timeout(100) })).problem).toBe('cancelled')
  expect(Date.now() - started).toBeLessThan(4000)
})

test('says by which signal a child died', async () => {
  expect(await run(sh('kill -9 $$'))).toMatchObject({ exitCode: null, problem: 'killed by SIGKILL' })
})
