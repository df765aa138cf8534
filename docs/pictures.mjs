// Draws the pictures of docs/pictures: `node docs/pictures.mjs`. What is on them is made by pictures.ts; a test compares.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cache = join(root, 'node_modules/.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'vethscope-pictures-'))
try {
  const outfile = join(folder, 'pictures.mjs')
  await build({
    absWorkingDir: root,
    entryPoints: ['docs/pictures.ts'],
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
  const { pictures } = await import(pathToFileURL(outfile).href)
  mkdirSync(join(root, 'docs/pictures'), { recursive: true })
  for (const [name, content] of Object.entries(await pictures(join(root, 'fixtures/docker.json.gz')))) {
    writeFileSync(join(root, name), content)
    process.stdout.write(`${name}  ${Math.ceil(content.length / 1000)} kB\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
