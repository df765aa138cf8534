/** The Rules screen on a host with 30,000 rules, beside the tools that print them all. */
import { join } from 'node:path'
import type { TestHost } from '../support/host.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'
import type { Section } from './bench.ts'
import { median, medianRatio, percentile } from './figures.ts'
import { pause, programPid, settled, usage } from './screen-probes.ts'
import { isComplete, until } from './start.ts'

export async function measureRules(
  host: TestHost,
  rounds: number,
  program: string,
  out: string,
): Promise<Section> {
  const saved: number[] = []
  const listed: number[] = []
  const painted: number[] = []
  const processor: number[] = []
  const scrolled: number[] = []
  const bytes: number[] = []
  let rss = 0
  let idle = 0
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`  round ${round + 1} of ${rounds}\n`)
    saved.push(timed(host, 'iptables-save -c'))
    listed.push(timed(host, 'nft -j list ruleset'))
    const terminal = openTestTerminal(host.inside([process.execPath, program]))
    try {
      await until(
        () => isComplete(terminal.text(), 2),
        30_000,
        () => terminal.text(),
      )
      await settled(terminal, 1000)
      const pid = programPid(terminal)
      const spent = usage(pid).seconds
      painted.push(await opened(terminal))
      processor.push((usage(pid).seconds - spent) * 1000)
      await pause(1500)
      for (const key of ['\x1b[6~', '\x1b[6~', '\x1bOB', '\x1bOB', '\x1b[5~', '\x1bOA']) {
        for (let times = 0; times < 5; times++) {
          const { ms, written } = await answered(terminal, key)
          scrolled.push(ms)
          bytes.push(written)
        }
      }
      await pause(2000)
      const before = usage(pid).seconds
      await pause(10_000)
      idle = (usage(pid).seconds - before) / 10
      rss = Math.max(rss, usage(pid).rss)
    } finally {
      terminal.close()
    }
  }
  const inside = JSON.parse(host.run([process.execPath, join(out, 'rules-inside.mjs')])) as {
    readonly rules: number
    readonly readMs: number
    readonly blockedMs: number
    readonly windowMs: number
    readonly nextMs: number
    readonly windowBytes: number
    readonly findingsMs: number
    readonly findingsBlockedMs: number
    readonly againMs: number
    readonly isKept: boolean
    readonly countedMs: number
  }
  if (!inside.isKept) throw new Error('rules that say the same were not kept')
  const row = (figure: string, measured: number, target: string, digits = 0) => ({
    figure,
    measured: measured.toFixed(digits),
    target,
  })
  return {
    group: 'rules',
    title: `The Rules screen, 80×24, ${inside.rules} rules`,
    rows: [
      row('iptables-save -c, median (ms)', median(saved), ''),
      row('nft -j list ruleset, median (ms)', median(listed), ''),
      row('3 to the painted rules, median (ms)', median(painted), '≤ 1500'),
      row('processor time for that, all threads, median (ms)', median(processor), ''),
      row('painted, times iptables-save', medianRatio(saved, painted), '', 2),
      row('a scrolling key to the repainted rows, p95 (ms)', percentile(scrolled, 0.95), '≤ 16', 1),
      row('bytes for a line or a page, median', median(bytes), '', 0),
      row('screen open on the rules, share of a core over 10 s (%)', idle * 100, '', 1),
      row('resident memory, both heaps (MB)', rss / 1e6, '≤ 200'),
      row('reading once, in the process (ms)', inside.readMs, ''),
      row('longest that the thread was held by it (ms)', inside.blockedMs, '≤ 50'),
      row('first window of it (ms)', inside.windowMs, ''),
      row('next windows, median (ms)', inside.nextMs, '', 2),
      row('reading again what says the same (ms)', inside.againMs, ''),
      row('first window with new counters (ms)', inside.countedMs, '', 1),
      row('findings, the first look (ms)', inside.findingsMs, ''),
      row('longest that the thread was held by it (ms)', inside.findingsBlockedMs, '≤ 50'),
      row('bytes of a window to the screen', inside.windowBytes, '≤ 100000'),
    ],
  }
}

function timed(host: TestHost, command: string): number {
  const start = performance.now()
  host.run(['sh', '-c', `${command} > /dev/null`])
  return performance.now() - start
}

/** `3`, until rules stand there. */
async function opened(terminal: TestTerminal): Promise<number> {
  const start = performance.now()
  terminal.send('3')
  await until(
    () => /MASQUERADE|DNAT|ACCEPT/.test(terminal.text()) && !/reading the rules/.test(terminal.text()),
    20_000,
    () => terminal.text(),
  )
  return performance.now() - start
}

/** Until the row of the answer is there: a row that has not come yet is an ellipsis. */
async function answered(terminal: TestTerminal, key: string): Promise<{ ms: number; written: number }> {
  await settled(terminal, 60)
  const before = terminal.bytes
  const start = performance.now()
  terminal.send(key)
  await until(
    () => terminal.bytes > before && !/^.  … *$/m.test(terminal.text()),
    5000,
    () => `no answer to ${JSON.stringify(key)}\n${terminal.text()}`,
  )
  const ms = performance.now() - start
  await settled(terminal, 15)
  return { ms, written: terminal.bytes - before }
}
