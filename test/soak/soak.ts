/** See run.mjs. Exits 1, with the reason, when memory or descriptors grew, a key was not answered, or it did not quit. */
import { readFileSync, readdirSync } from 'node:fs'
import { hostOf } from '../bench/hosts.ts'
import { until } from '../bench/start.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

const [program = '', ...args] = process.argv.slice(2)
const option = (name: string, fallback: number): number => {
  const at = args.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(args[at + 1])
}
const minutes = option('minutes', 3)
const seed = option('seed', Date.now() % 1_000_000)
const random = mulberry32(seed)
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
const keys = [
  'j',
  'k',
  'h',
  'l',
  '\x1b[6~',
  '\x1b[5~',
  '\x1bOH',
  '\x1bOF',
  '\r',
  '\x7f',
  '\t',
  '?',
  '\x1b',
  'z',
  'z',
  'n',
]
/** Short runs have no minute 5 to compare with; a heap that was just begun may still grow by so much. */
const warmUpMinutes = 5
const slackMb = 40

process.stdout.write(`seed ${seed}, ${minutes} minutes\n`)
const host = await hostOf(50)
try {
  const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 120, rows: 40 })
  try {
    await terminal.waitFor('live', 20_000)
    const pid = programPid(terminal)
    const ip = host.spawn(['ip', '-force', '-batch', '-'])
    ip.stderr?.resume()
    ip.stdout?.resume()
    const memory: number[] = []
    const before = descriptors(pid)
    const start = Date.now()
    for (let minute = 1; minute <= minutes; minute++) {
      while (Date.now() < start + minute * 60_000) {
        ip.stdin?.write(`${change()}\n`)
        terminal.send(pick(keys))
        await new Promise((done) => setTimeout(done, 20 + random() * 80))
      }
      memory.push(residentMb(pid))
      process.stdout.write(
        `minute ${minute}: ${memory.at(-1)?.toFixed(0)} MB, ${descriptors(pid)} descriptors\n`,
      )
    }
    ip.kill('SIGKILL')
    await answered(terminal)
    await until(
      () => descriptors(pid) <= before,
      20_000,
      () => `descriptors ${before} → ${descriptors(pid)}`,
    )
    const [first = 0, last = 0] = [memory[Math.min(warmUpMinutes, memory.length) - 1], memory.at(-1)]
    const most = minutes > warmUpMinutes ? first * 1.1 : (memory[0] ?? 0) + slackMb
    if (last > most) throw new Error(`memory grew from ${first.toFixed(0)} to ${last.toFixed(0)} MB`)
    // Not in one go: Escape and a letter that come together are Alt and that letter.
    await terminal.press('escape')
    terminal.send('q')
    const code = await terminal.exited(5000)
    if (code !== 0) throw new Error(`exit code ${code}`)
    process.stdout.write('1 passed, 0 failed\n')
  } finally {
    terminal.close()
  }
} finally {
  await host.end()
}
process.exit(0)

/** A line for `ip`; some name what is not there, and `-force` goes on. */
function change(): string {
  const n = Math.floor(random() * 50)
  const extra = Math.floor(random() * 10)
  return pick([
    `link set veth${n} down`,
    `link set veth${n} up`,
    `addr add 10.200.${n}.1/24 dev veth${n}`,
    `addr del 10.200.${n}.1/24 dev veth${n}`,
    `netns add extra${extra}`,
    `netns del extra${extra}`,
    `link add vx${extra} type veth peer name eth0 netns extra${extra}`,
    `link del vx${extra}`,
    `route add 10.201.${n}.0/24 dev br0`,
    `route del 10.201.${n}.0/24 dev br0`,
  ])
}

/** The screen still answers: help opens and closes. */
async function answered(terminal: TestTerminal): Promise<void> {
  terminal.send('\x1b')
  await new Promise((done) => setTimeout(done, 300))
  await terminal.press('?')
  await terminal.waitFor(/keys|help/i, 5000)
}

/** `nsenter` forks when it enters a pid namespace: the program is its child. */
function programPid(terminal: TestTerminal): number {
  const children = readFileSync(`/proc/${terminal.pid}/task/${terminal.pid}/children`, 'utf8').trim()
  return children === '' ? terminal.pid : Number(children.split(' ')[0])
}

function residentMb(pid: number): number {
  return (
    (Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024) / 1e6
  )
}

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** A small seeded generator (mulberry32), so that a seed says the same run again. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
