/** Why tcpdump could not begin on a link, in a sentence. */
import type { Failure } from '../../lib/failure.ts'
import type { LiveEnd } from '../../lib/run-live.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { CaptureLink } from '../../model/capture.ts'

export function startFailure({ label, place }: CaptureLink, filter: string, end: LiveEnd): Failure {
  const stderr = end.stderr.trim()
  const last = sanitise(stderr.split('\n').findLast((line) => line.trim() !== '') ?? '')
  const first = stderr.split('\n').find((line) => line.startsWith('tcpdump: '))
  const said = sanitise(first?.replace(/^tcpdump: /, '') ?? last)
  const cannot = (kind: Failure['kind'], why: string, hint?: string): Failure => ({
    kind,
    what: `cannot capture on ${sanitise(label)}: ${why}`,
    subject: label,
    ...(hint === undefined ? {} : { hint }),
  })
  if (/No such device|disappeared/i.test(said)) return cannot('not-found', 'there is no such link any more')
  if (/not up|network is down/i.test(said)) {
    return cannot('refused', 'the link is down', `ip link set ${sanitise(label.split('@')[0] ?? '')} up`)
  }
  if (/permission|not permitted/i.test(stderr)) {
    return cannot('permission', said, 'run as root or grant cap_net_raw and cap_sys_admin')
  }
  if (filter !== '' && first !== undefined && isAboutFilter(said)) return badFilter(filter, said)
  if (end.exitCode === 127 || end.problem === 'not found') return withoutTcpdump
  if (first === undefined && last !== '') return cannot('refused', `${sanitise(place.netns.name)}: ${last}`)
  return cannot('refused', said === '' ? (end.problem ?? 'tcpdump did not say why') : said)
}

function isAboutFilter(said: string): boolean {
  return /filter|syntax|expression|unknown host|unknown (port|protocol|network)|illegal|supported|qualifier|primitive/i.test(
    said,
  )
}

export function badFilter(filter: string, said: string): Failure {
  return {
    kind: 'usage',
    what: `the filter "${sanitise(filter)}" is wrong: ${sanitise(said)}`,
    subject: filter,
    hint: 'pcap-filter(7) tells what may stand there: icmp, host 10.0.0.1, tcp port 80 and not arp',
  }
}

export const withoutTcpdump: Failure = {
  kind: 'refused',
  what: 'tcpdump is not installed',
  hint: 'a capture needs it: apt-get install tcpdump',
}
