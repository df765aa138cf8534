/** What is told of a network in few characters. */
import type { Severity } from '../../../model/finding.ts'
import type { Role, Span } from '../../frame.ts'
import type { NetworkRow } from '../../tables/network-row.ts'
import { span } from '../text.ts'

export function subnetText({ network }: NetworkRow): string {
  return network.subnets.map(({ subnet }) => subnet).join(' ')
}

const roles: Readonly<Record<Severity, Role>> = { fault: 'error', risk: 'changed', note: 'dim' }

/** `ok`, or what is wrong; and whose it is. */
export function stateSpans({ findings: [first, ...more], engine, link }: NetworkRow): readonly Span[] {
  const mine = engine === 'lab' ? 'mine' : ''
  if (first === undefined) return [mine === '' ? span('ok', 'dim') : span(mine, 'link.up')]
  // Its bridge stands beside it already.
  const subject = first.subject === link?.name ? '' : ` ${first.subject}`
  const rest = more.length === 0 ? '' : ` +${more.length}`
  const own = mine === '' ? [] : [span(`${mine} `, 'link.up')]
  return [...own, span(`${first.id}${subject}${rest}`, roles[first.severity])]
}

export function stateMark({ findings: [first] }: NetworkRow): Span {
  if (first === undefined || first.severity === 'note') return span(' ')
  return span('!', first.severity === 'fault' ? 'error' : 'changed')
}
