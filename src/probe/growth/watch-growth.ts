/** The counters of the watched namespaces before a probe and, where it failed, after it: what grew in between. */
import { addCounters } from '../../collect/add-counters.ts'
import { addFirewall } from '../../collect/add-firewall.ts'
import { displayNames } from '../../derive/netns-name.ts'
import { growthOf } from '../../derive/probe/growth.ts'
import type { Sent } from '../../derive/probe/sent.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Watch } from '../../model/probe.ts'
import type { Growth } from '../../model/probe-result.ts'
import type { World } from '../../model/world.ts'

export type WatchedGrowth = {
  /** The second look. `remarks`: what could not be compared, each a sentence. */
  after(
    sent: Sent | null,
  ): Promise<{ readonly grown: readonly Growth[]; readonly remarks: readonly string[] }>
}

/**
 * A probe starts so much later at most. Mostly it is 50 ms; 3,000 rules take 80, and 30,000 more than this on a small machine.
 */
const beforeMs = 1000
const afterMs = 3000
/** One whose rules took too long is not tried again for so long. */
const forgottenMs = 60_000

const slow = new Map<NetnsId, number>()

export async function watchGrowth({ world, netns }: Watch): Promise<WatchedGrowth> {
  const now = Date.now()
  const quick = netns.filter((id) => now - (slow.get(id) ?? 0) > forgottenMs)
  const before = await look(world, netns, quick, beforeMs)
  const unread = netns.filter((id) => rulesMissing(before, id))
  for (const id of unread) if (quick.includes(id)) slow.set(id, now)
  return {
    after: async (sent) => {
      const compared = netns.filter((id) => !unread.includes(id))
      const after = await look(before, netns, compared, afterMs)
      const names = displayNames(world.netns)
      const remarks = unread.map((id) => {
        const why = slow.has(id) ? `reading them takes longer than ${beforeMs} ms` : 'they cannot be read'
        return `which rules of ${sanitise(names.get(id) ?? id)} counted is not told: ${why}`
      })
      return { grown: growthOf(before, after, netns, sent), remarks }
    },
  }
}

/** What cannot be read stays as it was, and then nothing of it grew. */
async function look(
  world: World,
  ids: readonly NetnsId[],
  withRules: readonly NetnsId[],
  rulesMs: number,
): Promise<World> {
  const [counters, rules] = await Promise.all([
    addCounters(world, ids, { reader: 'auto' }),
    addFirewall(world, withRules, { reader: 'auto', signal: AbortSignal.timeout(rulesMs) }),
  ])
  const counted = counters.ok ? counters.value : world
  if (!rules.ok) return counted
  const firewalls = new Map(rules.value.netns.map(({ id, firewall }) => [id, firewall]))
  return {
    ...counted,
    netns: counted.netns.map((each) => ({ ...each, firewall: firewalls.get(each.id) ?? null })),
  }
}

function rulesMissing(world: World, id: NetnsId): boolean {
  const firewall = world.netns.find((each) => each.id === id)?.firewall ?? null
  return firewall === null || firewall.unread.length > 0
}
