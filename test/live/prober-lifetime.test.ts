/**
 * Real helpers, killed: nothing that was started outlives the program, and what dies by itself is told. Tools stand for all
 * that a probe starts; by their pids, on the machine, they are looked for.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Place } from '../../src/model/probe.ts'
import { bundle } from '../support/bundle.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { placeIn } from '../support/place-in.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'setpriv'] })) {
  let host: TestHost
  let place: Place
  let program: string
  let prober: string
  const drivers: ChildProcess[] = []

  /** Takes `run ID WORD…`, `stop ID`, `close` from its input, and prints what comes of it. */
  const source = `
    import { createInterface } from 'node:readline'
    import { pathToFileURL } from 'node:url'
    import { openProber } from './src/probe/prober.ts'
    const [, , file, place] = process.argv
    const prober = openProber(pathToFileURL(file))
    const say = (told) => process.stdout.write(JSON.stringify(told) + '\\n')
    const running = new Map()
    for await (const line of createInterface({ input: process.stdin })) {
      const [verb, id, ...argv] = JSON.parse(line)
      if (verb === 'run') {
        const request = { kind: 'tool', place: JSON.parse(place), argv, timeoutMs: null }
        const one = prober.probe(request, (events) => { say({ id, lines: events.map(({ text }) => text) }) })
        running.set(id, one)
        void one.ended.then((outcome) => say({ id, outcome }))
      }
      if (verb === 'stop') running.get(id).stop()
      if (verb === 'close') { await prober.close(); say({ id: 'closed' }) }
    }`

  type Told = {
    readonly id: string
    readonly lines?: readonly string[]
    readonly outcome?: {
      readonly ok: boolean
      readonly value?: { readonly exitCode: number | null; readonly problem: string | null }
      readonly failure?: { readonly what: string }
    }
  }

  function drive() {
    const child = spawn(
      'setpriv',
      ['--pdeathsig=KILL', process.execPath, program, prober, JSON.stringify(place)],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    drivers.push(child)
    const told: Told[] = []
    createInterface({ input: child.stdout }).on('line', (line) => told.push(JSON.parse(line) as Told))
    return {
      pid: child.pid ?? 0,
      told,
      ask: (...words: readonly string[]) => void child.stdin.write(`${JSON.stringify(words)}\n`),
      lines: (id: string) => told.flatMap((each) => (each.id === id ? (each.lines ?? []) : [])),
      outcome: (id: string) => told.find((each) => each.id === id && each.outcome !== undefined)?.outcome,
    }
  }

  const until = { timeout: 10_000, interval: 10 }
  const isAlive = (pid: number) => {
    try {
      // One that has ended and was not waited for is dead as well.
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    } catch {
      return false
    }
  }
  const childrenOf = (pid: number): readonly number[] =>
    readdirSync(`/proc/${pid}/task`).flatMap((tid) =>
      readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  const helperOf = (pid: number): number => {
    const [helper] = childrenOf(pid)
    // kill(0) would be for the test itself.
    if (helper === undefined) throw new Error('there is no helper')
    return helper
  }
  /** The helper of a driver, and the tool in it once it runs. */
  async function started(driver: ReturnType<typeof drive>, id: string) {
    driver.ask('run', id, 'sh', '-c', 'echo $$; exec sleep 1000')
    await expect.poll(() => driver.lines(id), until).toHaveLength(1)
    return { helper: helperOf(driver.pid), tool: Number(driver.lines(id)[0]) }
  }

  beforeAll(async () => {
    const built = await buildVethscope()
    prober = join(built, 'prober.js')
    program = await bundle(source)
    host = await playHost('proberhost')
    host.ip('netns add web')
    place = placeIn(host, 'web')
  })
  afterEach(() => {
    for (const driver of drivers.splice(0)) driver.kill('SIGKILL')
  })
  afterAll(() => host.end())

  test('SIGKILL of the program ends the helper and what runs in it', async () => {
    const driver = drive()
    const { helper, tool } = await started(driver, 'a')
    expect(statSync(`/proc/${tool}/ns/net`).ino).toBe(Number(place.netns.id))
    expect([isAlive(helper), isAlive(tool)]).toEqual([true, true])
    process.kill(driver.pid, 'SIGKILL')
    await expect.poll(() => [isAlive(helper), isAlive(tool)], until).toEqual([false, false])
  })

  test('SIGKILL of the helper ends what runs in it, its probe says so, and the next one starts another', async () => {
    const driver = drive()
    const { helper, tool } = await started(driver, 'a')
    process.kill(helper, 'SIGKILL')
    await expect.poll(() => isAlive(tool), until).toBe(false)
    await expect.poll(() => driver.outcome('a')?.failure?.what, until).toMatch(/helper process .* SIGKILL$/)
    driver.ask('run', 'b', 'echo', 'again')
    await expect.poll(() => driver.outcome('b')?.ok, until).toBe(true)
    expect(driver.lines('b')).toEqual(['again'])
  })

  test('a helper that hangs is killed when the program closes it', async () => {
    const driver = drive()
    const { helper, tool } = await started(driver, 'a')
    process.kill(helper, 'SIGSTOP')
    const began = performance.now()
    driver.ask('close')
    await expect.poll(() => driver.told.some(({ id }) => id === 'closed'), until).toBe(true)
    expect(performance.now() - began).toBeGreaterThan(1000)
    await expect.poll(() => [isAlive(helper), isAlive(tool)], until).toEqual([false, false])
  })

  test('a stop ends the tool, which may still say its last words', async () => {
    const driver = drive()
    driver.ask('run', 'a', 'sh', '-c', "trap 'echo bye; exit 3' INT; echo up; while :; do sleep 0.05; done")
    await expect.poll(() => driver.lines('a'), until).toEqual(['up'])
    driver.ask('stop', 'a')
    await expect.poll(() => driver.outcome('a')?.value?.exitCode, until).toBe(3)
    expect(driver.lines('a')).toEqual(['up', 'bye'])
    driver.ask('run', 'b', 'sh', '-c', "trap '' INT TERM; echo $$; while :; do sleep 0.05; done")
    await expect.poll(() => driver.lines('b'), until).toHaveLength(1)
    driver.ask('stop', 'b')
    await expect.poll(() => driver.outcome('b')?.value?.problem, until).toBe('killed by SIGKILL')
    expect(isAlive(Number(driver.lines('b')[0]))).toBe(false)
  })

  test('twenty at once, each with its own lines and end; what cannot start says why', async () => {
    const driver = drive()
    for (let at = 0; at < 20; at++) driver.ask('run', String(at), 'sh', '-c', `echo ${at}; exit ${at}`)
    driver.ask('run', 'none', 'no-such-tool')
    driver.ask('run', 'option', '--version')
    for (let at = 0; at < 20; at++) {
      await expect.poll(() => driver.outcome(String(at))?.value?.exitCode, { timeout: 20_000 }).toBe(at)
      expect(driver.lines(String(at))).toEqual([String(at)])
    }
    await expect
      .poll(() => driver.outcome('none')?.failure?.what, until)
      .toBe('cannot run "no-such-tool": not found; programs of this host are run, not those of the container')
    await expect.poll(() => driver.outcome('option')?.failure?.what, until).toBe('"--version" is no program')
    // Only the helper is left.
    await expect.poll(() => childrenOf(helperOf(driver.pid)), until).toEqual([])
  })

  test('output that a terminal must not see is made harmless, also across pieces', async () => {
    const driver = drive()
    driver.ask('run', 'a', 'printf', '\\033[31mred\\t|\\r\\nl\\303\\244st \\342\\200\\256x')
    await expect.poll(() => driver.outcome('a')?.ok, until).toBe(true)
    expect(driver.lines('a')).toEqual(['\\x1b[31mred        |', 'läst \\u202ex'])
  })
}
