/** What dist/launch.js is told, as JSON in its one argument. */
import type { Place } from '../../model/probe.ts'

export type LaunchSpec = {
  readonly place: Place
  readonly argv: readonly string[]
  /** With the namespace's own files over those of /etc, and its links in /sys. */
  readonly files: boolean
  /** The process that spawns it: when that ends, so does what was launched. null: it may outlive it. */
  readonly parent: number | null
  /** nsenter took it into user and network namespace already: both are only checked. */
  readonly entered: boolean
}

/**
 * The bundle's launcher, beside whatever chunk this lands in. null: this runs from the sources, where no Node can start one.
 */
export const launcherFile: URL | null = import.meta.url.endsWith('.ts')
  ? null
  : new URL('./launch.js', import.meta.url)
