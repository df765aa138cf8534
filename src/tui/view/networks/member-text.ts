/** What is told of a member of a network, in few characters. */
import { isUnknown } from '../../../model/known.ts'
import type { ListeningMember, MemberRow } from '../../tables/member-row.ts'
import type { Span } from '../../frame.ts'
import { span } from '../text.ts'

const dash = span('-', 'dim')

/** Without length: which subnet it is in stands with the network. */
export function memberAddress({ ipv4, ipv6 }: Pick<MemberRow, 'ipv4' | 'ipv6'>): string | null {
  return (ipv4 ?? ipv6)?.replace(/\/.*$/, '') ?? null
}

export function addressSpans(member: MemberRow): readonly Span[] {
  const address = memberAddress(member)
  if (address === null) return [dash]
  const both = member.ipv4 !== null && member.ipv6 !== null
  return [span(address, 'address'), ...(both ? [span(' +v6', 'dim')] : [])]
}

/** Its own name and id are known anyway. */
export function aliasSpans({ aliases, name, id }: MemberRow): readonly Span[] {
  const others = aliases.filter((each) => each !== name && (each === '' || !id.startsWith(each)))
  return [others.length === 0 ? dash : span(others.join(' '))]
}

export function portSpans({ ports }: MemberRow): readonly Span[] {
  return [ports.length === 0 ? dash : span(ports.map(({ text }) => text).join(' '), 'published')]
}

/** Nobody listening where something is published stands out. */
export function listenSpans({ listens, ports }: ListeningMember): readonly Span[] {
  if (listens === null) return [span('')]
  if (listens.length > 0) return [span(listens.join(' '))]
  return [ports.length === 0 ? dash : span('nobody', 'changed')]
}

/** The port that leads to it, else its own link. */
export function memberLinkSpans({ link, port }: MemberRow): readonly Span[] {
  if (isUnknown(link)) return [span(`not known: ${link.unknown}`, 'unreadable')]
  return [link === null ? dash : span((port ?? link).name, 'link')]
}
