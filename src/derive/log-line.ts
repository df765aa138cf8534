/**
 * A line that netfilter logged (nf_log_syslog): `[UFW BLOCK] IN=docker0 OUT=eth0 SRC=… DST=… PROTO=TCP SPT=… DPT=…`.
 */
import type { NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { World } from '../model/world.ts'
import type { Token } from './tokens.ts'

/**
 * The namespace that such a line speaks of; null: the text is none. Others are logged only where
 * net.netfilter.nf_log_all_netns is 1, and their lines do not say whose they are.
 */
export function sourceOfLog(world: World, text: string): NetnsId | null {
  if (!/\bIN=\S* OUT=/.test(text) || !/\bSRC=\S+ DST=\S+/.test(text)) return null
  return isUnknown(world.init) ? world.host : world.init
}

const roles: Readonly<Record<string, string>> = {
  IN: 'came in by',
  OUT: 'leaves by',
  PHYSIN: 'came in by bridge port',
  PHYSOUT: 'leaves by bridge port',
  SRC: 'source',
  DST: 'destination',
  SPT: 'source port',
  DPT: 'destination port',
  MAC: 'hardware addresses, of destination and source',
}

/** What that part of the line is of the packet; null for others. */
export function roleIn({ key }: Token): string | null {
  return Object.hasOwn(roles, key) ? (roles[key] ?? null) : null
}
