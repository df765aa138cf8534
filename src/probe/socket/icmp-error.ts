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
  return {
    error: { from: null, type: null, code: null, says: errnoSays(errno) },
    what: classes[errno] ?? 'other',
  }
}

const classes: Readonly<Record<string, IcmpClass>> = {
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  // A route of type blackhole (fib_props, net/ipv4/fib_semantics.c); prohibit is EACCES.
  EINVAL: 'unreachable',
  EACCES: 'prohibited',
  // A rule in the chain OUTPUT (NF_DROP_ERR, net/netfilter/core.c).
  EPERM: 'prohibited',
  ECONNREFUSED: 'refused',
  EMSGSIZE: 'too-big',
}
