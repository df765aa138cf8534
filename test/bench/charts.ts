/** What live counters and a chart write at 120×40 while a link is busy. */
import type { TestHost } from '../support/host.ts'
import { openTestTerminal } from '../support/terminal.ts'
import type { Section } from './bench.ts'
import { median } from './figures.ts'
import { pause, programPid, settled, usage } from './screen-probes.ts'
import { isComplete, until } from './start.ts'

const seconds = 30

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
    const written: number[] = []
    const pid = programPid(terminal)
    const [before, start] = [usage(pid).seconds, performance.now()]
    for (let second = 0; second < seconds; second += 1) {
      const bytes = terminal.bytes
      await pause(1000)
      written.push(terminal.bytes - bytes)
    }
    const share = (usage(pid).seconds - before) / ((performance.now() - start) / 1000)
    return {
      group: 'charts',
      title: `A chart with live counters, 120×40, ${size} namespaces`,
      rows: [
        { figure: 'bytes a second, median', measured: median(written).toFixed(0), target: '≤ 2000' },
        { figure: `bytes a second, most of ${seconds}`, measured: Math.max(...written), target: '≤ 2000' },
        { figure: `share of a core over ${seconds} s (%)`, measured: (share * 100).toFixed(1), target: '' },
      ],
    }
  } finally {
    pings.kill('SIGKILL')
    terminal.close()
  }
}
