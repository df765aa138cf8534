/** What an ICMP error means: in words, and to whoever waits for an answer (RFC 792, 1812, 4443; linux/icmp.h, icmpv6.h). */

/** `refused`: the host is there and does not want it. `prohibited`: somebody forbids it. */
export type IcmpClass = 'unreachable' | 'prohibited' | 'refused' | 'too-big' | 'time-exceeded' | 'other'

export type IcmpMeaning = { readonly says: string; readonly what: IcmpClass }

/** `family` is that of the ICMP: 4 or ICMPv6. */
export function icmpSays(family: 4 | 6, type: number, code: number): IcmpMeaning {
  const codes = (family === 4 ? icmp : icmp6)[type]
  return codes?.[code] ?? codes?.['other'] ?? { says: `ICMP type ${type} code ${code}`, what: 'other' }
}

type Codes = Readonly<Record<number | 'other', IcmpMeaning | undefined>>

const unreachable = (says: string): IcmpMeaning => ({ says, what: 'unreachable' })
const prohibited = (says: string): IcmpMeaning => ({ says, what: 'prohibited' })
const timeExceeded: Codes = {
  0: { says: 'time to live exceeded', what: 'time-exceeded' },
  1: { says: 'fragments did not arrive in time', what: 'other' },
  other: { says: 'time exceeded', what: 'time-exceeded' },
}

const icmp: Readonly<Record<number, Codes>> = {
  3: {
    0: unreachable('network unreachable'),
    1: unreachable('host unreachable'),
    2: unreachable('protocol unreachable'),
    3: { says: 'port unreachable', what: 'refused' },
    4: { says: 'fragmentation needed', what: 'too-big' },
    5: unreachable('source route failed'),
    6: unreachable('network unknown'),
    7: unreachable('host unknown'),
    8: unreachable('source host isolated'),
    9: prohibited('network prohibited'),
    10: prohibited('host prohibited'),
    11: unreachable('network unreachable for this type of service'),
    12: unreachable('host unreachable for this type of service'),
    13: prohibited('administratively prohibited'),
    14: prohibited('precedence violation'),
    15: prohibited('precedence too low'),
    other: unreachable('destination unreachable'),
  },
  4: { other: { says: 'source quench', what: 'other' } },
  5: { other: { says: 'redirect', what: 'other' } },
  11: timeExceeded,
  12: { other: { says: 'parameter problem', what: 'other' } },
}

const icmp6: Readonly<Record<number, Codes>> = {
  1: {
    0: unreachable('no route to destination'),
    1: prohibited('administratively prohibited'),
    2: unreachable('beyond the scope of the source address'),
    3: unreachable('address unreachable'),
    4: { says: 'port unreachable', what: 'refused' },
    5: prohibited('source address failed the policy'),
    6: prohibited('reject route to destination'),
    other: unreachable('destination unreachable'),
  },
  2: { other: { says: 'packet too big', what: 'too-big' } },
  3: { ...timeExceeded, 0: { says: 'hop limit exceeded', what: 'time-exceeded' } },
  4: { other: { says: 'parameter problem', what: 'other' } },
}
