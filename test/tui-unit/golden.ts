/** Frames as plain text in test/golden/view. UPDATE_GOLDEN=1 writes them anew and prints the lines that changed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const folder = fileURLToPath(new URL('../golden/view/', import.meta.url))

export function expectGolden(name: string, text: string, env: NodeJS.ProcessEnv = process.env): void {
  const file = `${folder}${name}.txt`
  const old = existsSync(file) ? readFileSync(file, 'utf8') : null
  if (env['UPDATE_GOLDEN'] === '1') {
    if (env['CI'] === 'true') throw new Error('goldens are not updated with CI=true')
    if (old === text) return
    process.stdout.write(`${name}.txt\n${changedLines(old ?? '', text).join('\n')}\n`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, text)
    return
  }
  if (old === null) throw new Error(`there is no golden ${name}.txt: look at the frame, then UPDATE_GOLDEN=1`)
  expect(text).toBe(old)
}

export function changedLines(old: string, text: string): readonly string[] {
  const [before, after] = [old.split('\n'), text.split('\n')]
  return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => at)
    .filter((at) => before[at] !== after[at])
    .flatMap((at) => [`- ${before[at] ?? ''}`, `+ ${after[at] ?? ''}`])
}
