import type { Connection } from '../model/connection.ts'
import type { Translation } from '../model/connection-view.ts'

/** The tuples tell it exactly; the status bits are also set where a rule left everything as it was. */
export function translationOf({ original, reply }: Connection): Translation | null {
  const dnat =
    original.destination !== reply.source ||
    (original.icmp === null && original.destinationPort !== reply.sourcePort)
  const snat =
    original.source !== reply.destination ||
    (original.icmp === null
      ? original.sourcePort !== reply.destinationPort
      : original.icmp.id !== reply.icmp?.id)
  if (dnat && snat) return 'both'
  return dnat ? 'dnat' : snat ? 'snat' : null
}
