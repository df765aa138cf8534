/**
 * What is different between two looks at a namespace, in the operator's words. Counters, ages and what the kernel
 * learns by itself (neighbours, FDB) are no changes; what follows from another change is left out.
 */
import type { NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { Change } from '../model/world.ts'
import { linkChanges } from './link-changes.ts'
import { tableChanges } from './table-changes.ts'

/** A change without what all changes of one comparison share. `subject says` reads as a sentence. */
export type Difference = Pick<Change, 'subject' | 'ifindex' | 'says'>

/** null: the namespace was, or is, not there. `at`: ISO 8601, UTC. */
export function changes(
  before: Netns | null,
  after: Netns | null,
  at: string,
  nameOf: (id: NetnsId) => string,
): readonly Change[] {
  const subject = after ?? before
  if (subject === null || before === after) return []
  const netnsName = nameOf(subject.id)
  return differences(before, after, netnsName).map((one) => ({ at, netns: subject.id, netnsName, ...one }))
}

function differences(before: Netns | null, after: Netns | null, name: string): readonly Difference[] {
  if (before === null) return [{ subject: name, ifindex: null, says: 'appeared' }]
  if (after === null) return [{ subject: name, ifindex: null, says: 'is gone' }]
  const sysctls = sysctlChanges(before, after)
  const forwarding = sysctls.find(({ subject }) => subject === 'ip_forward')
  return [
    ...readability(before, after, name),
    // Links that all follow ip_forward are told once, by its own name.
    ...linkChanges(before, after).filter(
      ({ subject, says }) => subject !== 'forwarding' || says !== forwarding?.says,
    ),
    ...tableChanges(before, after),
    ...sysctls,
  ]
}

function readability(before: Netns, after: Netns, name: string): readonly Difference[] {
  const was = before.readable === true
  if (after.readable === true) return was ? [] : [{ subject: name, ifindex: null, says: 'can be read again' }]
  return was
    ? [{ subject: name, ifindex: null, says: `cannot be read any more: ${after.readable.unknown}` }]
    : []
}

/** Writing ip_forward writes these too (Documentation/networking/ip-sysctl.rst). */
const followIpForward: readonly string[] = ['ipv4.conf.all.forwarding', 'ipv4.conf.default.forwarding']

/** Where both looks read them: `ip_forward 1→0`. nf_conntrack_count is a counter that stands among the sysctls. */
function sysctlChanges(before: Netns, after: Netns): readonly Difference[] {
  if (before.details === null || after.details === null || before.details === after.details) return []
  const [was, is] = [before.details.sysctls, after.details.sysctls]
  if (isUnknown(was) || isUnknown(is)) return []
  const written = is['ipv4.ip_forward'] === was['ipv4.ip_forward'] ? [] : followIpForward
  return Object.entries(is).flatMap(([key, value]) => {
    const old = was[key]
    if (
      written.includes(key) ||
      old === undefined ||
      isUnknown(old) ||
      isUnknown(value) ||
      old === value ||
      key.endsWith('_count')
    )
      return []
    return [{ subject: key.replace(/^ipv4\.(?=ip_forward$)/, ''), ifindex: null, says: `${old}→${value}` }]
  })
}
