/**
 * `npm run bench`: the figures of docs/performance.md. Builds hosts of 10, 100 and 1,000 namespaces, measures in turn
 * (each round runs every rival once), prints tables, writes test/bench/results.json, and removes everything.
 * argv: project root, folder of the bundles, then --rounds N, --sizes 10,100,1000, --only GROUP,GROUP…, --write.
 */
import { writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, release } from 'node:os'
import { join } from 'node:path'
import { measureCharts } from './charts.ts'
import { measureCollector } from './collector.ts'
import { connectionsHost, measureConnections } from './connections.ts'
import { table } from './figures.ts'
import { hostOf } from './hosts.ts'
import { measureLabs } from './labs.ts'
import { compileLimit } from './rivals.ts'
import { matrixHost, measureMatrix } from './matrix.ts'
import { measureRules } from './rules.ts'
import { rulesHost } from './rules-host.ts'
import { measureFlaps, measureScreen } from './screen.ts'
import { measureStart } from './start.ts'
import { measureTerminalRivals } from './terminal-rivals.ts'
import { writtenInto } from './written-into.ts'
import type { TestHost } from '../support/host.ts'

const groups = [
  'collector',
  'start',
  'screen',
  'flaps',
  'rules',
  'rivals',
  'connections',
  'charts',
  'matrix',
  'labs',
] as const
export type Row = { readonly figure: string; readonly [column: string]: string | number }
export type Section = { readonly group: string; readonly title: string; readonly rows: readonly Row[] }

const [root = '.', out = '.', ...args] = process.argv.slice(2)
const option = (name: string, fallback: string) =>
  args[args.indexOf(`--${name}`) + 1 || args.length] ?? fallback
const rounds = Number(option('rounds', '5'))
const sizes = option('sizes', '10,100,1000').split(',').map(Number)
const only = option('only', groups.join(',')).split(',')
const unknown = only.filter((each) => !groups.some((group) => group === each))
if (unknown.length > 0) throw new Error(`--only knows ${groups.join(', ')}: not ${unknown.join(', ')}`)
const wants = (...named: readonly string[]): boolean => named.some((group) => only.includes(group))
const program = join(root, 'dist/main.js')
// Taken before: what is measured is load of its own.
const load = loadavg()[0] ?? Number.NaN

const sections: Section[] = []
const limit = wants('collector') ? compileLimit(root, out) : ''
for (const size of wants('collector', 'start', 'screen', 'flaps') ? sizes : []) {
  await onHost(`${size} namespaces`, hostOf(size), async (host) => {
    const isLargest = size === Math.max(...sizes)
    if (wants('collector')) show(await measureCollector(host, size, rounds, limit, out))
    if (wants('start')) show(await measureStart(host, size, rounds, program))
    if (wants('screen') && isLargest) show(await measureScreen(host, size, program))
    if (wants('flaps') && isLargest) show(await measureFlaps(host, size, program))
  })
}
for (const size of wants('rivals') ? [10, 100] : []) {
  await onHost(`${size} namespaces`, hostOf(size), async (host) => {
    for (const section of await measureTerminalRivals(host, size, rounds, program)) show(section)
  })
}
if (wants('charts')) {
  await onHost('100 namespaces', hostOf(100), async (host) => show(await measureCharts(host, 100, program)))
}
if (wants('rules')) {
  await onHost('30,000 rules', rulesHost(30_000), async (host) =>
    show(await measureRules(host, rounds, program, out)),
  )
}
if (wants('connections')) {
  await onHost('100,000 connections', connectionsHost(100_000), async (host) =>
    show(await measureConnections(host, rounds, program)),
  )
}
if (wants('matrix')) {
  await onHost('500 members', matrixHost(500), async (host) =>
    show(await measureMatrix(host, 500, rounds, program)),
  )
  await onHost('50 members, half of them filtered', matrixHost(50, 25), async (host) =>
    show(await measureMatrix(host, 50, rounds, program)),
  )
}
if (wants('labs')) {
  process.stderr.write('starting Docker …\n')
  show(await measureLabs(rounds, program))
}
const machine = {
  kernel: release(),
  arch: arch(),
  processors: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.version,
  rounds,
  load,
}
writeFileSync(join(root, 'test/bench/results.json'), `${JSON.stringify({ machine, sections }, null, 2)}\n`)
if (args.includes('--write')) {
  const file = join(root, 'docs/performance.md')
  const measured = sections.map((section) => ({ group: section.group, text: textOf(section, '###') }))
  writtenInto(
    file,
    measured,
    `Measured ${new Date().toISOString().slice(0, 10)}, ${rounds} rounds, load before it ${load.toFixed(1)}.`,
  )
}
process.exit(0)

async function onHost(what: string, built: Promise<TestHost>, measure: (host: TestHost) => Promise<void>) {
  process.stderr.write(`building a host of ${what} …\n`)
  const host = await built
  try {
    await measure(host)
  } finally {
    await host.end()
  }
}

function show(section: Section): void {
  sections.push(section)
  process.stdout.write(`\n${textOf(section, '##')}\n`)
}

function textOf({ title, rows }: Section, heading: string): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? '')))
  return `${heading} ${title}\n\n${table(columns, cells)}`
}
