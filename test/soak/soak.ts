/**
 * `npm run soak`: the screen open for a long time on a host that changes without pause, with keys pressed all the
 * while. Prints a line a minute; fails when memory or descriptors grow, a key is not answered, what is shown at the
 * end is not what there is, or it does not leave with 0. Removes everything.
 * argv: folder with the program, then --minutes N, --namespaces N, --seed N.
 */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostOf } from '../bench/hosts.ts'
import type { TestHost } from '../support/host.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'
import { churn, type Churn } from './churn.ts'
import { randomKeys } from './keys.ts'
import { memoryGrew, type Sample } from './memory.ts'
import { random, type Random } from './random.ts'

const [out = '.', ...args] = process.argv.slice(2)
const option = (name: string, fallback: number): number => {
  const at = args.indexOf(`--${name}`)
  const value = at < 0 ? fallback : Number(args[at + 1])
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} wants a number above 0`)
  return value
}
const minutes = option('minutes', 10)
const namespaces = option('namespaces', 50)
const seed = option('seed', 1 + Math.floor(Math.random() * 1e9))

const answerLimitMs = 10_000
const sampleMs = 10_000
const problems: string[] = []

process.stderr.write(`soak: ${minutes} min, ${namespaces} namespaces, --seed ${seed}\n`)
const host = await hostOf(namespaces)
const folder = mkdtempSync(join(tmpdir(), 'vethscope-soak-'))
try {
  await soak(host)
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error))
} finally {
  await host.end()
  rmSync(folder, { recursive: true, force: true })
}
for (const problem of problems) process.stderr.write(`soak: ${problem}\n`)
process.stderr.write(problems.length === 0 ? 'soak: passed\n' : `soak: failed with --seed ${seed}\n`)
process.exitCode = problems.length === 0 ? 0 : 1

async function soak(host: TestHost): Promise<void> {
  // In a folder of its own: S saves snapshots where it was started.
  const inFolder = ['sh', '-c', 'cd "$0" && exec "$@"', folder] as const
  const command = host.inside([...inFolder, process.execPath, join(out, 'dist/main.js')])
  const terminal = openTestTerminal(command, { columns: 120, rows: 40 })
  try {
    await terminal.waitFor(new RegExp(` ${namespaces + 1} ns`), 60_000)
    await terminal.waitFor(' live ', 60_000)
    const pid = programPid(terminal)
    // What it opens once and keeps (the first child process makes Node keep a /dev/null) is no leak.
    terminal.send('S')
    await terminal.waitFor('saved ', 30_000)
    await pause(3000)
    const filesBefore = openFiles(pid)
    // Started from outside, where its end is waited for: the host's PID 1 does not.
    const hold = (seconds: number) => void host.spawn(['unshare', '--net', 'sleep', String(seconds)])
    const busy = churn(random(seed), named(host), hold)
    const samples = await live(host, terminal, pid, busy)
    const grew = memoryGrew(samples, minutes)
    if (grew !== null) problems.push(grew)
    await settle(host, terminal)
    await until(
      'return to the descriptors of before',
      20_000,
      () => openFiles(pid).length <= filesBefore.length,
      () => differenceOf(filesBefore, openFiles(pid)),
    )
    await answered(terminal)
    terminal.send('q')
    const code = await terminal.exited(15_000)
    if (code !== 0) problems.push(`it left with ${code}:\n${terminal.text()}`)
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
): Promise<readonly Sample[]> {
  const pick = random(seed + 1)
  const samples: Sample[] = []
  const began = performance.now()
  const end = began + minutes * 60_000
  let [steps, keys, slowest, nextSample, nextLine] = [0, 0, 0, began + sampleMs, began + 60_000]
  while (performance.now() < end) {
    const lines = Array.from({ length: 1 + pick(8) }, () => busy.step()).flat()
    host.try(['sh', '-c', lines.map((line) => `(${line}) 2>/dev/null`).join('\n')])
    steps += lines.length
    for (let count = pick(6); count > 0; count -= 1) {
      terminal.send(randomKeys(pick))
      keys += 1
      await pause(20 + pick(60))
    }
    if (pick(40) === 0) resized(terminal, pick)
    if (performance.now() >= nextSample) {
      slowest = Math.max(slowest, await answered(terminal))
      samples.push({ minute: (performance.now() - began) / 60_000, rss: rssOf(pid) })
      nextSample += sampleMs
    }
    if (performance.now() >= nextLine || performance.now() >= end) {
      const says = [
        `${((performance.now() - began) / 60_000).toFixed(1).padStart(5)} min`,
        `${(rssOf(pid) / 1e6).toFixed(0)} MB`,
        `${openFiles(pid).length} descriptors`,
        `${busy.alive().length} namespaces`,
        `${steps} changes`,
        `${keys} keys`,
        `slowest answer ${slowest.toFixed(0)} ms`,
      ]
      process.stdout.write(`${says.join('  ')}\n`)
      nextLine += 60_000
      slowest = 0
      terminal.send('S')
    }
  }
  return samples
}

function resized(terminal: TestTerminal, pick: Random): void {
  terminal.resize(60 + pick(100), 16 + pick(40))
}

/** Help opens and closes again; gives how long the first took. Escapes lead out of any prompt or page. */
async function answered(terminal: TestTerminal): Promise<number> {
  for (let count = 0; count < 3; count += 1) {
    terminal.send('\x1b')
    // Alone in its time, or it would begin the sequence of the next key.
    await pause(150)
  }
  const began = performance.now()
  terminal.send('?')
  await terminal.waitFor('Esc closes', answerLimitMs)
  const took = performance.now() - began
  terminal.send('\x1b')
  await terminal.waitFor((text) => !text.includes('Esc closes'), answerLimitMs)
  return took
}

/** When nothing happens any more, the screen counts as many namespaces as there are. */
async function settle(host: TestHost, terminal: TestTerminal): Promise<void> {
  terminal.resize(120, 40)
  await answered(terminal)
  if (/ frozen \d/.test(terminal.text())) terminal.send('z')
  await until(
    'end of the processes that hold a namespace for a few seconds',
    15_000,
    () => host.try(['sh', '-c', "grep -l 'slee[p]' /proc/[0-9]*/cmdline"]).stdout === '',
    () => host.try(['ps', 'ax']).stdout,
  )
  const there = named(host).length + 1
  await terminal.waitFor((text) => text.includes(` ${there} ns`), 15_000)
}

function named(host: TestHost): readonly string[] {
  return host.run(['ls', '/run/netns']).split('\n').filter(Boolean)
}

/** `nsenter` forks when it enters a pid namespace: the program is its child. */
function programPid(terminal: TestTerminal): number {
  const children = readFileSync(`/proc/${terminal.pid}/task/${terminal.pid}/children`, 'utf8').trim()
  return children === '' ? terminal.pid : Number(children.split(' ')[0])
}

function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
}

/** What each descriptor leads to: `socket:[4711]`, `net:[4026531840]`. */
function openFiles(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [`${fd} ${readlinkSync(`/proc/${pid}/fd/${fd}`)}`]
    } catch {
      // Closed between the two looks.
      return []
    }
  })
}

function differenceOf(before: readonly string[], after: readonly string[]): string {
  const [gone, fresh] = [
    before.filter((one) => !after.includes(one)),
    after.filter((one) => !before.includes(one)),
  ]
  return `${before.length} before, ${after.length} after; gone: ${gone.join(', ')}; new: ${fresh.join(', ')}`
}

async function until(what: string, limitMs: number, done: () => boolean, says: () => string): Promise<void> {
  for (const end = performance.now() + limitMs; !done(); await pause(100)) {
    if (performance.now() > end) throw new Error(`no ${what} in ${limitMs / 1000} s: ${says()}`)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
