// `npm run soak [-- --minutes N] [-- --seed S]`: the screen open on a host that changes without pause, keys the whole
// time; memory a minute, and what must hold at the end. Bundled like the benchmark.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const outfile = join(root, 'node_modules/.cache/vethscope-soak/soak.mjs')
mkdirSync(dirname(outfile), { recursive: true })
const built = spawnSync(process.execPath, [join(root, 'build.mjs')], { stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
await build({
  absWorkingDir: root,
  entryPoints: ['test/soak/soak.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
})
const run = spawnSync(process.execPath, [outfile, join(root, 'dist/main.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exitCode = run.status ?? 1
