// Takes the tour on a real host (root needed) and writes its transcript: `node docs/tour.mjs`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const outfile = join(root, 'node_modules/.cache/vethscope-tour/tour.mjs')
mkdirSync(dirname(outfile), { recursive: true })
await build({
  absWorkingDir: root,
  entryPoints: ['test/support/tour.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
})
const { takeTour, transcript } = await import(pathToFileURL(outfile).href)
writeFileSync(join(root, 'docs/tour.md'), transcript(await takeTour(process.argv[2] ?? join(root, 'dist/main.js'))))
process.exit(0)
