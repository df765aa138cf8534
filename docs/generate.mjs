// Writes the generated documents: `node docs/generate.mjs`. What stands in them is made by generate.ts, from the
// sources themselves; a test compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundled, root } from './bundled.mjs'

await bundled('docs/generate.ts', async ({ documents }) => {
  for (const [name, content] of Object.entries(await documents(readFileSync(join(root, 'README.md'), 'utf8')))) {
    writeFileSync(join(root, name), content)
    process.stdout.write(`${name}\n`)
  }
})
