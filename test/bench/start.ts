/** From nothing to an answer: `show --json`, and the first complete picture, against an empty node. */
import type { TestHost } from '../support/host.ts'
import { openTestTerminal } from '../support/terminal.ts'
import type { Section } from './bench.ts'
import { median, medianRatio } from './figures.ts'

export async function measureStart(
  host: TestHost,
  size: number,
  rounds: number,
  program: string,
): Promise<Section> {
  const empty: number[] = []
  const show: number[] = []
  const painted: number[] = []
  // One more than counted: the first fills the disk cache.
  for (let round = -1; round < rounds * 2; round++) {
    const figures = [
      timed(() => host.run([process.execPath, '-e', '0'])),
      timed(() => host.run([process.execPath, program, 'show', '--json'])),
      await paint(host, size, program),
    ] as const
    if (round < 0) continue
    empty.push(figures[0])
    show.push(figures[1])
    painted.push(figures[2])
  }
  const row = (figure: string, series: readonly number[]) => ({
    figure,
    'median ms': median(series).toFixed(0),
    'times an empty node': medianRatio(empty, series).toFixed(2),
  })
  return {
    group: 'start',
    title: `Start, ${size} namespaces`,
    rows: [
      row('node -e 0', empty),
      row('vethscope show --json, a process', show),
      row('vethscope: first painted, complete topology', painted),
    ],
  }
}

function timed(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** Complete: the header counts every namespace, and says `live`. */
async function paint(host: TestHost, size: number, program: string): Promise<number> {
  const start = performance.now()
  const terminal = openTestTerminal(host.inside([process.execPath, program]))
  let seen = -1
  const isPainted = () => {
    if (terminal.bytes === seen) return false
    seen = terminal.bytes
    return isComplete(terminal.text(), size)
  }
  try {
    await until(isPainted, 30_000, () => terminal.text())
    return performance.now() - start
  } finally {
    terminal.close()
  }
}

/** `1001 ns` and `live` in the header. */
export function isComplete(text: string, size: number): boolean {
  const header = text.split('\n')[0] ?? ''
  return header.includes(` ${size + 1} ns`) && header.includes('live')
}

/**
 * Looks once a millisecond. At each turn of the event loop it would take a whole core for itself, and on a machine with two
 * what is measured would wait for its measuring.
 */
export async function until(done: () => boolean, limitMs: number, say: () => string): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!done()) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms:\n${say()}`)
    await new Promise((done) => setTimeout(done, 1))
  }
}
