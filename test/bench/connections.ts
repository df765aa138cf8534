/** The table of connections with a hundred thousand of them. */
import { playHost, type TestHost } from '../support/host.ts'
import { openTestTerminal } from '../support/terminal.ts'
import type { Section } from './bench.ts'
import { median, percentile } from './figures.ts'
import { pause, programPid, settled, usage } from './screen-probes.ts'
import { isComplete, until } from './start.ts'

/** Put into the kernel's table by conntrack(8) from a file, as established connections that last an hour. */
export async function connectionsHost(count: number): Promise<TestHost> {
  const host = await playHost('bench-connections')
  host.ip('link set lo up', 'link add br0 type bridge', 'addr add 10.0.0.1/16 dev br0', 'link set br0 up')
  const line = (n: number): string =>
    [
      '-I -p tcp',
      `-s 10.0.${(n >> 12) & 255}.${(n >> 4) & 255}`,
      `-d 192.0.2.${n & 127}`,
      `--sport ${1024 + (n % 60_000)} --dport 443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t 3600`,
    ].join(' ')
  host.run(['conntrack', '-R', '-'], {
    input: `${Array.from({ length: count }, (_, n) => line(n)).join('\n')}\n`,
  })
  return host
}

export async function measureConnections(host: TestHost, rounds: number, program: string): Promise<Section> {
  const [listed, opened, scrolled, bytes, idle, rss]: number[][] = [[], [], [], [], [], []]
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`  round ${round + 1} of ${rounds}\n`)
    const start = performance.now()
    host.run(['sh', '-c', 'conntrack -L > /dev/null 2>&1'])
    listed?.push(performance.now() - start)
    const terminal = openTestTerminal(host.inside([process.execPath, program]))
    try {
      await until(
        () => isComplete(terminal.text(), 0),
        30_000,
        () => terminal.text(),
      )
      terminal.send('4')
      await settled(terminal, 1000)
      const began = performance.now()
      terminal.send('}}')
      await until(
        () => /connections \S+ \d{5,} of/.test(terminal.text()) && /192\.0\.2\.\d+:443/.test(terminal.text()),
        30_000,
        () => terminal.text(),
      )
      opened?.push(performance.now() - began)
      await pause(1500)
      for (const key of ['\x1b[6~', '\x1b[6~', '\x1bOB', '\x1bOB', '\x1b[5~', '\x1bOA']) {
        for (let times = 0; times < 5; times += 1) {
          // It is read each second, so it is never quiet for long.
          await settled(terminal, 30)
          const before = terminal.bytes
          const sent = performance.now()
          terminal.send(key)
          await until(
            () => terminal.bytes > before && !/^.  … *$/m.test(terminal.text()),
            5000,
            () => `no answer to ${JSON.stringify(key)}\n${terminal.text()}`,
          )
          scrolled?.push(performance.now() - sent)
          await settled(terminal, 15)
          bytes?.push(terminal.bytes - before)
        }
      }
      const pid = programPid(terminal)
      const before = usage(pid).seconds
      await pause(10_000)
      idle?.push((usage(pid).seconds - before) / 10)
      rss?.push(usage(pid).rss / 1e6)
    } finally {
      terminal.close()
    }
  }
  const row = (figure: string, measured: number, target = '', digits = 0) => ({
    figure,
    measured: measured.toFixed(digits),
    target,
  })
  const count = host.run(['conntrack', '-C']).trim()
  return {
    group: 'connections',
    title: `Connections, 80×24, ${count} of them`,
    rows: [
      row('conntrack -L, median (ms)', median(listed ?? [])),
      row('} to the painted connections, median (ms)', median(opened ?? [])),
      row('a scrolling key to the repainted rows, p95 (ms)', percentile(scrolled ?? [], 0.95), '≤ 16', 1),
      row('bytes for a line or a page, median', median(bytes ?? [])),
      row('read again each second, share of a core over 10 s (%)', median(idle ?? []) * 100, '', 1),
      row('resident memory, both heaps (MB)', median(rss ?? [])),
    ],
  }
}
