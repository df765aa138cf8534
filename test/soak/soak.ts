/**
 * The whole screen open for a long time on a host that changes without pause, with keys pressed all the while, and
 * again and again a walk through all there is. Tells what is wrong when memory, descriptors, children or the time of an
 * answer grow, a place does not open, what is shown at the end is not what there is, or it does not leave with 0.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestHost } from '../support/host.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'
import { answered, slowAnswers } from './answers.ts'
import { churn, type Churn } from './churn.ts'
import { loaded, named, soakHost } from './host.ts'
import { randomKeys } from './keys.ts'
import { memoryGrew, type Sample } from './memory.ts'
import { childrenOf, differenceOf, openFiles, programPid, residentBytes } from './process.ts'
import { random, type Random } from './random.ts'
import { leave, walk } from './walk.ts'

export type SoakOptions = {
  /** main.js. */
  readonly program: string
  readonly minutes: number
  readonly namespaces: number
  readonly seed: number
  /** A line each minute. */
  readonly say: (line: string) => void
}

/** Each of `samples` is a look at the memory. */
export type SoakReport = {
  readonly problems: readonly string[]
  readonly samples: readonly Sample[]
  readonly walks: number
}

const size = { columns: 120, rows: 40 } as const
const mostProblems = 5
/** Seconds between two samples, in a run of some minutes and in a long one. */
const sampleEvery = (minutes: number): number => (minutes < 5 ? 1 : 10)

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const host = await soakHost(options.namespaces)
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-soak-'))
  const run: Run = { problems: [], samples: [], answers: [], walks: 0 }
  try {
    await soaked(host, folder, options, run)
  } catch (error) {
    run.problems.push(error instanceof Error ? error.message : String(error))
  } finally {
    await host.end()
    rmSync(folder, { recursive: true, force: true })
  }
  return run
}

type Run = {
  readonly problems: string[]
  readonly samples: Sample[]
  /** Milliseconds. */
  readonly answers: number[]
  walks: number
}

async function soaked(host: TestHost, folder: string, options: SoakOptions, run: Run): Promise<void> {
  // In a folder of its own: S saves snapshots where it was started, and themes are remembered at home.
  const inFolder = ['sh', '-c', 'cd "$0" && exec "$@"', folder] as const
  const command = host.inside([...inFolder, process.execPath, options.program])
  const terminal = openTestTerminal(command, { ...size, env: { HOME: folder } })
  try {
    await terminal.waitFor(new RegExp(` ${named(host).length + 1} ns`), 60_000)
    await terminal.waitFor(' live ', 60_000)
    const pid = programPid(terminal)
    // What is loaded once and kept is no growth (the first child process makes Node keep a /dev/null): all is opened once.
    terminal.send('S')
    await terminal.waitFor('saved ', 30_000)
    await walked(terminal, run, 0)
    await toTopology(terminal)
    const before = { files: openFiles(pid), children: childrenOf(pid) }
    // Started from outside, where its end is waited for: the host's PID 1 does not.
    const hold = (seconds: number) => void host.spawn(['unshare', '--net', 'sleep', String(seconds)])
    const start = named(host).filter((name) => name !== loaded)
    await live(host, terminal, pid, churn(random(options.seed), start, hold), options, run)
    await settle(host, terminal)
    await toTopology(terminal)
    run.problems.push(
      ...[memoryGrew(run.samples, options.minutes), slowAnswers(run.answers)].filter((one) => one !== null),
    )
    await until(
      'return to the descriptors and children of before',
      20_000,
      () => openFiles(pid).length <= before.files.length && childrenOf(pid).length <= before.children.length,
      () =>
        `${differenceOf(before.files, openFiles(pid))}; children ${before.children.join(' ')} before, ${childrenOf(pid).join(' ')} after`,
    )
    await nothingPinned(host, terminal)
    await answered(terminal)
    terminal.send('q')
    const code = await terminal.exited(15_000)
    if (code !== 0) run.problems.push(`it left with ${code}:\n${terminal.text()}`)
  } finally {
    terminal.close()
  }
}

/** Changes and keys until the time is over. */
async function live(
  host: TestHost,
  terminal: TestTerminal,
  pid: number,
  busy: Churn,
  { minutes, seed, say }: SoakOptions,
  run: Run,
): Promise<void> {
  const pick = random(seed + 1)
  const began = performance.now()
  const now = (): number => (performance.now() - began) / 60_000
  const sampler = setInterval(
    () => run.samples.push({ minute: now(), rss: residentBytes(pid).own }),
    sampleEvery(minutes) * 1000,
  )
  let [steps, keys, round, nextLine, slowest] = [0, 0, 0, 1, 0]
  try {
    while (now() < minutes) {
      for (let burst = 0; burst < 60 && now() < minutes; burst += 1) {
        const lines = Array.from({ length: 1 + pick(8) }, () => busy.step()).flat()
        host.try(['sh', '-c', lines.map((line) => `(${line}) 2>/dev/null`).join('\n')])
        steps += lines.length
        for (let count = pick(6); count > 0; count -= 1) {
          terminal.send(randomKeys(pick))
          keys += 1
          await pause(20 + pick(60))
        }
        if (pick(40) === 0) resized(terminal, pick)
      }
      round += 1
      run.answers.push(await answered(terminal))
      slowest = Math.max(slowest, run.answers.at(-1) ?? 0)
      if (round % 2 === 1) await walked(terminal, run, now())
      if (now() < nextLine && now() < minutes) continue
      const { own, children } = residentBytes(pid)
      say(
        [
          `${now().toFixed(1).padStart(5)} min`,
          `${(own / 1e6).toFixed(0)} MB`,
          `${(children / 1e6).toFixed(0)} MB of children`,
          `${openFiles(pid).length} descriptors`,
          `${busy.alive().length} namespaces`,
          `${steps} changes`,
          `${keys} keys`,
          `${run.walks} walks`,
          `slowest answer ${slowest.toFixed(0)} ms`,
        ].join('  '),
      )
      nextLine = Math.floor(now()) + 1
      slowest = 0
      terminal.send('S')
    }
  } finally {
    clearInterval(sampler)
  }
}

/** What does not open is told at the end; the memory is worth knowing all the same, unless much is wrong. */
async function walked(terminal: TestTerminal, run: Run, minute: number): Promise<void> {
  try {
    await calm(terminal)
    await walk(terminal)
    run.walks += 1
  } catch (error) {
    if (run.problems.length >= mostProblems) throw error
    run.problems.push(
      `minute ${minute.toFixed(1)}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function resized(terminal: TestTerminal, pick: Random): void {
  terminal.resize(60 + pick(100), 16 + pick(40))
}

/** The usual size, and live. */
async function calm(terminal: TestTerminal): Promise<void> {
  terminal.resize(size.columns, size.rows)
  await answered(terminal)
  if (/ frozen \d/.test(terminal.text())) {
    terminal.send('z')
    await terminal.waitFor(' live ', 15_000)
  }
}

/** What is open for a screen (a reader, a child) is closed on another one. */
async function toTopology(terminal: TestTerminal): Promise<void> {
  await leave(terminal)
  terminal.send('1')
  await pause(300)
  // A filter that was kept there may hide the host; Esc takes it away only on its own screen.
  terminal.send('\x1b')
  await terminal.waitFor('── host ', 15_000)
  await pause(3000)
}

/** When nothing happens any more, the screen counts as many namespaces as there are. */
async function settle(host: TestHost, terminal: TestTerminal): Promise<void> {
  await calm(terminal)
  await until(
    'end of the processes that hold a namespace for a few seconds',
    15_000,
    () => host.try(['sh', '-c', "grep -l 'slee[p]' /proc/[0-9]*/cmdline"]).stdout === '',
    () => host.try(['ps', 'ax']).stdout,
  )
  await counted(host, terminal)
}

async function counted(host: TestHost, terminal: TestTerminal): Promise<void> {
  const there = named(host).length + 1
  await terminal.waitFor((text) => text.includes(` ${there} ns`), 15_000)
}

/** A namespace that somebody holds keeps its links: the kernel takes the host's end of a pair only when it is gone. */
async function nothingPinned(host: TestHost, terminal: TestTerminal): Promise<void> {
  host.ip('netns add last', 'link add vlast type veth peer name eth0 netns last')
  await counted(host, terminal)
  const gone = named(host).filter((name) => name !== loaded)
  host.ip(...gone.map((name) => `netns del ${name}`))
  const left = () => /\bvlast@/.test(host.run(['ip', '-o', 'link']))
  await until(
    'end of a namespace that was deleted',
    15_000,
    () => !left(),
    () => 'vlast is still there',
  )
  await counted(host, terminal)
}

async function until(what: string, limitMs: number, done: () => boolean, says: () => string): Promise<void> {
  for (const end = performance.now() + limitMs; !done(); await pause(100)) {
    if (performance.now() > end) throw new Error(`no ${what} in ${limitMs / 1000} s: ${says()}`)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
