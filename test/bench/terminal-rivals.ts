/** The screen beside the terminal programs that people watch links with: the same host, the same pseudo-terminal. A table, no claim. */
import type { TestHost } from '../support/host.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'
import type { Section } from './bench.ts'
import { median, percentile } from './figures.ts'
import { pause } from './screen-probes.ts'
import { isComplete, until } from './start.ts'
import { treeUsage } from './tree-usage.ts'

type Program = {
  readonly name: string
  /** Debian's package; null: ours. */
  readonly debian: string | null
  readonly command: readonly [string, ...string[]]
  /** The first picture with its list. */
  readonly complete: (text: string) => boolean
}
type Measured = { readonly name: string; readonly start: number[]; open: Open | null }
type Open = {
  readonly keyMs: readonly number[]
  readonly keyBytes: readonly number[]
  readonly bytesPerSecond: number
  readonly idle: number
  readonly rss: number
}

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
] as const
const keyLimitMs = 1500

function programs(size: number, program: string): readonly Program[] {
  return [
    {
      name: 'vethscope',
      debian: null,
      command: [process.execPath, program],
      complete: (text) => isComplete(text, size),
    },
    { name: 'bmon', debian: 'bmon', command: ['bmon'], complete: (text) => /\bveth\d/.test(text) },
    {
      name: 'iptraf-ng -g',
      debian: 'iptraf-ng',
      command: ['iptraf-ng', '-g'],
      complete: (text) => /\bveth\d/.test(text),
    },
    // Its list is of packets: complete with the first one of the traffic.
    {
      name: 'termshark -i br0',
      debian: 'termshark',
      command: ['termshark', '-i', 'br0'],
      complete: (text) => /\bICMP\b/.test(text),
    },
  ]
}

/** Starts in turn, `rounds` times; then each is open for a while. */
export async function measureTerminalRivals(
  host: TestHost,
  size: number,
  rounds: number,
  program: string,
): Promise<readonly Section[]> {
  prepare(host)
  const known = programs(size, program).filter((each) => isThere(host, each))
  const traffic = host.spawn(['ip', 'netns', 'exec', 'ns0', 'ping', '-q', '-i', '0.2', '10.0.0.1'])
  const sections: Section[] = []
  try {
    for (const terminalSize of sizes) {
      const { columns, rows } = terminalSize
      process.stderr.write(`  ${columns}×${rows}\n`)
      const measured = known.map((each): Measured => ({ name: each.name, start: [], open: null }))
      for (let round = 0; round < rounds; round += 1) {
        for (const [at, each] of known.entries()) {
          const { took, terminal } = await started(host, each, terminalSize)
          measured[at]?.start.push(took)
          await ended(terminal)
        }
      }
      for (const [at, each] of known.entries()) {
        const { terminal } = await started(host, each, terminalSize)
        try {
          const one = measured[at]
          if (one !== undefined) one.open = await whileOpen(terminal)
        } finally {
          await ended(terminal)
        }
      }
      const title = `The screen beside others, ${columns}×${rows}, ${size} veth links, some traffic`
      sections.push({ group: 'rivals', title, rows: measured.map(row) })
    }
  } finally {
    traffic.kill('SIGKILL')
  }
  return sections
}

function row({ name, start, open }: Measured) {
  const [ms, bytes] = [open?.keyMs ?? [], open?.keyBytes ?? []]
  return {
    figure: name,
    'start (ms)': median(start).toFixed(0),
    'key, median (ms)': ms.length === 0 ? '-' : median(ms).toFixed(1),
    'key, p95 (ms)': ms.length === 0 ? '-' : percentile(ms, 0.95).toFixed(1),
    'bytes a key': bytes.length === 0 ? '-' : median(bytes).toFixed(0),
    'bytes a second': (open?.bytesPerSecond ?? Number.NaN).toFixed(0),
    'processor, 30 s (%)': ((open?.idle ?? Number.NaN) * 100).toFixed(1),
    'memory (MB)': ((open?.rss ?? Number.NaN) / 1e6).toFixed(0),
  }
}

/** Logs, locks and captures stay in the host: the mounts are its own. */
function prepare(host: TestHost): void {
  for (const folder of ['/var/lib/iptraf-ng', '/var/log/iptraf-ng', '/run/iptraf-ng']) {
    host.try(['sh', '-c', 'test ! -d "$0" && exit; mount -t tmpfs tmpfs "$0"', folder])
  }
  host.run(['mkdir', '-p', '/run/home', '/run/iptraf-ng', '/run/lock'])
}

function isThere(host: TestHost, { name, debian, command }: Program): boolean {
  if (debian === null || host.try(['sh', '-c', 'command -v "$0" > /dev/null', command[0]]).code === 0)
    return true
  process.stderr.write(
    `  without ${name}: apt-get install ${debian}${debian === 'termshark' ? ' tshark' : ''}\n`,
  )
  return false
}

async function started(
  host: TestHost,
  { command, complete }: Program,
  size: { readonly columns: number; readonly rows: number },
): Promise<{ readonly took: number; readonly terminal: TestTerminal }> {
  const start = performance.now()
  const env = {
    HOME: '/run/home',
    XDG_CACHE_HOME: '/run/home',
    XDG_CONFIG_HOME: '/run/home',
    TMPDIR: '/run/home',
  }
  const terminal = openTestTerminal(host.inside(command), { ...size, env })
  let seen = -1
  try {
    await until(
      () => {
        if (terminal.bytes === seen) return false
        seen = terminal.bytes
        return complete(terminal.text())
      },
      60_000,
      () => `${command.join(' ')}\n${terminal.text()}`,
    )
  } catch (error) {
    await ended(terminal)
    throw error
  }
  return { took: performance.now() - start, terminal }
}

async function ended(terminal: TestTerminal): Promise<void> {
  // Its own end, so that locks and children go; then whatever is left.
  for (const pid of treeUsage(terminal.pid).pids) {
    try {
      process.kill(pid, 'SIGTERM')
    } catch {
      // Ended with the one before.
    }
  }
  await Promise.race([terminal.exited(3000).catch(() => -1), pause(3000)])
  terminal.close()
}

async function whileOpen(terminal: TestTerminal): Promise<Open> {
  await pause(3000)
  const { keyMs, keyBytes } = await keys(terminal)
  await pause(2000)
  const [before, bytes, start] = [treeUsage(terminal.pid), terminal.bytes, performance.now()]
  await pause(30_000)
  const seconds = (performance.now() - start) / 1000
  const after = treeUsage(terminal.pid)
  return {
    keyMs,
    keyBytes,
    bytesPerSecond: (terminal.bytes - bytes) / seconds,
    idle: (after.seconds - before.seconds) / seconds,
    rss: after.rss,
  }
}

/**
 * One down, one up: until the first bytes, and all of them until it is quiet. A key that changes nothing has no answer
 * and counts for nothing. Where the traffic is told at the same moment its bytes count, too: hence medians.
 */
async function keys(terminal: TestTerminal) {
  const keyMs: number[] = []
  const keyBytes: number[] = []
  for (let at = 0; at < 30; at += 1) {
    await terminal.idle(60).catch(() => undefined)
    const arrow = at % 2 === 0 ? 'B' : 'A'
    const before = terminal.bytes
    const start = performance.now()
    terminal.send(terminal.screen.applicationKeys ? `\x1bO${arrow}` : `\x1b[${arrow}`)
    while (terminal.bytes === before && performance.now() < start + keyLimitMs) await pause(1)
    const took = performance.now() - start
    // Later than this it is the picture of the next second.
    if (took > 500) continue
    keyMs.push(took)
    await terminal.idle(15).catch(() => undefined)
    keyBytes.push(terminal.bytes - before)
  }
  return keyMs.length < 10 ? { keyMs: [], keyBytes: [] } : { keyMs, keyBytes }
}
