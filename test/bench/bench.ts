/**
 * `npm run bench`: the figures of docs/performance.md. Builds hosts of 10, 100 and 1,000 namespaces, measures in turn
 * (each round runs every rival once), prints tables, writes test/bench/results.json, and removes everything.
 * argv: project root, folder of the bundles, then --rounds N, --sizes 10,100,1000, --only collector,start,screen,flaps,rules.
 */
import { writeFileSync } from 'node:fs'
import { arch, cpus, release } from 'node:os'
import { join } from 'node:path'
import { measureCollector } from './collector.ts'
import { hostOf } from './hosts.ts'
import { compileLimit } from './rivals.ts'
import { measureRules } from './rules.ts'
import { rulesHost } from './rules-host.ts'
import { measureFlaps, measureScreen } from './screen.ts'
import { measureStart } from './start.ts'
import { table } from './figures.ts'

export type Row = { readonly figure: string; readonly [column: string]: string | number }
export type Section = { readonly title: string; readonly rows: readonly Row[] }

const [root = '.', out = '.', ...args] = process.argv.slice(2)
const option = (name: string, fallback: string) =>
  args[args.indexOf(`--${name}`) + 1 || args.length] ?? fallback
const rounds = Number(option('rounds', '5'))
const sizes = option('sizes', '10,100,1000').split(',').map(Number)
const only = option('only', 'collector,start,screen,flaps,rules').split(',')
const program = join(root, 'dist/main.js')

const sections: Section[] = []
const limit = only.includes('collector') ? compileLimit(root, out) : ''
const sized = ['collector', 'start', 'screen', 'flaps'].some((each) => only.includes(each)) ? sizes : []
for (const size of sized) {
  process.stderr.write(`building a host of ${size} namespaces …\n`)
  const host = await hostOf(size)
  try {
    if (only.includes('collector')) show(await measureCollector(host, size, rounds, limit, out))
    if (only.includes('start')) show(await measureStart(host, size, rounds, program))
    if (only.includes('screen') && size === Math.max(...sizes)) show(await measureScreen(host, size, program))
    if (only.includes('flaps') && size === Math.max(...sizes)) show(await measureFlaps(host, size, program))
  } finally {
    await host.end()
  }
}
if (only.includes('rules')) {
  process.stderr.write('building a host of 30,000 rules …\n')
  const host = await rulesHost(30_000)
  try {
    show(await measureRules(host, rounds, program, out))
  } finally {
    await host.end()
  }
}
const machine = {
  kernel: release(),
  arch: arch(),
  processors: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.version,
  rounds,
}
writeFileSync(join(root, 'test/bench/results.json'), `${JSON.stringify({ machine, sections }, null, 2)}\n`)
process.exit(0)

function show(section: Section): void {
  sections.push(section)
  const columns = [...new Set(section.rows.flatMap((row) => Object.keys(row)))]
  const cells = section.rows.map((row) => columns.map((column) => String(row[column] ?? '')))
  process.stdout.write(`\n## ${section.title}\n\n${table(columns, cells)}\n`)
}
