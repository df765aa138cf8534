/** What could not be read in a namespace, in sentences: a gap is shown and counted, never left out. */
import { isUnknown } from '../model/known.ts'
import type { Netns, NetnsTables } from '../model/netns.ts'
import type { Gap } from '../model/world.ts'

const words: Readonly<Record<keyof NetnsTables, string>> = {
  links: 'links',
  addresses: 'addresses',
  routes: 'routes',
  policyRules: 'policy rules',
  nexthopObjects: 'nexthop objects',
  neighbours: 'neighbours',
  fdb: 'forwarding table',
  mdb: 'multicast groups',
  nsids: 'nsids',
}
const tables = Object.keys(words) as readonly (keyof NetnsTables)[]

const detailWords = {
  sysctls: 'sysctls',
  sockets: 'sockets',
  qdiscs: 'queueing disciplines',
  filters: 'traffic filters',
  xfrmPolicies: 'IPsec policies',
  programs: 'attached programs',
  counters: 'protocol counters',
} as const
const details = Object.keys(detailWords) as readonly (keyof typeof detailWords)[]

export function gapsOf(netns: Netns): readonly Gap[] {
  const subject = netns.names[0]?.name ?? netns.id
  if (netns.readable !== true) {
    const { unknown: reason } = netns.readable
    return [{ what: 'namespace', subject, reason, hint: hintFor(reason) }]
  }
  const gap = (what: string, value: unknown): readonly Gap[] =>
    isUnknown(value) ? [{ what, subject, reason: value.unknown, hint: hintFor(value.unknown) }] : []
  const read = netns.details
  return [
    ...tables.flatMap((table) => gap(words[table], netns[table])),
    ...(read === null ? [] : details.flatMap((detail) => gap(detailWords[detail], read[detail]))),
  ]
}

function hintFor(reason: string): string | null {
  return /\b(permission denied|EPERM|EACCES)\b/.test(reason)
    ? 'run as root or grant cap_sys_admin and cap_sys_ptrace'
    : null
}
