/**
 * What a test needs of the machine. Missing: the test is skipped and says what is missing and what helps; with
 * CI=true it fails instead, because a skip there would hide a hole.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'vitest'
import packages from './packages.json' with { type: 'json' }

/** Debian package of each tool that tests use; test/run.mjs installs them. */
const packageOf: Readonly<Record<string, string>> = packages

export function hasTool(name: string): boolean {
  return (
    (process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin')
      .split(delimiter)
      // Podman's own programs are in no folder of PATH.
      .concat('/usr/sbin', '/sbin', '/usr/lib/podman', '/usr/libexec/podman')
      .some((folder) => {
        try {
          accessSync(join(folder, name), constants.X_OK)
          return true
        } catch {
          return false
        }
      })
  )
}

/** Call at the top of a live test file; returns whether its tests can run, and registers the skip where not. */
export function requires(needs: { readonly root?: boolean; readonly tools?: readonly string[] }): boolean {
  const missing = (needs.tools ?? []).filter((tool) => !hasTool(tool))
  const reasons = [
    ...(needs.root === true && process.getuid?.() !== 0 ? ['needs root'] : []),
    ...missing.map((tool) => `needs ${tool} (apt-get install ${packageOf[tool] ?? tool})`),
  ]
  if (reasons.length === 0) return true
  const reason = reasons.join(', ')
  if (process.env['CI'] === 'true') {
    test(`cannot run: ${reason}`, () => {
      throw new Error(`with CI=true nothing may be skipped: ${reason}`)
    })
  } else {
    test.skip(`skipped: ${reason}`, () => {})
  }
  return false
}
