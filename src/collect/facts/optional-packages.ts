/** Packages that may be missing: without koffi the reader over `ip` is used, without node-pty there is no shell pane. */
import { createRequire } from 'node:module'
import { unknown, type Known } from '../../model/known.ts'
import type { Tool } from '../../model/world.ts'

/** node-pty is only loaded to see whether it can be where that is the question: it takes 10 ms. */
export async function readOptionalPackages(loadAll: boolean): Promise<Tool['optional']> {
  return [
    { name: 'koffi', loaded: await loadedVersion('koffi') },
    { name: 'node-pty', loaded: loadAll ? await loadedVersion('node-pty') : unknown('not needed yet') },
  ]
}

const switches: Readonly<Record<string, string>> = {
  koffi: 'VETHSCOPE_NO_KOFFI',
  'node-pty': 'VETHSCOPE_NO_PTY',
}

/** Loading is the proof: a package may be installed without the binary of this platform. */
async function loadedVersion(name: string): Promise<Known<string>> {
  const off = switches[name]
  if (off !== undefined && process.env[off] === '1') return unknown(`switched off by ${off}=1`)
  try {
    const loaded: unknown = await import(name)
    return versionIn(loaded) ?? manifestVersion(name) ?? 'loaded'
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      return unknown('not installed')
    }
    return unknown(firstLine(error instanceof Error ? error.message : String(error)))
  }
}

/** Not every package lets its package.json be read. */
function manifestVersion(name: string): string | null {
  try {
    return versionIn(createRequire(import.meta.url)(`${name}/package.json`))
  } catch {
    return null
  }
}

function versionIn(loaded: unknown): string | null {
  if (typeof loaded !== 'object' || loaded === null || !('version' in loaded)) return null
  return typeof loaded.version === 'string' ? loaded.version : null
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}
