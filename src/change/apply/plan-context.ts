/** What of the outside, beside the World, decides what a plan looks like. */
import { realpathSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { placeOf } from '../../derive/probe/place.ts'
import { which } from '../../lib/which.ts'
import type { World } from '../../model/world.ts'
import type { PlanContext } from '../planner.ts'
import { readEtcNetns } from './read-etc-netns.ts'
import { folderOf } from './state-folder.ts'

const tools = [
  'ip',
  'bridge',
  'nft',
  'iptables',
  'ip6tables',
  'iptables-nft',
  'ip6tables-nft',
  'iptables-legacy',
  'ip6tables-legacy',
  'conntrack',
  'sysctl',
  'firewall-cmd',
  'nsenter',
  'tee',
  'mount',
  'umount',
  'tc',
] as const

/** Of a World from a file: as on that host itself. */
export function contextOf(world: World, file: string | null = null): PlanContext {
  return {
    folder: folderOf(world),
    hostPath: file === null ? pathOfHost(world) : null,
    tools: new Set(tools.filter((name) => which(name) !== null)),
    now: new Date().toISOString(),
    ...(file === null ? { etcNetns: readEtcNetns() } : {}),
    ...iptablesOf(),
  }
}

/** By the name of the program that it leads to: xtables-nft-multi, xtables-legacy-multi, iptables-nft. */
function iptablesOf(): Pick<PlanContext, 'iptables'> {
  const path = which('iptables')
  if (path === null) return {}
  try {
    const kind = /\b(nft|legacy)\b/.exec(basename(realpathSync(path)))?.[1]
    if (kind === undefined) return {}
    return { iptables: kind === 'nft' ? 'iptables-nft' : 'iptables-legacy' }
  } catch {
    return {}
  }
}

/** null: commands run where this program is. */
function pathOfHost(world: World): string | null {
  if (ownNetns() === world.host) return null
  const netns = world.netns.find(({ id }) => id === world.host)
  const place = netns === undefined ? null : placeOf(world, netns)
  return place?.ok === true ? (place.value.paths[0] ?? null) : null
}

function ownNetns(): string | null {
  try {
    return String(statSync('/proc/self/ns/net', { bigint: true }).ino)
  } catch {
    return null
  }
}
