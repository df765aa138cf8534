import { errnoName } from '../../collect/kernel/libc.ts'
import { icmpSays, type IcmpClass } from '../../derive/probe/icmp-says.ts'
import type { IcmpError } from '../../model/probe-result.ts'
import type { ErrorReport } from './control.ts'
import { errnoSays } from './errno-says.ts'

export type Reported = { readonly error: IcmpError; readonly what: IcmpClass }

/** What the error queue tells of something that was sent: an ICMP error of somebody, or a refusal of this kernel. */
export function icmpError({ errno, origin, type, code, info, from }: ErrorReport): Reported {
  const name = errnoName(errno)
  // An old router does not tell its MTU: 0 (RFC 1191).
  const mtu = name === 'EMSGSIZE' && info > 0 ? { mtu: info } : {}
  if (origin !== 'icmp' && origin !== 'icmp6') {
    const local = localError(name)
    return { ...local, error: { ...local.error, ...mtu } }
  }
  const { says, what } = icmpSays(origin === 'icmp' ? 4 : 6, type, code)
  return { error: { from, type, code, says, ...mtu }, what }
}

/** The same of a call that was refused at once: send(2), connect(2). Nothing left this namespace. */
export function localError(errno: string): Reported {
  const [what, because] = refusals[errno] ?? ['other', null]
  const says = because === null ? errnoSays(errno) : `${errnoSays(errno)}: ${because}`
  return { error: { from: null, type: null, code: null, says }, what }
}

/** What it amounts to, and where it comes from if the kernel's words do not say so. */
const refusals: Readonly<Record<string, readonly [what: IcmpClass, because: string | null]>> = {
  ENETUNREACH: ['unreachable', null],
  EHOSTUNREACH: ['unreachable', null],
  EADDRNOTAVAIL: ['unreachable', 'no address here to send it from'],
  ENETDOWN: ['unreachable', null],
  EHOSTDOWN: ['unreachable', null],
  ENODEV: ['unreachable', null],
  // fib_props of net/ipv4/fib_semantics.c and net/ipv6/route.c.
  EINVAL: ['unreachable', 'as of a blackhole route'],
  EACCES: ['prohibited', 'as of a prohibit route, or a broadcast address'],
  // NF_DROP_ERR of net/netfilter/core.c.
  EPERM: ['prohibited', 'a rule about what is sent from here, as in OUTPUT'],
  ECONNREFUSED: ['refused', null],
  EMSGSIZE: ['too-big', null],
}
