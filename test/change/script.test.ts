import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { planScript, previewOf, shellText } from '../../src/change/script.ts'
import { fileStep } from '../../src/change/file-steps.ts'
import { plan, step } from '../support/plan.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-script-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What a terminal, a shell or a comment could trip over. */
const hostile = [
  'a\nrm -rf /nowhere\n',
  'it\'s $(touch pwned) `touch pwned` "$HOME" \\n %s %d',
  '\x1b[31mred\x07\u202e',
  '-n',
  "\x1b%'\\-\n\n",
  'EOF\nEOF2\n',
  '# comment\r\n',
  '!history *?[a]~',
  'ümlaut',
]

const bytes = (command: string): Buffer => execFileSync('sh', ['-c', command])

test.each(hostile)('a word comes out as it went in: %j', (text) => {
  expect(bytes(shellText({ argv: ['printf', '%s', text] })).toString()).toBe(text)
})

test.each([...hostile, '', 'no end', '\n', 'EOF', 'x\nEOF\n'])(
  'an input comes out as it went in: %j',
  (input) => {
    expect(bytes(shellText({ argv: ['cat'], input })).toString()).toBe(input)
  },
)

test('what is shown to people holds nothing that a terminal obeys', () => {
  for (const text of hostile) {
    const shown = shellText({ argv: ['echo', text], input: text })
    // oxlint-disable-next-line no-control-regex
    expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
  }
})

const run = (script: string) => spawnSync('sh', ['-s'], { input: script, encoding: 'utf8', cwd: folder })

test('a script runs as it stands, with titles, notes and what takes it back as comments', () => {
  const file = join(folder, '123', 'lab', 'network-x.json')
  const text = '{"name":"x"}\nEOF\n'
  const script = planScript(
    plan('make network x', [fileStep('write down network x', file, null, text)], { notes: ['a note'] }),
  )
  expect(script).toBe(`#!/bin/sh
# make network x
# a note
set -eu
mkdir -p -m 700 ${folder} ${folder}/123 ${folder}/123/lab

# 1. write down network x
tee ${file} > /dev/null <<'EOF2'
${text}EOF2
# back: rm -f ${file}
`)
  expect(run(script)).toMatchObject({ status: 0, stdout: '', stderr: '' })
  expect(readFileSync(file, 'utf8')).toBe(text)
  expect(statSync(join(folder, '123')).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, '123', 'lab')).mode & 0o777).toBe(0o700)
})

test('no title, note, reason or undo breaks out of its comment', () => {
  const out = join(folder, 'broke')
  const bad = [`x\ntouch ${out}\n`, `x\r\ntouch ${out}`, `x\u2028touch ${out}`, `x\\\ntouch ${out}\n`]
  for (const text of bad) {
    const script = planScript(
      plan(
        text,
        [
          step(text, { undo: [{ argv: ['echo', text], input: text }, { argv: [text] }] }),
          step('b', { undo: { irreversible: text } }),
        ],
        { notes: [text] },
      ),
    )
    expect(run(script)).toMatchObject({ status: 0, stderr: '' })
  }
  expect(() => statSync(out)).toThrow()
})

test('it stops at the first command that fails, but not at a code that counts as done', () => {
  const exits = (code: number, also?: readonly number[]) =>
    step(`exit ${code}`, {
      command: { argv: ['sh', '-c', `exit ${code}`], ...(also === undefined ? {} : { also }) },
    })
  const script = (...steps: Parameters<typeof plan>[1]) => planScript(plan('x', steps))
  const after = step('after', { command: ['echo', 'after'] })
  expect(run(script(exits(3), after))).toMatchObject({ status: 3, stdout: '' })
  expect(run(script(exits(1, [1, 4]), exits(4, [1, 4]), after))).toMatchObject({
    status: 0,
    stdout: 'after\n',
  })
  expect(run(script(exits(2, [1, 4]), after))).toMatchObject({ stdout: '' })
  expect(run(script(exits(2, [1, 4]), after)).status).not.toBe(0)
})

test('codes that count as done go with an input, too', () => {
  const command = { argv: ['sh', '-c', 'cat >&2; exit 1'], input: 'in\n', also: [1] }
  const script = planScript(plan('x', [step('a', { command })]))
  expect(run(script)).toMatchObject({ status: 0, stderr: 'in\n' })
})

test('a namespace that is another one by now stops it before anything is done', () => {
  const inode = String(statSync('/proc/self/ns/net').ino)
  const entering = (id: string) =>
    planScript(
      plan('x', [
        step('a', { command: { argv: ['echo', 'done'], enters: [{ path: '/proc/self/ns/net', id }] } }),
      ]),
    )
  expect(run(entering(inode))).toMatchObject({ status: 0, stdout: 'done\n' })
  expect(run(entering('1'))).toMatchObject({
    status: 1,
    stdout: '',
    stderr: '/proc/self/ns/net is not netns 1 any more\n',
  })
})

test('a preview tells each step as not run', () => {
  const steps = [
    step('make bridge lab0', {
      command: ['ip', 'link', 'add', 'lab0', 'type', 'bridge'],
      undo: [{ argv: ['ip', 'link', 'del', 'lab0'] }],
    }),
    step('forget it', { undo: { irreversible: 'it is gone' } }),
  ]
  expect(previewOf(plan('make it', steps, { notes: ['n'], undoes: 3 }))).toEqual({
    id: null,
    title: 'make it',
    applied: false,
    verified: false,
    steps: [
      {
        title: 'make bridge lab0',
        command: 'ip link add lab0 type bridge',
        undo: ['ip link del lab0'],
        outcome: 'not run',
      },
      { title: 'forget it', command: 'true', undo: { irreversible: 'it is gone' }, outcome: 'not run' },
    ],
    left: [],
    differences: [],
    notes: ['n'],
    undoes: 3,
  })
})
