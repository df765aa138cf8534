// Draws the pictures of docs/pictures: `node docs/pictures.mjs`. What is on them is made by pictures.ts; a test compares.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundled, root } from './bundled.mjs'

await bundled('docs/pictures.ts', async ({ pictures }) => {
  mkdirSync(join(root, 'docs/pictures'), { recursive: true })
  for (const [name, content] of Object.entries(await pictures(join(root, 'fixtures/docker.json.gz')))) {
    writeFileSync(join(root, name), content)
    process.stdout.write(`${name}  ${Math.ceil(content.length / 1000)} kB\n`)
  }
})
process.exit(0)
