/**
 * Runs pieces of src/ on a test host. A test itself is outside that host, so a small program is bundled into one
 * file and started there by Node; it prints JSON.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
/** Below the project, so that `import 'koffi'` finds the package. */
const cache = join(projectRoot, 'node_modules/.cache/vethscope-test')

/**
 * Bundles a program written in TypeScript, with imports as seen from the project's root (`./src/…`), and gives
 * the file to start with `process.execPath`. Removed when the test file's process ends.
 */
export async function bundle(source: string): Promise<string> {
  return (await bundleEntries({ program: { source } }))['program'] ?? ''
}

/** How build.mjs bundles. */
export const bundling = {
  absWorkingDir: projectRoot,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['koffi', 'node-pty', 'blessed'],
  define: { 'process.env.VETHSCOPE_VERSION': '"0.0.0-test"' },
  banner: {
    js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
  },
  logLevel: 'silent',
} as const satisfies BuildOptions

type Entry = { readonly source: string } | { readonly file: string }

/** Several entries side by side, such as a program and the worker it starts; `file` is relative to the root. */
export async function bundleEntries(
  entries: Readonly<Record<string, Entry>>,
): Promise<Record<string, string>> {
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'run-'))
  // Other users run it as well.
  chmodSync(folder, 0o755)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const files: Record<string, string> = {}
  for (const [name, entry] of Object.entries(entries)) {
    const outfile = join(folder, `${name}.mjs`)
    await build({
      ...bundling,
      ...('file' in entry
        ? { entryPoints: [entry.file] }
        : { stdin: { contents: entry.source, resolveDir: projectRoot, loader: 'ts' as const } }),
      outfile,
    })
    files[name] = outfile
  }
  return files
}
