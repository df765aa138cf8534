import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { buildTestProgram } from '../support/program.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

let toy = ''
const open: TestTerminal[] = []

beforeAll(async () => {
  toy = await buildTestProgram(
    new URL('./programs/toy.ts', import.meta.url),
    new URL('./programs/polite.ts', import.meta.url),
    new URL('./programs/stubborn.ts', import.meta.url),
    new URL('./programs/dying.ts', import.meta.url),
    new URL('./programs/exiting.ts', import.meta.url),
  )
})
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close()
})

async function start(worker: string): Promise<TestTerminal> {
  const terminal = openTestTerminal([process.execPath, toy, worker])
  open.push(terminal)
  await terminal.waitFor('ready')
  return terminal
}

test('the worker’s messages arrive, and what it prints does not reach the screen', async () => {
  const terminal = await start('polite')
  await terminal.waitFor('worker {"type":"progress","done":1,"total":2}')
  await terminal.idle()
  expect(terminal.raw()).not.toContain('printed by the worker')
  const before = performance.now()
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
  expect(performance.now() - before).toBeLessThan(400)
})

test('a worker that hangs is left after half a second, the terminal restored before', async () => {
  const terminal = await start('stubborn')
  const before = performance.now()
  terminal.send('q')
  await terminal.waitFor(() => !terminal.screen.alternate)
  expect(performance.now() - before).toBeLessThan(400)
  expect(await terminal.exited()).toBe(0)
  expect(performance.now() - before).toBeLessThan(1500)
})

test('a worker that dies leaves the screen open and says why, also when it is started again', async () => {
  const terminal = await start('dying')
  await terminal.waitFor('gone: the netlink socket is gone')
  await terminal.press('K')
  await terminal.waitFor((text) => (text.match(/gone: the netlink socket is gone/g) ?? []).length === 2)
  await terminal.press('p')
  expect(terminal.text()).toContain('key p')
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
})

test('a worker that ends without an error is told by its code and by what it said last', async () => {
  const terminal = await start('exiting')
  await terminal.waitFor('gone: the reader ended with code 3: koffi: cannot load')
})

test('nothing outlives the program, also when it is killed', async () => {
  const terminal = await start('polite')
  const children = childrenOf(terminal.pid)
  terminal.signal('SIGKILL')
  expect(await terminal.exited()).toBe(137)
  expect(children).toEqual([])
})

function childrenOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean),
  )
}
