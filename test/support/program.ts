/**
 * Programs for the screen tests, bundled as build.mjs does, into a folder of their own that goes away with the test
 * file. `node_modules`, themes, fixtures and examples are found beside it as they are beside dist/.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll } from 'vitest'
import { bundling, projectRoot } from './bundle.ts'

const built = new Map<string, Promise<string>>()
const folders: string[] = []

// Registered when a test file imports this; vitest's workers end without an `exit` event.
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** The folder with main.js of vethscope itself, and worker, prober, launcher, asker and runner beside it. */
export function buildVethscope(): Promise<string> {
  const names = ['main', 'worker', 'prober', 'launch', 'ask', 'runner'] as const
  return buildOnce(Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])))
}

/** Small programs (test/tui/programs) by their files; resolves with the path of the first one's JavaScript. */
export async function buildTestProgram(first: URL, ...others: readonly URL[]): Promise<string> {
  const entries = [first, ...others].map((file) => fileURLToPath(file))
  const outdir = await buildOnce(Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])))
  return join(outdir, `${basename(fileURLToPath(first), '.ts')}.js`)
}

function buildOnce(entryPoints: Readonly<Record<string, string>>): Promise<string> {
  const key = JSON.stringify(entryPoints)
  const known = built.get(key)
  if (known !== undefined) return known
  const folder = bundle(entryPoints)
  built.set(key, folder)
  return folder
}

async function bundle(entryPoints: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-test-'))
  folders.push(folder)
  // Other users run it as well.
  chmodSync(folder, 0o755)
  for (const name of ['node_modules', 'themes', 'fixtures', 'examples'])
    symlinkSync(join(projectRoot, name), join(folder, name))
  const outdir = join(folder, 'dist')
  mkdirSync(outdir)
  await build({ ...bundling, entryPoints: { ...entryPoints }, outdir, splitting: true })
  symlinkSync(join(projectRoot, 'package.json'), join(folder, 'package.json'))
  return outdir
}
