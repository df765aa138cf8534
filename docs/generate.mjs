// Writes the generated documents: `node docs/generate.mjs`. What stands in them is made by generate.ts, from the
// sources themselves; a test compares.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cache = join(root, 'node_modules/.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'vethscope-docs-'))
try {
  const outfile = join(folder, 'generate.mjs')
  await build({
    absWorkingDir: root,
    entryPoints: ['docs/generate.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['koffi', 'node-pty', 'blessed'],
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
    },
    logLevel: 'warning',
  })
  const { documents } = await import(pathToFileURL(outfile).href)
  for (const [name, content] of Object.entries(await documents(readFileSync(join(root, 'README.md'), 'utf8')))) {
    writeFileSync(join(root, name), content)
    process.stdout.write(`${name}\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
