/** What live counters and a chart write at 120×40 while a link is busy. */
import type { TestHost } from '../support/host.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'
import type { Section } from './bench.ts'
import { median } from './figures.ts'
import { pause, programPid, settled, usage } from './screen-probes.ts'
import { isComplete, until } from './start.ts'

const seconds = 30
/** So long nothing is written between two refreshes. */
const restMs = 200

export async function measureCharts(host: TestHost, size: number, program: string): Promise<Section> {
  const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 120, rows: 40 })
  const pings = host.spawn([
    'ip',
    'netns',
    'exec',
    'ns0',
    'ping',
    '-q',
    '-i',
    '0.01',
    '-s',
    '1400',
    '10.0.0.1',
  ])
  try {
    await until(
      () => isComplete(terminal.text(), size),
      60_000,
      () => terminal.text(),
    )
    terminal.send('f')
    await settled(terminal)
    terminal.send('\x1b[200~veth0\x1b[201~')
    await settled(terminal)
    terminal.send('\r')
    await until(
      () => /── veth0 in host/.test(terminal.text()) && /rx \d[\d.]* +tx \d/.test(terminal.text()),
      15_000,
      () => terminal.text(),
    )
    await pause(2000)
    const pid = programPid(terminal)
    const [before, start] = [usage(pid).seconds, performance.now()]
    const written = await refreshes(terminal, seconds * 1000)
    const share = (usage(pid).seconds - before) / ((performance.now() - start) / 1000)
    return {
      group: 'charts',
      title: `A chart with live counters, 120×40, ${size} namespaces`,
      rows: [
        { figure: 'bytes a refresh, median', measured: median(written).toFixed(0), target: '≤ 2000' },
        {
          figure: `bytes a refresh, most of ${written.length}`,
          measured: Math.max(...written),
          target: '≤ 2000',
        },
        { figure: `share of a core over ${seconds} s (%)`, measured: (share * 100).toFixed(1), target: '' },
      ],
    }
  } finally {
    pings.kill('SIGKILL')
    terminal.close()
  }
}

/** Counters come once a second: what is written together, with rests between, is one refresh. */
async function refreshes(terminal: TestTerminal, ms: number): Promise<readonly number[]> {
  const written: number[] = []
  const end = performance.now() + ms
  let seen = terminal.bytes
  let one = 0
  let quietSince = performance.now()
  while (performance.now() < end) {
    await pause(20)
    const now = terminal.bytes
    if (now !== seen) {
      one += now - seen
      seen = now
      quietSince = performance.now()
    } else if (one > 0 && performance.now() - quietSince > restMs) {
      written.push(one)
      one = 0
    }
  }
  return written
}
