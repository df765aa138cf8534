/** The rules of some namespaces, for a World that was read without them a moment ago. */
import { succeeded, type Outcome } from '../lib/failure.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Firewall } from '../model/ruleset.ts'
import type { World } from '../model/world.ts'
import { entranceOf } from './add-details.ts'
import { readFirewall } from './firewall/read-firewall.ts'
import { openReader, type ReaderChoice } from './open-reader.ts'

/** Tools that run side by side: each is a process that mostly waits for the kernel. */
const sideBySide = 4

/** One that nothing leads to keeps `firewall: null`, which is "not read" and never "no rules". */
export async function addFirewall(
  world: World,
  ids: readonly NetnsId[],
  { reader, signal }: { readonly reader: ReaderChoice; readonly signal?: AbortSignal },
): Promise<Outcome<World>> {
  const opened = await openReader(reader)
  if (!opened.ok) return opened
  const { libc } = opened.value
  opened.value.reader.close()
  const read = new Map<NetnsId, Firewall>()
  const wanted = new Set(ids)
  const waiting = world.netns.filter(({ id }) => wanted.has(id))
  const work = async (): Promise<void> => {
    for (let netns = waiting.shift(); netns !== undefined; netns = waiting.shift()) {
      const target = entranceOf(netns)
      if (target === null || signal?.aborted === true) continue
      read.set(netns.id, await readFirewall(target, { libc, ...(signal === undefined ? {} : { signal }) }))
    }
  }
  await Promise.all(Array.from({ length: sideBySide }, work))
  return succeeded({
    ...world,
    netns: world.netns.map((each) => ({ ...each, firewall: read.get(each.id) ?? each.firewall })),
  })
}
