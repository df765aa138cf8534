import { afterEach, beforeAll, expect, test } from 'vitest'
import { buildTestProgram } from '../support/program.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

let toy = ''
const open: TestTerminal[] = []

/** A shell with job control: says when the program is stopped, shows the tty's modes, goes on at Enter. */
const shell = `
set -m
"$0" "$1"
echo "stopped with $?"; stty -a | tr ';' '\\n' | grep -owE -- '-?(icanon|echo|isig)' | tr '\\n' ' '; echo .
read -r answer
fg >/dev/null
echo "ended with $?"
`

beforeAll(async () => {
  toy = await buildTestProgram(new URL('./programs/toy.ts', import.meta.url))
})
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close()
})

async function startInShell(): Promise<TestTerminal> {
  const terminal = openTestTerminal(['bash', '-c', shell, process.execPath, toy])
  open.push(terminal)
  await terminal.waitFor('ready')
  return terminal
}

test('Ctrl-Z gives the terminal back to the shell, fg draws everything again', async () => {
  const terminal = await startInShell()
  await terminal.press('p')
  terminal.send('\x1a')
  await terminal.waitFor('stopped with 148')
  await terminal.waitFor('isig icanon echo .')
  expect(terminal.screen.alternate).toBe(false)
  expect(terminal.screen.cursorHidden).toBe(false)
  expect(terminal.screen.bracketedPaste).toBe(false)

  terminal.send('\r')
  await terminal.waitFor('resumed')
  expect(terminal.screen.alternate).toBe(true)
  expect(terminal.screen.cursorHidden).toBe(true)
  expect(terminal.screen.bracketedPaste).toBe(true)
  expect(terminal.text()).toContain('key p')
  await terminal.press('w')
  expect(terminal.text()).toContain('key w')
  terminal.send('q')
  await terminal.waitFor('ended with 0')
  expect(await terminal.exited()).toBe(0)
})

test('a size that changed meanwhile is noticed', async () => {
  const terminal = await startInShell()
  terminal.send('\x1a')
  await terminal.waitFor('stopped with 148')
  terminal.resize(100, 30)
  terminal.send('\r')
  await terminal.waitFor('toy 100x30')
  expect(terminal.screen.cell(29, 99).text).toBe('|')
})

test('it can be stopped twice', async () => {
  const terminal = await startInShell()
  terminal.send('\x1a')
  await terminal.waitFor('stopped with 148')
  terminal.send('\r')
  await terminal.waitFor('resumed')
  terminal.send('\x1a')
  // The shell goes on behind `fg`, which the second stop ends.
  await terminal.waitFor('ended with 148')
})

test('stopped from outside without notice, it takes the terminal back when it continues', async () => {
  const terminal = openTestTerminal([process.execPath, toy])
  open.push(terminal)
  await terminal.waitFor('ready')
  terminal.signal('SIGSTOP')
  terminal.screen.write('\x1b[?1049l\x1b[?25h$ typed at the shell')
  await terminal.screen.settled()
  terminal.signal('SIGCONT')
  await terminal.waitFor('resumed')
  expect(terminal.screen.alternate).toBe(true)
  expect(terminal.screen.cursorHidden).toBe(true)
  await terminal.press('p')
  expect(terminal.text()).toContain('key p')
})

test('where nobody could continue it (no shell), a stop is refused and the screen stays', async () => {
  const terminal = openTestTerminal([process.execPath, toy])
  open.push(terminal)
  await terminal.waitFor('ready')
  terminal.send('\x1a')
  await terminal.waitFor('resumed')
  expect(terminal.screen.alternate).toBe(true)
  await terminal.press('p')
  expect(terminal.text()).toContain('key p')
})

test('SIGTSTP from outside works as Ctrl-Z, and SIGTERM while stopped ends it when it continues', async () => {
  const terminal = openTestTerminal([process.execPath, toy])
  open.push(terminal)
  await terminal.waitFor('ready')
  terminal.signal('SIGTSTP')
  await terminal.waitFor('resumed')
  terminal.signal('SIGSTOP')
  terminal.signal('SIGTERM')
  terminal.signal('SIGCONT')
  expect(await terminal.exited()).toBe(143)
  expect(terminal.screen.alternate).toBe(false)
})
