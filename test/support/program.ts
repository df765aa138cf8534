/**
 * Programs for the screen tests, bundled as build.mjs does, into a folder of their own that goes away with the test
 * file. `node_modules`, themes and fixtures are found beside it as they are beside dist/.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll } from 'vitest'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const built = new Map<string, Promise<string>>()
const folders: string[] = []

// Registered when a test file imports this; vitest's workers end without an `exit` event.
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** The folder with main.js and worker.js of vethscope itself. */
export function buildVethscope(): Promise<string> {
  return buildOnce({ main: 'src/main.ts', worker: 'src/worker.ts' })
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
  for (const name of ['node_modules', 'themes', 'fixtures']) symlinkSync(join(root, name), join(folder, name))
  const outdir = join(folder, 'dist')
  mkdirSync(outdir)
  await build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['koffi', 'node-pty', 'blessed'],
    define: { 'process.env.VETHSCOPE_VERSION': '"0.0.0-test"' },
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
    },
    logLevel: 'silent',
  })
  symlinkSync(join(root, 'package.json'), join(folder, 'package.json'))
  return outdir
}
