// `npm run bench [-- --rounds N] [-- --sizes 10,100,1000] [-- --only collector,start,screen,flaps,rules,rivals,connections,charts,matrix,labs] [-- --write]`
// Bundles the benchmark (TypeScript) and runs it; builds the program first, because that is what is measured.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const out = join(root, 'node_modules/.cache/vethscope-bench')
mkdirSync(out, { recursive: true })
const built = spawnSync(process.execPath, [join(root, 'build.mjs')], { stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
await build({
  absWorkingDir: root,
  entryPoints: ['test/bench/bench.ts', 'test/bench/collector-rounds.ts', 'test/bench/rules-inside.ts'],
  outdir: out,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
})
const run = spawnSync(process.execPath, [join(out, 'bench.mjs'), root, out, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exitCode = run.status ?? 1
