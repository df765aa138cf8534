/** What a capture came to, in one line; and each flow of it, as far as it came. */
import type { CaptureResult, FlowSeen, TrackSeen } from '../../model/capture.ts'
import type { Verdict } from '../../model/probe-result.ts'

export function captureVerdict({ captured, dropped, links, flows, onWay, because }: CaptureResult): Verdict {
  const packets = captured === 1 ? '1 packet' : `${captured} packets`
  const lost = dropped === null || dropped === 0 ? '' : `, ${dropped} dropped by the kernel`
  const [only] = flows
  const gone = because === 'links gone' ? '; the links are gone' : ''
  const where =
    onWay && flows.length === 1 && only !== undefined
      ? `; ${flowWords(only).join('; ')}`
      : ` on ${links.length === 1 ? (links[0]?.label ?? '') : `${links.length} links`}`
  return { ok: null, says: `${packets}${lost}${where}${gone}` }
}

/**
 * `172.17.0.3 > 198.51.100.1 icmp: last seen on docker0, not on eth0`; what came back stands behind it. Of links along
 * a way only.
 */
export function flowWords(flow: FlowSeen): readonly string[] {
  const { label, back, errors } = { label: nameOf(flow), back: flow.back, errors: flow.errors }
  const onlyErrors = back !== null && errors.length > 0
  return [
    `${label}: ${trackWords(flow)}`,
    ...(back === null ? ['no answer was seen'] : [`${onlyErrors ? 'back' : 'answers'}: ${trackWords(back)}`]),
    ...errors,
  ]
}

/** `icmp a > b id 7` → `a > b icmp id 7`: who speaks with whom comes first. */
function nameOf({ flow }: FlowSeen): string {
  const [protocol = '', from = '', arrow = '', to = '', ...rest] = flow.split(' ')
  return arrow === '>' ? [from, arrow, to, protocol, ...rest].join(' ') : flow
}

function trackWords({ packets, seen, lastSeen, next }: TrackSeen): string {
  const last = seen.at(-1)?.packets ?? 0
  // Fewer came through to the end than there were.
  const some = last < packets ? ` (${last} of ${packets})` : ''
  if (next !== null) return `last seen on ${lastSeen}${some}, not on ${next}`
  return `came as far as ${lastSeen}${some}`
}
