/** Control groups belong to the machine, not to a host that a test plays: what an engine leaves there the test takes away. */
import { readdirSync, rmdirSync } from 'node:fs'

/** In each hierarchy that the machine has, in this order; one with processes or groups in it stays. */
export function removeEmptyGroups(...groups: readonly string[]): void {
  const hierarchies = readdirSync('/sys/fs/cgroup').filter((each) => !each.includes('.'))
  for (const hierarchy of ['', ...hierarchies]) {
    for (const group of groups) {
      try {
        rmdirSync(`/sys/fs/cgroup/${hierarchy}/${group}`)
      } catch {
        // None of this hierarchy, or another's.
      }
    }
  }
}
