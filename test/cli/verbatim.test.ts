import { expect, test } from 'vitest'
import { parse } from '../../src/cli/parse.ts'
import { commands } from '../../src/command/table.ts'

const exec = (...argv: readonly string[]) => {
  const parsed = parse(argv, commands, '1.2.3')
  if (!parsed.ok) return parsed.failure.what
  const { value } = parsed
  if (value.type === 'print') return value.text.split('\n')[0]
  const { netns, argv: command } = value.values
  return { netns, command, json: value.global.json, reader: value.global.reader }
}
const plain = { json: false, reader: undefined }

test('what stands behind the command is the command’s, with -- or without', () => {
  const wanted = { netns: 'web', command: ['ip', '-j', 'addr', '--json'], ...plain }
  expect(exec('exec', 'web', '--', 'ip', '-j', 'addr', '--json')).toEqual(wanted)
  expect(exec('exec', 'web', 'ip', '-j', 'addr', '--json')).toEqual(wanted)
  expect(exec('exec', 'web', 'sh', '--', '-c')).toEqual({ ...wanted, command: ['sh', '--', '-c'] })
  expect(exec('exec', 'web', '--', '--', 'x')).toEqual({ ...wanted, command: ['--', 'x'] })
  expect(exec('exec', '--', 'web', 'x', '-y')).toEqual({ ...wanted, command: ['x', '-y'] })
  expect(exec('exec', 'web', 'x', '--debug=y')).toEqual({ ...wanted, command: ['x', '--debug=y'] })
})

test('options before the command are ours, with their values', () => {
  const wanted = { netns: 'web', command: ['ls', '-l'], json: true, reader: 'ip' }
  expect(exec('exec', '--reader', 'ip', '--json', 'web', 'ls', '-l')).toEqual(wanted)
  expect(exec('--reader', 'ip', '--json', 'exec', 'web', 'ls', '-l')).toEqual(wanted)
  expect(exec('exec', 'web', '--reader=ip', '--json', 'ls', '-l')).toEqual(wanted)
  expect(exec('exec', '--help')).toContain('exec')
  expect(exec('exec', 'web', '--nonsense', 'ls')).toBe("unknown option '--nonsense'")
})

test('without a command it says what is missing', () => {
  expect(exec('exec', 'web')).toContain('CMD')
  expect(exec('exec', 'web', '--')).toContain('CMD')
  expect(exec('exec')).toContain('NETNS')
})

test('other commands keep their options where they stand', () => {
  const parsed = parse(['ls', 'netns', '--json'], commands, '1.2.3')
  expect(parsed).toMatchObject({ value: { global: { json: true } } })
})
