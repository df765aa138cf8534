/** Steps that ask an engine over its socket: what it answers, and what holds while it has not. */
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Plan, Step } from '../../src/model/plan.ts'
import { engineCommand } from '../../src/change/engine/engine-command.ts'
import { bundle } from '../support/bundle.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { requires } from '../support/requires.ts'

const socket = '/run/engine.sock'

/**
 * Writes or removes /run/made/NAME as asked, after so many ms; refuses with a long sentence what is called refused; of what is called
 * killing it kills the program that asks, by the parent of what does so for it.
 */
const engine = `
import { createServer } from 'node:http'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
mkdirSync('/run/made', { recursive: true })
const read = (pid, file) => { try { return readFileSync('/proc/' + pid + '/' + file, 'utf8') } catch { return '' } }
const killWhoAsks = () => {
  const asker = readdirSync('/proc').find((pid) => read(pid, 'cmdline').includes('/ask.js'))
  process.kill(Number(/^PPid:\\s+(\\d+)$/m.exec(read(asker, 'status'))[1]), 'SIGKILL')
}
createServer(async (request, response) => {
  const body = await text(request)
  const [, name = '', ms = '0'] = (request.url ?? '').split('/')
  writeFileSync('/run/made/asked', request.method + ' ' + request.url + ' ' + body + '\\n', { flag: 'a' })
  if (name === 'killing' && request.method === 'POST') killWhoAsks()
  setTimeout(() => {
    if (name === 'refused') {
      response.writeHead(409).end(JSON.stringify({ message: 'it is \\x1b[31mrefused\\n' + 'for a reason '.repeat(200) + 'end' }))
      return
    }
    if (request.method === 'POST') writeFileSync('/run/made/' + name, name)
    else rmSync('/run/made/' + name)
    response.writeHead(201).end(JSON.stringify({ Id: 'abcdef0123456789', Warning: 'mind the gap' }))
  }, Number(ms))
}).listen('${socket}', () => console.log('listening'))
`

if (requires({ root: true, tools: ['ip', 'flock', 'nsenter'] })) {
  let host: TestHost
  let runner: LabRunner

  beforeAll(async () => {
    host = await playHost()
    expect(await host.start([process.execPath, await bundle(engine)])).toBe('listening')
    runner = await labOn(host)
  })
  afterAll(() => host.end())

  const step = (name: string, ms = 0): Step => ({
    title: `make ${name}`,
    command: engineCommand(socket, { method: 'POST', path: `/${name}/${ms}`, body: { name } }),
    undo: [engineCommand(socket, { method: 'DELETE', path: `/${name}/0`, body: null })],
    before: [{ kind: 'file', path: `/run/made/${name}`, text: null }],
    after: [{ kind: 'file', path: `/run/made/${name}`, text: name }],
    touches: [{ path: [`engine:${socket}`, `network:${name}`], how: 'add' }],
  })
  const planOf = (...steps: readonly Step[]): Plan => ({
    intent: { kind: 'engine-net-prune', engine: 'docker' },
    title: 'ask an engine',
    steps,
    notes: [],
  })
  const isMade = (name: string): boolean => existsSync(host.path(`/run/made/${name}`))

  test('an answer is told with its step, also later, and undone is asked for', async () => {
    const made = await runner.apply(planOf(step('a')))
    expect(made).toMatchObject({ applied: true, verified: true })
    expect(made.steps).toMatchObject([{ outcome: 'done', says: 'id abcdef012345; mind the gap' }])
    expect(isMade('a')).toBe(true)
    expect(readFileSync(host.path('/run/made/asked'), 'utf8')).toContain('POST /a/0 {\n  "name": "a"\n}\n')
    expect((await runner.undo()).steps).toMatchObject([{ says: 'id abcdef012345; mind the gap' }])
    expect(isMade('a')).toBe(false)
  })

  test('a refusal is told whole, and what was done before is undone', async () => {
    const told = await runner.apply(planOf(step('b'), step('refused')))
    expect(told).toMatchObject({ applied: false, left: [], error: { exitCode: 22 } })
    expect(told.steps.map(({ outcome }) => outcome)).toEqual(['undone', 'failed'])
    expect(told.error?.stderr).toMatch(/^it is \\x1b\[31mrefused\n(?:for a reason ){200}end\n$/)
    expect(told.error?.command).toContain('curl -sS --fail-with-body --unix-socket /run/engine.sock')
    expect(isMade('b')).toBe(false)
  })

  test('a socket that is gone is said, and nothing is taken for done', async () => {
    const gone = engineCommand('/run/no-such.sock', { method: 'POST', path: '/c/0', body: null })
    const told = await runner.apply(planOf({ ...step('c'), command: gone }))
    expect(told.error).toMatchObject({
      what: 'could not make c: no engine is at /run/no-such.sock: the socket is gone',
      exitCode: null,
    })
  })

  test('killed while the engine is at work: cleaning up waits for it, and then takes back what it made', async () => {
    expect(await runner.killed(planOf(step('killing', 3000)), 'never')).toBe(true)
    expect(isMade('killing')).toBe(false)
    const { cleaned } = await runner.cleanup()
    expect(cleaned).toMatchObject([{ applied: false, verified: true, left: [] }])
    // It was made after the program had died, and asked for away again.
    const asked = readFileSync(host.path('/run/made/asked'), 'utf8')
    expect(asked).toMatch(/POST \/killing\/3000 [^]*DELETE \/killing\/0 /)
    expect(isMade('killing')).toBe(false)
    expect(await runner.cleanup()).toEqual({ cleaned: [] })
  })
}
