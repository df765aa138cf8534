/** Pieces of a connection's row and of its details. */
import type { ConnectionTuple } from '../../../model/connection.ts'
import type { ConnectionView } from '../../../model/connection-view.ts'
import type { Span } from '../../frame.ts'
import { span } from '../text.ts'
import { withPort } from './place-text.ts'

export const sourceOf = ({ source, sourcePort }: ConnectionTuple): string => placed(source, sourcePort)

export function destinationOf({ destination, destinationPort, icmp }: ConnectionTuple): string {
  const ping = icmp !== null && icmp.code === 0 && (icmp.type === 8 || icmp.type === 128)
  const what = icmp === null ? '' : ping ? ` ping ${icmp.id}` : ` type ${icmp.type}/${icmp.code}`
  return `${placed(destination, destinationPort)}${what}`
}

const placed = (address: string, port: number | null): string =>
  port === null ? address : withPort(address, port)

/** `as 192.0.2.2:40001`, `to 172.17.0.3:80`, or both: what the other side sees that this one does not. */
export function translationSpans({ connection, translated }: ConnectionView): readonly Span[] {
  const { reply } = connection
  const outside = placed(reply.destination, reply.destinationPort)
  const inside = placed(reply.source, reply.sourcePort)
  switch (translated) {
    case 'snat':
      return [span('as ', 'dim'), span(outside, 'nat')]
    case 'dnat':
      return [span('to ', 'dim'), span(inside, 'nat')]
    case 'both':
      return [span('to ', 'dim'), span(inside, 'nat'), span(' as ', 'dim'), span(outside, 'nat')]
    default:
      return [span('-', 'dim')]
  }
}

/** The reply's direction; what differs from the original's is marked. */
export function replySpans(
  { connection: { original, reply } }: ConnectionView,
  arrow: string,
): readonly Span[] {
  const [from, to] = [
    placed(reply.source, reply.sourcePort),
    placed(reply.destination, reply.destinationPort),
  ]
  const expected = [
    placed(original.destination, original.destinationPort),
    placed(original.source, original.sourcePort),
  ]
  return [
    span(from, from === expected[0] ? 'address' : 'nat'),
    span(` ${arrow} `, 'dim'),
    span(to, to === expected[1] ? 'address' : 'nat'),
  ]
}

/** `!`: it leads to what is not there any more. `?`: nothing came back. */
export function troubleMark({ trouble }: ConnectionView): Span {
  if (trouble === null) return span(' ')
  return trouble.kind === 'stale' ? span('!', 'finding.fault') : span('?', 'finding.risk')
}

/** `ESTABLISHED`, `stale`, `UNREPLIED`. */
export function stateSpan({ connection: { state, status }, trouble }: ConnectionView): Span {
  if (trouble?.kind === 'stale') return span(state === null ? 'stale' : `stale ${state}`, 'link.down')
  if (trouble?.kind === 'unreplied') return span(state ?? 'UNREPLIED', 'finding.risk')
  if (state !== null) return span(state, state === 'ESTABLISHED' ? 'link.up' : 'text')
  return span(status.includes('ASSURED') ? 'ASSURED' : status.includes('SEEN_REPLY') ? 'REPLIED' : '-', 'dim')
}

/** `59s`, `3m`, `5h`, `5d`; offloaded connections have none. */
export function timeoutText(seconds: number | null): string {
  if (seconds === null) return '-'
  if (seconds < 120) return `${seconds}s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}
