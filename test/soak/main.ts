/**
 * `npm run soak`: prints a line a minute and a table for docs/soak.md; exit 1 when something is wrong. Removes everything.
 * argv: folder with the program, then --minutes N, --namespaces N, --seed N.
 */
import { join } from 'node:path'
import { soak } from './soak.ts'
import { soakTable } from './soak-table.ts'

const [out = '.', ...args] = process.argv.slice(2)
const option = (name: string, fallback: number): number => {
  const at = args.indexOf(`--${name}`)
  const value = at < 0 ? fallback : Number(args[at + 1])
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} wants a number above 0`)
  return value
}
const minutes = option('minutes', 10)
const namespaces = option('namespaces', 50)
const seed = option('seed', 1 + Math.floor(Math.random() * 1e9))

process.stderr.write(`soak: ${minutes} min, ${namespaces} namespaces, --seed ${seed}\n`)
const { problems, samples, walks } = await soak({
  program: join(out, 'dist/main.js'),
  minutes,
  namespaces,
  seed,
  say: (line) => process.stdout.write(`${line}\n`),
})
process.stdout.write(`\n${soakTable(samples)}\n\n${walks} walks\n`)
for (const problem of problems) process.stderr.write(`soak: ${problem}\n`)
process.stderr.write(problems.length === 0 ? 'soak: passed\n' : `soak: failed with --seed ${seed}\n`)
process.exit(problems.length === 0 ? 0 : 1)
