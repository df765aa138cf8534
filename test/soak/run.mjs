// `npm run soak [-- --minutes N] [-- --namespaces N] [-- --seed N]`
// Bundles the soak (TypeScript) and runs it on a copy of the freshly built program, so that a later build does not
// take its files away while it runs.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const cache = join(root, 'node_modules/.cache')
mkdirSync(cache, { recursive: true })
const built = spawnSync(process.execPath, [join(root, 'build.mjs')], { stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
const out = mkdtempSync(join(cache, 'vethscope-soak-'))
try {
  for (const name of ['dist', 'themes', 'package.json'])
    cpSync(join(root, name), join(out, name), { recursive: true })
  await build({
    absWorkingDir: root,
    entryPoints: ['test/soak/main.ts'],
    outdir: out,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  })
  const run = spawnSync(process.execPath, [join(out, 'main.mjs'), out, ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  process.exitCode = run.status ?? 1
} finally {
  rmSync(out, { recursive: true, force: true })
}
