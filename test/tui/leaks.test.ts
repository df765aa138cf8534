/** Every screen, popup, pane and page opened and closed 200 times: the program holds as much as before. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildTestProgram } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

type Report = {
  readonly told: number
  readonly listeners: unknown
  readonly handles: Readonly<Record<string, number>>
  readonly timers: number
  readonly descriptors: number
  readonly children: readonly string[]
  readonly heap: number
}

const rounds = 200
/** Escape in a form that cannot be taken for the beginning of another key (xterm's modifyOtherKeys, kitty). */
const escape = '\x1b[27u'
/** What opens, and what closes it again. */
const opened: readonly (readonly [string, string])[] = [
  ['?', escape],
  ['?/addr', escape + escape],
  ['x', escape],
  [':ls ', escape],
  ['!', escape],
  ['feth0', escape],
  ['/veth', escape],
  ['r1.1.1.1', escape],
  ['T', escape],
  ['Y', escape],
  ['\t\t\t\t', ''],
]
const onTables: readonly (readonly [string, string])[] = [
  ['o', escape],
  ['}}', '{{'],
  ['\t', '\t'],
]

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter'] })) {
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-leaks-'))
  const file = join(folder, 'held.json')
  let host: TestHost
  let program = ''

  beforeAll(async () => {
    ;[host, program] = await Promise.all([
      playHost(),
      buildTestProgram(
        new URL('./programs/watched.ts', import.meta.url),
        new URL('../../src/worker.ts', import.meta.url),
      ),
    ])
    host.ip('link add br0 type bridge')
    for (const at of [1, 2, 3]) {
      host.ip(`netns add n${at}`)
      host.ip(`link add v${at} type veth peer name eth0 netns n${at}`)
      host.ip(`link set v${at} master br0 up`)
    }
  })
  afterAll(async () => {
    await host.end()
    rmSync(folder, { recursive: true })
  })

  const read = (): Report => JSON.parse(readFileSync(file, 'utf8')) as Report
  /** What stays; which timers wait depends on the moment. */
  const heldOf = ({ listeners, handles, descriptors, children }: Report) =>
    JSON.stringify({ listeners, handles, descriptors, children })

  /** What the program says twice in a row of moments after this one: a file that is just being read is no leak. */
  async function held(wanted?: string): Promise<Report> {
    const first = await vi.waitFor(read, { timeout: 30_000, interval: 50 })
    let last = first
    return vi.waitFor(
      () => {
        const report = read()
        const [before, now] = [heldOf(last), heldOf(report)]
        const isSame = report.told > last.told && last.told > first.told && now === before
        if (report.told > last.told) last = report
        if (!isSame) throw new Error(`not twice the same: ${before} ${now}`)
        if (wanted !== undefined) expect(JSON.parse(now)).toEqual(JSON.parse(wanted))
        return report
      },
      { timeout: 30_000, interval: 50 },
    )
  }

  async function round(terminal: TestTerminal, ms = 1): Promise<void> {
    for (const screen of ['2', '3', '4', '6', '7', '1']) {
      const pairs = screen === '1' || screen === '3' ? opened : [...opened, ...onTables]
      terminal.send(screen)
      for (const [open, close] of pairs) {
        terminal.send(open)
        // Long enough that of some rounds it is drawn: frames come each 33 ms.
        await new Promise((resolve) => setTimeout(resolve, ms))
        terminal.send(close)
      }
    }
  }

  test(`${rounds} times`, async () => {
    const terminal = openTestTerminal(host.inside([process.execPath, '--expose-gc', program]), {
      env: { WATCHED: file },
    })
    try {
      await terminal.waitFor('live', 30_000)
      // What is loaded and cached with the first use is no leak.
      for (let at = 0; at < 5; at += 1) await round(terminal, 25)
      await terminal.waitFor('1Topo', 30_000)
      await terminal.idle(100)
      const before = await held()
      for (let at = 0; at < rounds; at += 1) await round(terminal)
      await terminal.idle(100)
      terminal.send(`x${escape}`)
      await vi.waitFor(() => expect(terminal.text()).toContain('? help'), 20_000)
      const after = await held(heldOf(before))
      expect(before.handles).toHaveProperty('TTYWrap')
      expect(before.descriptors).toBeGreaterThan(10)
      // The clock that is waited for, and what reads again each second.
      expect(Math.abs(after.timers - before.timers)).toBeLessThanOrEqual(2)
      // A hundred bytes kept of each opening would be 2 MB.
      expect(after.heap - before.heap).toBeLessThan(4_000_000)
      // They were not only passed through but seen.
      const raw = terminal.raw()
      for (const seen of ['help: keys', 'find: ']) expect.soft(raw.includes(seen), seen).toBe(true)
      terminal.send('\x03')
      expect(await terminal.exited()).toBe(130)
    } finally {
      terminal.close()
    }
  }, 120_000)
}
