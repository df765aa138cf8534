import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/lib/run.ts'
import { runSmall } from '../../src/lib/run-small.ts'

let folder: string
let holding: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vethscope-run-'))
  holding = openSync(join(folder, 'lock'), 'w+')
})
afterEach(() => {
  closeSync(holding)
  rmSync(folder, { recursive: true })
})

const sh = (script: string): readonly string[] => ['sh', '-c', script]
const small = (
  command: readonly string[],
  more: { readonly timeoutMs?: number; readonly input?: string } = {},
) => runSmall(command, { timeoutMs: 5000, holding, onStart: () => {}, ...more })

test.each<readonly [string, readonly string[], { readonly timeoutMs?: number; readonly input?: string }]>([
  ['exit code and both outputs', sh('echo out; echo err >&2; exit 7'), {}],
  ['arguments as they are', ['printf', '%s', '$(id); "quoted" \n -rf ü'], {}],
  ['not found', ['vethscope-no-such-tool'], {}],
  ['not executable', ['/etc/hostname'], {}],
  ['too long', ['echo', 'a'.repeat(3_000_000)], {}],
  ['English, and where tools are', sh('echo "$LC_ALL $PATH"'), {}],
  ['no input', ['cat'], {}],
  ['empty input', ['cat'], { input: '' }],
  ['input', ['cat'], { input: 'ä'.repeat(100_000) }],
  ['input that nobody reads', ['true'], { input: 'x'.repeat(4_000_000) }],
  ['killed', sh('kill -9 $$'), {}],
  [
    'its time, also where it ignores SIGTERM',
    sh("trap '' TERM; echo on; while :; do sleep 0.05; done"),
    { timeoutMs: 300 },
  ],
  ['a grandchild that keeps the output open', sh('sleep 8 & echo on'), { timeoutMs: 300 }],
])('says the same as run: %s', async (_, command, more) => {
  expect(await small(command, more)).toEqual(await run(command, { timeoutMs: 5000, holding, ...more }))
})

test('the file is open in it as 3, nothing else is, and it is in a session of its own', async () => {
  writeFileSync(join(folder, 'other'), '')
  const other = openSync(join(folder, 'other'), 'r')
  const { stdout } = await small(
    sh('readlink /proc/$$/fd/3; ls -l /proc/$$/fd | grep -c other; cut -d" " -f6 /proc/$$/stat; echo $$'),
  )
  closeSync(other)
  const [file, count, session, pid] = stdout.trim().split('\n')
  expect([file, count, session === pid]).toEqual([join(folder, 'lock'), '0', true])
})

test('its start is told at once', async () => {
  const told: string[] = []
  const ran = runSmall(sh(`sleep 0.2; echo ended > ${folder}/said`), {
    timeoutMs: 5000,
    holding,
    onStart: () => told.push('started'),
  })
  expect(told).toEqual(['started'])
  await ran
  expect(readFileSync(join(folder, 'said'), 'utf8')).toBe('ended\n')
})
