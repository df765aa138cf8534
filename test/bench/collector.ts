/** The whole-host World, warm, against its rivals. */
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { TestHost } from '../support/host.ts'
import type { Section } from './bench.ts'
import { median, medianRatio } from './figures.ts'
import { rivals } from './rivals.ts'

const warmUps = 6

export async function measureCollector(
  host: TestHost,
  size: number,
  rounds: number,
  limitProgram: string,
  out: string,
): Promise<Section> {
  const child = host.spawn([process.execPath, join(out, 'collector-rounds.mjs'), 'netlink'])
  if (child.stdin === null || child.stdout === null) throw new Error('no pipes')
  child.stderr?.pipe(process.stderr)
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ours = async () => {
    child.stdin?.write('go\n')
    const { value, done } = await answers.next()
    if (done === true) throw new Error('the collector ended')
    return (JSON.parse(value) as { seconds: number }).seconds
  }
  for (let n = 0; n < warmUps; n++) await ours()

  const others = rivals(limitProgram)
  const own: number[] = []
  const theirs = others.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    own.push(await ours())
    for (const [at, rival] of others.entries()) {
      process.stderr.write(`  round ${round + 1} of ${rounds}: ${rival.name}\n`)
      theirs[at]?.push(rival.round(host))
    }
  }
  child.kill('SIGKILL')
  const ms = (seconds: readonly number[]) => (median(seconds) * 1000).toFixed(1)
  return {
    group: 'collector',
    title: `Whole-host World, ${size} namespaces`,
    rows: [
      { figure: 'vethscope, netlink, warm (World and pairs)', 'median ms': ms(own), 'times ours': '1' },
      ...others.map(({ name }, at) => ({
        figure: name,
        'median ms': ms(theirs[at] ?? []),
        'times ours': medianRatio(own, theirs[at] ?? []).toFixed(2),
      })),
    ],
  }
}
