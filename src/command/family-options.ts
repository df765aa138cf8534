import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { OptionSpecs } from './command.ts'

/** As ping, traceroute and curl have them. */
export const familyOptions = {
  ipv4: { type: 'switch', short: '4', summary: 'only an IPv4 address will do' },
  ipv6: { type: 'switch', short: '6', summary: 'only an IPv6 address will do' },
} as const satisfies OptionSpecs

/** null: either. */
export function familyOf({
  ipv4,
  ipv6,
}: {
  readonly ipv4: boolean
  readonly ipv6: boolean
}): Outcome<4 | 6 | null> {
  if (ipv4 && ipv6)
    return failed({ kind: 'usage', what: '-4 and -6 exclude each other', hint: 'leave one out' })
  return succeeded(ipv4 ? 4 : ipv6 ? 6 : null)
}
