/**
 * The World's header as it goes to the screen: whole, or only its time where nothing else is different from what was
 * sent before. On a busy host it lists thousands of processes, and deltas come many times a second.
 */
import type { WorldHeader } from './protocol.ts'

/** Of one receiver. `whole`: it has nothing yet. */
export function headerParts(): (
  header: WorldHeader,
  whole: boolean,
) => WorldHeader | Pick<WorldHeader, 'at'> {
  let sent: WorldHeader | null = null
  return (header, whole) => {
    if (!whole && sent !== null && sameHeader(sent, header)) return { at: header.at }
    sent = header
    return header
  }
}

/** How long each reader took differs each time, and comes along with the rest. */
function sameHeader(one: WorldHeader, other: WorldHeader): boolean {
  return (
    one.host === other.host &&
    one.init === other.init &&
    one.dns === other.dns &&
    one.engines === other.engines &&
    sameItems(one.processes, other.processes) &&
    sameItems(one.gaps, other.gaps)
  )
}

function sameItems(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  return one.length === other.length && one.every((item, at) => item === other[at])
}
